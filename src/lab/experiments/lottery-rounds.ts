/**
 * The lottery-ticket hypothesis (Frankle and Carbin, arXiv 1803.03635): a dense network is trained, a fifth of each layer's weights of
 * least magnitude is taken away, the others go back to where they began, and so on. The tickets that win the lottery of the first weights learn as
 * fast and as well as the dense network; the same masks on new first weights do not.
 */
import { layOutParameters, type Key } from '../../graph/layout';
import { createGraph } from '../../graph/node';
import { keepLargest } from '../../prune/keep-largest';
import { warnOfCollapse } from '../../prune/masks';
import { reinitialise } from '../../prune/rewind';
import { magnitudeScores } from '../../prune/scores';
import { parse } from '../schema';
import type * as LotteryChains from './lottery-llc';
import {
  buildClassifier,
  drawSets,
  LOTTERY_COLUMNS,
  LOTTERY_MILESTONES,
  traceNetworks,
  type DigitSets,
} from './lottery-network';
import {
  membersOf,
  planLottery,
  pruningOf,
  signLottery,
  type LotteryPlan,
  type LotteryStage,
} from './lottery-plan';
import { lotterySchema, type LotteryConfig } from './lottery-schema';
import { summarizeLottery } from './lottery-summary';
import { viewsOf } from './lottery-views';
import { buildUpdate } from './modular-update';
import { lastWeights, weightsAt } from './tickets-starts';
import type { Experiment, Stage, StagedModel, StageOutcome } from './types';

/** λ̂ along the rounds, `lottery-llc.ts`. */
type Chains = Pick<typeof LotteryChains, 'llcStepsOf' | 'sampleClassifier'>;

/** The experiment with a way to sample λ̂, which is called only where a configuration has `llc`. */
/* @__NO_SIDE_EFFECTS__ */
export function lotteryExperiment(chains: Chains): Experiment<LotteryConfig, StagedModel> {
  return {
    name: 'lottery',
    summary:
      'A classifier of drawn digits, pruned in rounds and rewound, beside the same masks on new first weights.',
    schema: lotterySchema,
    parse: (value) => parse(lotterySchema, value) as LotteryConfig,
    build: (config) => build(config, chains),
  };
}

interface Context {
  readonly config: LotteryConfig;
  readonly plan: LotteryPlan;
  readonly chains: Chains;
  readonly sets: () => DigitSets;
  readonly done: readonly StageOutcome[];
}

function build(config: LotteryConfig, chains: Chains): StagedModel {
  // What is wrong with the network or the optimiser is said before a digit is drawn.
  const graph = createGraph();
  buildClassifier(graph, config);
  const layout = layOutParameters(graph);
  // Sizes first: the chains' own check makes a network.
  planLottery(config, layout, 0);
  const plan = planLottery(config, layout, config.llc === null ? 0 : chains.llcStepsOf(config));
  buildUpdate(config);
  let drawn: DigitSets | null = null;
  const sets = (): DigitSets => (drawn ??= drawSets(config));
  return {
    staged: true,
    experiment: 'lottery',
    config,
    seed: config.seed,
    replicas: plan.entries.length,
    steps: plan.stages.reduce((sum, { steps }) => sum + steps, 0),
    evaluateEvery: config.evaluateEvery,
    entries: plan.entries,
    columns: LOTTERY_COLUMNS,
    milestones: LOTTERY_MILESTONES,
    stages: plan.stages,
    signature: (count) => signLottery(config, plan, count),
    build: (k, done) =>
      Promise.resolve(buildStage({ config, plan, chains, sets, done }, plan.stages[k])),
    summarize: (so) => summarizeLottery(config, plan, layout, so),
  };
}

function buildStage(context: Context, stage: LotteryStage): Stage {
  switch (stage.kind) {
    case 'dense':
      return trainDense(context);
    case 'round':
      return trainRound(context, stage.round);
    case 'llc':
      return sampleRound(context, stage.round);
  }
}

/** Batches of a trial are the same in every round. */
function keyOf({ seed }: LotteryConfig, trial: number): Key {
  return [seed, trial];
}

/** Lanes of new starts lie behind those of the trials, one for each round, trial and start. */
function newKeyOf({ seed }: LotteryConfig, round: number, trial: number, random: number): Key {
  return [seed, 64 + (round * 64 + trial) * 64 + random];
}

function trainDense({ config, sets }: Context): Stage {
  const keys = Array.from({ length: config.networks }, (_, trial) => keyOf(config, trial));
  return { model: traceNetworks(config, sets(), { keys, keepAt: [config.rewindStep] }) };
}

/** Tickets pruned from the round before, rewound, and the same masks on new starts. */
function trainRound({ config, sets, done }: Context, round: number): Stage {
  const [dense] = done;
  const { layout } = dense;
  const { stride } = layout;
  const masks = pruneAll(config, done, round);
  const maskOf = (trial: number): Float32Array =>
    masks.subarray(trial * stride, (trial + 1) * stride);
  const members = membersOf(config);
  const start = new Float32Array(members.length * stride);
  const mask = new Float32Array(members.length * stride);
  members.forEach(({ trial, random }, replica) => {
    const begun =
      random === null
        ? weightsAt(dense, config.rewindStep, trial)
        : reinitialise(layout, newKeyOf(config, round, trial, random));
    start.set(begun, replica * stride);
    mask.set(maskOf(trial), replica * stride);
  });
  const trials = Array.from({ length: config.networks }, (_, trial) => trial);
  const warnings = [...new Set(trials.flatMap((trial) => warnOfCollapse(maskOf(trial), layout)))];
  const keys = members.map(({ trial }) => keyOf(config, trial));
  return {
    model: traceNetworks(config, sets(), { keys, start, mask, warnings }),
    keep: { masks },
    views: viewsOf(config, layout, masks),
  };
}

/** Masks of all trials, [T, P], one after the other. */
function pruneAll(
  config: LotteryConfig,
  done: readonly StageOutcome[],
  round: number,
): Float32Array {
  const before = done[round - 1];
  const { layout } = before;
  const { stride } = layout;
  const options = pruningOf(config, layout, round);
  const masks = new Float32Array(config.networks * stride);
  for (let trial = 0; trial < config.networks; trial++) {
    const within = round > 1 ? maskIn(before, trial) : undefined;
    const scores = magnitudeScores(lastWeights(before, trial));
    masks.set(
      keepLargest(scores, layout, { ...options, ...(within && { within }) }),
      trial * stride,
    );
  }
  return masks;
}

function maskIn({ keep, layout: { stride } }: StageOutcome, trial: number): Float32Array {
  return keep['masks'].subarray(trial * stride, (trial + 1) * stride);
}

/** Chains around the end of the first trial's network of a round. */
function sampleRound({ config, plan, chains, done }: Context, round: number): Stage {
  const outcome = done[round];
  return {
    model: chains.sampleClassifier(config, outcome.layout, {
      name: plan.entries[plan.stages[round].entries[0]],
      weights: lastWeights(outcome, 0),
      mask: round > 0 ? maskIn(outcome, 0) : null,
    }),
  };
}
