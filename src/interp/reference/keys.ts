/** Logits along the cubes cos(w_k(a + b − c)), and the key frequencies. */
import type { MeasureValues } from '../types';
import { frequenciesOf } from './fourier';
import { ratio } from './ratio';
import type { PlainSubject } from './types';

export interface PlainKeys {
  /** α_k, [K]. */
  readonly weights: Float64Array;
  /** 1 … K, ascending. */
  readonly keys: readonly number[];
}

/** cos(w_k(a + b − c)) */
function cube(p: number, k: number, row: number, c: number): number {
  const turn = (k * (Math.floor(row / p) + (row % p) + p - c)) % p;
  return Math.cos((2 * Math.PI * turn) / p);
}

/** Least-squares weights: the cubes are orthogonal, ‖cube‖² = p³/2. */
export function findKeys(
  { p, classes, logits }: PlainSubject,
  pinned: readonly number[] | null,
): PlainKeys {
  const frequencies = frequenciesOf(p);
  const weights = Float64Array.from(frequencies, (k) => {
    let product = 0;
    for (let row = 0; row < p * p; row++)
      for (let c = 0; c < p; c++) product += logits[row * classes + c] * cube(p, k, row, c);
    return product / (p ** 3 / 2);
  });
  if (pinned) return { weights, keys: frequencies.filter((k) => pinned.includes(k)) };
  const meanSquare = weights.reduce((sum, w) => sum + w ** 2, 0) / weights.length;
  const isKey = (k: number): boolean => weights[k - 1] > 0 && weights[k - 1] ** 2 >= meanSquare / 2;
  return { weights, keys: frequencies.filter(isKey) };
}

/** Σ_key α_k cos(w_k(a + b − c)), [p², C], 0 for classes that are no answers. */
export function keyCubes({ p, classes }: PlainSubject, { weights, keys }: PlainKeys): Float64Array {
  const result = new Float64Array(p * p * classes);
  for (const k of keys)
    for (let row = 0; row < p * p; row++)
      for (let c = 0; c < p; c++) result[row * classes + c] += weights[k - 1] * cube(p, k, row, c);
  return result;
}

export function measureKeys(subject: PlainSubject, found: PlainKeys): MeasureValues {
  const { p, classes, logits } = subject;
  const { weights, keys } = found;
  const cubes = keyCubes(subject, found);
  let [sum, length] = [0, 0];
  eachAnswer(p, classes, (at) => {
    sum += logits[at];
    length += logits[at] ** 2;
  });
  const overall = sum / p ** 3;
  let [left, variation] = [0, 0];
  eachAnswer(p, classes, (at) => {
    left += (logits[at] - overall - cubes[at]) ** 2;
    variation += (logits[at] - overall) ** 2;
  });
  const cosine = (w: number): number =>
    ratio((w * p ** 3) / 2, Math.sqrt(p ** 3 / 2) * Math.sqrt(length));
  return {
    scalars: {
      logit_fve: variation > 0 ? 1 - left / variation : 0,
      key_count: keys.length,
    },
    views: {
      logit_coefficients: weights,
      logit_cosines: weights.map(cosine),
      key_frequencies: weights.map((_, i) => Number(keys.includes(i + 1))),
    },
  };
}

function eachAnswer(p: number, classes: number, visit: (at: number) => void): void {
  for (let row = 0; row < p * p; row++) for (let c = 0; c < p; c++) visit(row * classes + c);
}
