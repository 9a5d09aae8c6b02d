/** Error bounds of DESIGN §8, for the parity cases. */
import type { Tensor } from '../../graph/types';

/** One unit in the last place of a float32 of this size; the smallest normal for tiny ones (subnormals may flush). */
export function ulp(value: number): number {
  const size = Math.max(Math.abs(value), 2 ** -126);
  return 2 ** (Math.floor(Math.log2(size)) - 23);
}

export const exact = (): number => 0;

/** So many ULP of the reference value, plus an absolute part. */
export function ulps(
  count: number,
  absolute = 0,
): (inputs: unknown, output: Tensor) => Float64Array {
  return (_, output) => output.data.map((value) => count * ulp(value) + absolute);
}

/** Relative to each value, plus an absolute part. */
/* @__NO_SIDE_EFFECTS__ */
export function relative(
  factor: number,
  absolute = 0,
): (inputs: unknown, output: Tensor) => Float64Array {
  return (_, output) => output.data.map((value) => factor * Math.abs(value) + absolute);
}

/** Relative to the largest value of the tensor: for results that are differences of large terms. */
export function ofLargest(factor: number): (inputs: unknown, output: Tensor) => number {
  return (_, output) =>
    factor * output.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

/** A float32 sum of `terms` products in any order: 2·(K+1)·2⁻²⁴·Σ|a·b|; `magnitudes` are the Σ|a·b|. */
export function sumBound(terms: number, magnitudes: Float64Array): Float64Array {
  return magnitudes.map((magnitude) => 2 * (terms + 1) * 2 ** -24 * magnitude + 2 ** -126);
}
