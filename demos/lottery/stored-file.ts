/** A finished run as a file: the losses and accuracies of each network, and the masks of the first layer. */
import type { LotteryResults } from '../../src/lab/experiments/lottery-results';
import type { AdapterRecord } from '../../src/lab/record';
import type { Columns } from '../shared/series';
import { separate } from '../shared/staged-columns';
import type { StoredFile } from '../shared/stored';
import type { StoredSeries } from '../shared/stored-series';
import type { Snapshot } from '../shared/session-state';
import { writeSeries, writeStored } from '../shared/stored-write';
import { UNITS, type RoundMasks } from './masks';

const kept = /^(validation_loss|validation_accuracy|test_accuracy|train_accuracy)\./;

export function writeLottery(
  run: { config: object; adapter: AdapterRecord; columns: Columns; results: object },
  series: Readonly<Record<string, StoredSeries>>,
): StoredFile {
  const { steps, values } = separate(run.columns);
  const columns = { steps, values: new Map([...values].filter(([name]) => kept.test(name))) };
  // Of the results only λ̂ cannot be made from the columns again.
  const { levels } = run.results as LotteryResults;
  const results = { levels: levels.map(({ round, llc }) => ({ round, llc })) };
  return writeStored({ ...run, columns, events: [], results }, new Map(), series);
}

/** Masks of all rounds, where the round stands in the place of the step. */
export function writeMasks(rounds: readonly RoundMasks[]): Readonly<Record<string, StoredSeries>> {
  const [first] = rounds;
  if (first === undefined) return {};
  const { side } = first;
  const of = (name: 'pixels' | 'units', shape: readonly number[]): Snapshot[] =>
    rounds.map((one) => ({ step: one.round, shape, data: one[name] }));
  return {
    pixels: writeSeries(of('pixels', [side, side]), 16),
    units: writeSeries(of('units', [UNITS, side, side]), 8),
  };
}
