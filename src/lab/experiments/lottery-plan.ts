/** From a lottery configuration to the networks it trains, in the order in which they stand side by side, and what it must keep to. */
import { BadConfig } from '../../gpu/errors';
import type { ParameterLayout, ParameterPlace } from '../../graph/layout';
import { ratesAfter, shareOfSurvivors } from '../../prune/rounds';
import type { PruneOptions } from '../../prune/types';
import type { LotteryConfig } from './lottery-schema';
import type { StagePlan } from './types';

export type LotteryStage =
  | { readonly kind: 'dense' }
  /** `round` counts from 1. */
  | { readonly kind: 'round'; readonly round: number }
  /** Chains around the end of the first ticket of a round; round 0 is the dense network. */
  | { readonly kind: 'llc'; readonly round: number };

export interface LotteryPlan {
  readonly entries: readonly string[];
  readonly stages: readonly (StagePlan & LotteryStage)[];
}

/** A network of a round: the ticket of a trial, or one of the new starts under its mask. */
export interface Member {
  readonly trial: number;
  /** Null for the ticket. */
  readonly random: number | null;
}

const MOST_ENTRIES = 2000;
const MOST_BYTES = 2 ** 30;
/** Masks and last weights of a stage stay with the run; while it trains there are gradients and two moments besides. */
const COPIES_KEPT = 2;
const COPIES_TRAINED = 5;

/** Members of a round, in the order of its replicas: all tickets, then the new starts. */
export function membersOf({ networks, random }: LotteryConfig): Member[] {
  const trials = Array.from({ length: networks }, (_, trial) => trial);
  return [
    ...trials.map((trial) => ({ trial, random: null })),
    ...trials.flatMap((trial) => Array.from({ length: random }, (_, k) => ({ trial, random: k }))),
  ];
}

/** Entry of the table that a member of a round is. */
export function entryOf(config: LotteryConfig, round: number, replica: number): number {
  if (round === 0) return replica;
  return config.networks + (round - 1) * membersOf(config).length + replica;
}

/** `llcSteps` is what the chains of one network take, 0 for none. Throws BadConfig naming the field. */
export function planLottery(
  config: LotteryConfig,
  layout: ParameterLayout,
  llcSteps: number,
): LotteryPlan {
  checkSizes(config, layout);
  checkRounds(config, layout);
  const { networks, rounds, steps, rewindStep } = config;
  if (rewindStep > steps)
    refuse('rewindStep', rewindStep, `a network takes ${steps} steps`, 'Rewind to one of them');
  if (config.evaluateEvery > steps)
    refuse(
      'evaluateEvery',
      config.evaluateEvery,
      `a network takes ${steps} steps; the least validation loss is looked for at its evaluations`,
      'Lower it',
    );
  if (config.batchSize > config.data.train)
    refuse(
      'batchSize',
      config.batchSize,
      `there are ${config.data.train} training digits`,
      'Lower it or draw more',
    );
  const members = membersOf(config);
  const trialOf = (trial: number): string => (networks > 1 ? `, trial ${trial + 1}` : '');
  const entries = [
    ...Array.from({ length: networks }, (_, trial) => `dense${trialOf(trial)}`),
    ...Array.from({ length: rounds }, (_, k) =>
      members.map(({ trial, random }) =>
        random === null
          ? `ticket, round ${k + 1}${trialOf(trial)}`
          : `new start${config.random > 1 ? ` ${random + 1}` : ''}, round ${k + 1}${trialOf(trial)}`,
      ),
    ).flat(),
  ];
  const entriesOf = (round: number): number[] =>
    (round === 0 ? members.slice(0, networks) : members).map((_, at) => entryOf(config, round, at));
  const stages: (StagePlan & LotteryStage)[] = [
    { kind: 'dense', name: 'dense', steps, entries: entriesOf(0) },
    ...Array.from({ length: rounds }, (_, k) => ({
      kind: 'round' as const,
      round: k + 1,
      name: `round ${k + 1}`,
      steps,
      entries: entriesOf(k + 1),
    })),
  ];
  if (llcSteps > 0)
    for (let round = 0; round <= rounds; round++)
      stages.push({
        kind: 'llc',
        round,
        name: round === 0 ? 'λ̂ of the dense network' : `λ̂ of round ${round}`,
        steps: llcSteps,
        entries: [],
      });
  return { entries, stages };
}

