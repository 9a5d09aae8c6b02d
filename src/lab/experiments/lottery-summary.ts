/** `results` of a lottery run: a level per round, and in it where each network would have been stopped. */
import type { ParameterLayout } from '../../graph/layout';
import { density } from '../../prune/masks';
import type { MetricTable } from '../table';
import type { LlcResults } from './llc-results';
import { entryOf, membersOf, weightsOf, type LotteryPlan } from './lottery-plan';
import type { LotteryLevel, LotteryResults, Trial } from './lottery-results';
import type { LotteryConfig } from './lottery-schema';
import type { StagedProgress, StageOutcome } from './types';

/** Levels begun so far. */
export function summarizeLottery(
  config: LotteryConfig,
  plan: LotteryPlan,
  layout: ParameterLayout,
  { table, done, keeps }: Pick<StagedProgress, 'table' | 'done' | 'keeps'>,
): LotteryResults {
  const begun = Math.min(Math.max(keeps.length, 1), config.rounds + 1);
  const members = membersOf(config);
  return {
    levels: Array.from({ length: begun }, (_, round): LotteryLevel => {
      const mask = round > 0 ? keeps[round]['masks'] : null;
      const trials = (round === 0 ? members.slice(0, config.networks) : members).map(
        ({ random }, replica) => ({
          random,
          trial: judge(table, entryOf(config, round, replica)),
        }),
      );
      return {
        round,
        ...leftOf(layout, mask, config.networks),
        tickets: trials.flatMap(({ random, trial }) => (random === null ? [trial] : [])),
        random: trials.flatMap(({ random, trial }) => (random === null ? [] : [trial])),
        llc: llcOf(plan, done, round),
      };
    }),
  };
}

/** Shares of weights left, biases not counted; the mean over trials, which differ in it only in their layers and only under one pool. */
function leftOf(
  layout: ParameterLayout,
  masks: Float32Array | null,
  networks: number,
): Pick<LotteryLevel, 'left' | 'tensors'> {
  const weights = weightsOf(layout);
  const each = Array.from({ length: masks ? networks : 0 }, (_, trial) =>
    density(masks!.subarray(trial * layout.stride, (trial + 1) * layout.stride), layout),
  );
  const meanOf = (name: string): number =>
    masks ? each.reduce((sum, { tensors }) => sum + tensors[name], 0) / networks : 1;
  const total = weights.reduce((sum, { size }) => sum + size, 0);
  return {
    left: weights.reduce((sum, { name, size }) => sum + meanOf(name) * size, 0) / total,
    tensors: Object.fromEntries(weights.map(({ name }) => [name, meanOf(name)])),
  };
}

/** Early stopping at the least validation loss over the rows of a network, the first of equals. */
export function judge(
  { steps, values }: Pick<MetricTable, 'steps' | 'values'>,
  entry: number,
): Trial {
  const at = (name: string, row: number): number => values[name]?.[row]?.[entry] ?? NaN;
  let best = -1;
  let last = -1;
  steps.forEach((_, row) => {
    const loss = at('validation_loss', row);
    if (Number.isNaN(loss)) return;
    last = row;
    if (best < 0 || loss < at('validation_loss', best)) best = row;
  });
  const read = (name: string, row: number): number | null => (row < 0 ? null : at(name, row));
  return {
    earlyStop: best < 0 ? null : steps[best],
    validationLoss: read('validation_loss', best),
    validationAccuracy: read('validation_accuracy', best),
    testAccuracy: read('test_accuracy', best),
    finalTestAccuracy: read('test_accuracy', last),
    finalTrainAccuracy: read('train_accuracy', last),
  };
}

/** The estimate of the chains of a round, null until they have run. */
function llcOf(plan: LotteryPlan, done: readonly StageOutcome[], round: number): unknown {
  const at = plan.stages.findIndex((stage) => stage.kind === 'llc' && stage.round === round);
  const results = done[at]?.results as LlcResults | undefined;
  return results ? results.llc : null;
}
