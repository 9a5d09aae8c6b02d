/** Restricted and excluded losses: logits, or neurons, kept along or taken out along waves over the pairs. */
import type { MeasureValues } from '../types';
import {
  columnMeans,
  frequenciesOf,
  plus,
  productWave,
  project,
  sumWaves,
  type PairWave,
} from './fourier';
import { keyCubes, type PlainKeys } from './keys';
import { accuracyOver, lossOver } from './loss';
import { columnsOf, type PlainSubject } from './types';

/** neurons [p², hidden] → [p², C], what they add to the logits. */
export function readOut(
  { p, classes, readout }: PlainSubject,
  neurons: Float64Array,
): Float64Array {
  const hidden = columnsOf(readout, classes);
  const result = new Float64Array(p * p * classes);
  for (let row = 0; row < p * p; row++)
    for (let c = 0; c < classes; c++)
      for (let h = 0; h < hidden; h++)
        result[row * classes + c] += neurons[row * hidden + h] * readout[c * hidden + h];
  return result;
}

/** Logits moved so that the mean of each class is that of the network's. */
export function recentre({ classes, logits }: PlainSubject, moved: Float64Array): Float64Array {
  const shift = plus(columnMeans(logits, classes), columnMeans(moved, classes), -1);
  return plus(moved, shift);
}

export function measureLosses(subject: PlainSubject, found: PlainKeys): MeasureValues {
  const { p, classes, logits, neurons, readout, train, test } = subject;
  const { keys } = found;
  const hidden = columnsOf(readout, classes);
  const all = Array.from({ length: p * p }, (_, row) => row);
  const lossOn = (rows: ArrayLike<number>, table: Float64Array): number =>
    lossOver(table, p, classes, rows);
  const sums = (of: readonly number[]): PairWave[] => of.flatMap((k) => sumWaves(p, k));

  const restricted = recentre(subject, project(sums(keys), logits, classes));
  const four = [productWave(p, 0, 0), ...keys.flatMap((k) => fourTerms(p, k))];
  const terms = project(four, logits, classes);
  const alongKeys = project(sums(keys), neurons, hidden);
  const ofNeurons = recentre(
    subject,
    readOut(subject, plus(alongKeys, columnMeans(neurons, hidden))),
  );
  const without = (taken: Float64Array): number => lossOn(train, plus(logits, taken, -1));
  const withoutWaves = (of: readonly number[]): number =>
    without(project(sums(of), logits, classes));

  return {
    scalars: {
      restricted_loss: lossOn(test, restricted),
      restricted_loss_train: lossOn(train, restricted),
      restricted_loss_all: lossOn(all, restricted),
      restricted_accuracy: accuracyOver(restricted, p, classes, test),
      restricted_loss_terms: lossOn(test, terms),
      restricted_loss_neurons: lossOn(test, ofNeurons),
      excluded_loss: withoutWaves(keys),
      excluded_loss_all: withoutWaves(frequenciesOf(p)),
      excluded_loss_cube: without(keyCubes(subject, found)),
      excluded_loss_neurons: without(readOut(subject, alongKeys)),
    },
    views: {
      excluded_by_frequency: Float64Array.from(frequenciesOf(p), (k) => withoutWaves([k])),
    },
  };
}

/** cos·cos, cos·sin, sin·cos and sin·sin of w_k·a and w_k·b. */
function fourTerms(p: number, k: number): PairWave[] {
  const waves = [2 * k - 1, 2 * k];
  return waves.flatMap((i) => waves.map((j) => productWave(p, i, j)));
}