/** Weight matrices are pruned and biases not, as in the code of Frankle and Carbin. */
export function weightsOf({ places }: ParameterLayout): ParameterPlace[] {
  return places.filter(({ shape }) => shape.length > 1);
}

/** What `keepLargest` is told in a round; throws BadConfig naming the field. */
export function pruningOf(
  { pruned, scope, outputRate }: LotteryConfig,
  layout: ParameterLayout,
  round: number,
): PruneOptions {
  const weights = weightsOf(layout);
  const output = weights[weights.length - 1].name;
  const exempt = layout.places.filter((one) => !weights.includes(one)).map(({ name }) => name);
  const share = shareOfSurvivors(pruned, round);
  if (scope === 'layerwise')
    return {
      pruned: share,
      scope,
      exempt,
      rates: ratesAfter(pruned, round, { [output]: outputRate }),
    };
  if (outputRate !== 0 && outputRate !== 1)
    refuse(
      'outputRate',
      outputRate,
      'in one pool a layer has no rate of its own',
      'Set it to 0 to leave the output layer whole, to 1 to rank it with the others, or scope to layerwise',
    );
  return { pruned: share, scope, exempt: outputRate === 0 ? [...exempt, output] : exempt };
}

/** Every round must leave something of what it prunes. */
function checkRounds(config: LotteryConfig, layout: ParameterLayout): void {
  for (let round = 1; round <= config.rounds; round++) {
    const { pruned, exempt = [], rates = {}, scope } = pruningOf(config, layout, round);
    const open = layout.places.filter(({ name }) => !exempt.includes(name));
    const pools =
      scope === 'global'
        ? [{ name: 'the network', size: open.reduce((sum, { size }) => sum + size, 0) }]
        : open;
    const emptied = pools.find(
      ({ name, size }) => size - Math.round(pruned * (rates[name] ?? 1) * size) < 1,
    );
    if (emptied)
      refuse(
        'rounds',
        config.rounds,
        `round ${round} leaves nothing of the ${emptied.size} weights of ${emptied.name}`,
        round > 1 ? `Lower it to ${round - 1}, or prune less a round` : 'Lower pruned',
      );
  }
}

function checkSizes(config: LotteryConfig, { stride }: ParameterLayout): void {
  const { networks, rounds } = config;
  const side = membersOf(config).length;
  const count = networks + rounds * side;
  if (count > MOST_ENTRIES)
    refuse(
      config.random > networks ? 'random' : 'networks',
      config.random > networks ? config.random : networks,
      `that makes ${count} networks in ${rounds} rounds, at most ${MOST_ENTRIES} are compared`,
      'Lower networks, random or rounds',
    );
  const bytes = 4 * stride * Math.max(COPIES_TRAINED * side, COPIES_KEPT * count);
  if (bytes > MOST_BYTES)
    refuse(
      'network.hidden',
      config.network.hidden.join(', '),
      `${count} networks of ${stride} parameters take ${Math.ceil(bytes / 2 ** 20)} MiB, at most ${MOST_BYTES / 2 ** 20} are held`,
      'Take fewer hidden units, networks, random starts or rounds',
    );
}

function refuse(path: string, asked: unknown, limit: string, remedy: string): never {
  throw new BadConfig(path, { asked: `got ${String(asked)}`, limit, remedy });
}

/** What the first `count` stages depend on: two configurations that agree in it train the same networks there. */
export function signLottery(config: LotteryConfig, { stages }: LotteryPlan, count: number): string {
  const { rounds: _rounds, llc, ...shared } = config;
  const own = stages.slice(0, count).map(({ kind, steps, name }) => ({
    kind,
    steps,
    name,
    ...(kind === 'llc' && { llc }),
  }));
  // Chains come behind all rounds, so that these tell which of them a stage of chains is of.
  return JSON.stringify({ shared, stages: own });
}
