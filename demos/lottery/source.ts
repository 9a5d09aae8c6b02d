/** What the page shows: this run as far as it has got, or the stored one before there is any. */
import type { LotteryResults } from '../../src/lab/experiments/lottery-results';
import type { LotteryConfig } from '../../src/lab/experiments/lottery-schema';
import type { Columns } from '../shared/series';
import type { StoredRun } from '../shared/stored';
import { chartColumns, levelsOf, type Level } from './levels';
import { storedMasks, type RoundMasks } from './masks';
import { lotteryOf } from './setup';

export interface Shown {
  readonly config: LotteryConfig;
  readonly levels: readonly Level[];
  /** Over the rounds. */
  readonly columns: Columns;
  /** Over the steps, a value per network. */
  readonly rows: Columns;
  readonly masks: readonly RoundMasks[];
  /** Steps taken in all, by training. */
  readonly step: number;
  readonly finished: boolean;
  /** All this is of the stored run. */
  readonly old: boolean;
  /** The stored run's levels, to be drawn in grey. */
  readonly reference: Columns | null;
}

export interface StoredLottery {
  readonly config: LotteryConfig;
  readonly levels: readonly Level[];
  readonly columns: Columns;
  readonly rows: Columns;
  readonly masks: readonly RoundMasks[];
}

/** A stored run made ready; null where it is not of this experiment. */
export function readLottery(stored: StoredRun | null): StoredLottery | null {
  if (stored === null) return null;
  try {
    const config = lotteryOf(stored.config);
    const rows = joinEntries(stored.columns);
    const levels = levelsOf(config, rows);
    const columns = chartColumns(levels, stored.results as Partial<LotteryResults>);
    return { config, levels, columns, rows, masks: storedMasks(stored) };
  } catch {
    return null;
  }
}

/** Columns `test_loss.0`, `test_loss.1`, … of a file as one column with a value per network. */
export function joinEntries({ steps, values }: Columns): Columns {
  const joined = new Map<string, number[][]>();
  for (const [key, column] of values) {
    const [, name, entry] = /^(.+)\.(\d+)$/.exec(key) ?? [];
    if (name === undefined) continue;
    let rows = joined.get(name);
    if (rows === undefined) joined.set(name, (rows = steps.map(() => [])));
    column.forEach((row, at) => {
      const own = rows[at] as number[];
      while (own.length < Number(entry)) own.push(NaN);
      own[Number(entry)] = row[0] ?? NaN;
    });
  }
  return { steps, values: joined };
}
