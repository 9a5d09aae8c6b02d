/** Rows of a run, round by round: where each network stops and how right it is there. */
import { entryOf, membersOf } from '../../src/lab/experiments/lottery-plan';
import type { LotteryResults, Trial } from '../../src/lab/experiments/lottery-results';
import type { LotteryConfig } from '../../src/lab/experiments/lottery-schema';
import { shareLeft } from '../../src/lab/experiments/lottery-shares';
import { judge } from '../../src/lab/experiments/lottery-summary';
import type { Columns } from '../shared/series';

export interface Level {
  readonly round: number;
  /** Share of the weights left. */
  readonly left: number;
  readonly tickets: readonly Trial[];
  /** Of round 0 the dense networks again: they are new starts under a mask of ones. */
  readonly random: readonly Trial[];
}

/** Rounds whose networks are trained to the end. `columns` have a value per network in each row. */
export function levelsOf(config: LotteryConfig, columns: Columns): Level[] {
  const table = { steps: columns.steps, values: Object.fromEntries(columns.values) };
  const lastRow = columns.steps.indexOf(config.steps);
  const ends = columns.values.get('validation_loss')?.[lastRow] ?? [];
  const levels: Level[] = [];
  for (let round = 0; round <= config.rounds; round++) {
    const members = membersOf(config).slice(0, round === 0 ? config.networks : undefined);
    const entries = members.map((_, replica) => entryOf(config, round, replica));
    if (!entries.every((entry) => Number.isFinite(ends[entry] ?? NaN))) break;
    const trials = entries.map((entry) => judge(table, entry));
    const tickets = trials.slice(0, config.networks);
    const random = round === 0 ? tickets : trials.slice(config.networks);
    levels.push({ round, left: shareLeft(config, round), tickets, random });
  }
  return levels;
}

/** The level nearest to a fifth of the weights: what the claim is about. */
export function levelOfClaim(levels: readonly Level[]): Level | null {
  const pruned = levels.filter(({ round }) => round > 0);
  return pruned.reduce<Level | null>(
    (best, level) =>
      best === null || Math.abs(level.left - 0.2) < Math.abs(best.left - 0.2) ? level : best,
    null,
  );
}

export function meanOf(trials: readonly Trial[], key: keyof Trial): number {
  return trials.reduce((sum, trial) => sum + (trial[key] ?? NaN), 0) / trials.length;
}

/** For the charts over rounds: a column per family, a value per trial. */
export function chartColumns(levels: readonly Level[], results: Partial<LotteryResults>): Columns {
  const column = (read: (level: Level) => readonly Trial[], key: keyof Trial): number[][] =>
    levels.map((level) => read(level).map((trial) => trial[key] ?? NaN));
  const tickets = ({ tickets: own }: Level): readonly Trial[] => own;
  const random = ({ random: own }: Level): readonly Trial[] => own;
  const llc = levels.map(({ round }) => estimateOf(results, round));
  return {
    steps: levels.map(({ round }) => round),
    values: new Map([
      ['ticket_accuracy', column(tickets, 'testAccuracy')],
      ['random_accuracy', column(random, 'testAccuracy')],
      ['ticket_stop', column(tickets, 'earlyStop')],
      ['random_stop', column(random, 'earlyStop')],
      ['llc', llc.map((one) => (one === null ? [] : [one.mean]))],
      ['llc_error', llc.map((one) => (one === null ? [] : [one.error]))],
    ]),
  };
}

function estimateOf(
  { levels = [] }: Partial<LotteryResults>,
  round: number,
): { readonly mean: number; readonly error: number } | null {
  const llc = levels.find((level) => level.round === round)?.llc as
    { readonly mean: number | null; readonly standardError: number | null } | null | undefined;
  if (llc?.mean == null) return null;
  return { mean: llc.mean, error: llc.standardError ?? NaN };
}

/** Validation loss over the steps of the networks of a round, beside the dense ones; `all` has the tickets of every round. */
export function lossColumns(config: LotteryConfig, columns: Columns, round: number): Columns {
  // The loss before the first step would take half of the axis.
  const from = columns.steps[0] === 0 ? 1 : 0;
  const rows = (columns.values.get('validation_loss') ?? []).slice(from);
  const size = membersOf(config).length;
  const own = (row: readonly number[], from: number, count: number): number[] =>
    Array.from({ length: count }, (_, k) => row[from + k] ?? NaN);
  const first = round > 0 ? entryOf(config, round, 0) : 0;
  const pick = (from: number, count: number): number[][] =>
    rows.map((row) => own(row, from, count));
  return {
    steps: columns.steps.slice(from),
    values: new Map([
      ['dense', pick(0, config.networks)],
      ['ticket', round > 0 ? pick(first, config.networks) : rows.map(() => [])],
      [
        'random',
        round > 0 ? pick(first + config.networks, size - config.networks) : rows.map(() => []),
      ],
      [
        'all',
        rows.map((row) =>
          Array.from({ length: config.rounds }, (_, k) => row[entryOf(config, k + 1, 0)] ?? NaN),
        ),
      ],
    ]),
  };
}
