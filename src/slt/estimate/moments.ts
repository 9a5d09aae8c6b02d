/** Means and variances in float64, taken about the first value so that equal numbers have variance 0 exactly. */
import type { AlignedDraws } from './traces';

/** NaN for no values. */
export function meanOf(values: ArrayLike<number>): number {
  const origin = values[0];
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] - origin;
  return origin + sum / values.length;
}

/** Unbiased; NaN for fewer than two values. */
export function varianceOf(values: ArrayLike<number>): number {
  const mean = meanOf(values);
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i] - mean) ** 2;
  return squares / (values.length - 1);
}

/** Standard error of the mean of independent values: sd/√N; NaN for fewer than two. */
export function errorOfMean(values: ArrayLike<number>): number {
  return Math.sqrt(varianceOf(values) / values.length);
}

export function medianOf(values: Float64Array): number {
  const sorted = values.slice().sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Means and unbiased variances of each chain, both [chains]. */
export function chainMoments({ chains, draws, values }: AlignedDraws): {
  readonly means: Float64Array;
  readonly variances: Float64Array;
} {
  const means = new Float64Array(chains);
  const variances = new Float64Array(chains);
  for (let chain = 0; chain < chains; chain++) {
    const row = values.subarray(chain * draws, (chain + 1) * draws);
    means[chain] = meanOf(row);
    variances[chain] = varianceOf(row);
  }
  return { means, variances };
}
