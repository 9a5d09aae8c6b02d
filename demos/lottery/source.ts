/** What the page shows: this run as far as it has got, or the stored one before there is any. */
import type { LotteryResults } from '../../src/lab/experiments/lottery-results';
import type { LotteryConfig } from '../../src/lab/experiments/lottery-schema';
import type { Columns } from '../shared/series';
import { joinEntries } from '../shared/staged-columns';
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
