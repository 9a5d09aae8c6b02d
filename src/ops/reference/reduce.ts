/** Reductions in float64. */
import { denseStrides, sizeOf } from '../../graph/shape';
import type { Reference, Tensor, Type } from '../../graph/types';
import type { ReduceAttributes } from '../reduce';
import { offsetsOf } from '../walk';

/** For each element of x, row-major, the element of the result it goes into. */
function targets({ shape }: Tensor, axes: readonly number[]): Uint32Array {
  const strides = denseStrides(shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent)));
  return offsetsOf(
    shape,
    strides.map((stride, axis) => (axes.includes(axis) ? 0 : stride)),
  );
}

function accumulate(
  x: Tensor,
  axes: readonly number[],
  result: Type,
  start: number,
  combine: (sum: number, value: number) => number,
): Float64Array {
  const sums = new Float64Array(sizeOf(result.shape)).fill(start);
  const to = targets(x, axes);
  for (let i = 0; i < to.length; i++) sums[to[i]] = combine(sums[to[i]], x.data[i]);
  return sums;
}

export const sum: Reference<ReduceAttributes> = ([x], { axes }, result) =>
  accumulate(x, axes, result, 0, (sum, value) => sum + value);

export const mean: Reference<ReduceAttributes> = ([x], { axes }, result) => {
  const count = axes.reduce((product, axis) => product * x.shape[axis], 1);
  return accumulate(x, axes, result, 0, (sum, value) => sum + value).map((sum) => sum / count);
};

export const maximumOf: Reference<ReduceAttributes> = ([x], { axes }, result) =>
  accumulate(x, axes, result, -Infinity, Math.max);

export const norm: Reference<ReduceAttributes> = ([x], { axes }, result) =>
  accumulate(x, axes, result, 0, (sum, value) => sum + value * value).map(Math.sqrt);

export const firstMaximum: Reference<ReduceAttributes> = ([x], { axes }, result) => {
  const to = targets(x, axes);
  const best = new Map<number, number>();
  to.forEach((target, i) => {
    const rival = best.get(target);
    if (rival === undefined || x.data[i] > x.data[rival]) best.set(target, i);
  });
  const mask = new Float64Array(sizeOf(result.shape));
  for (const i of best.values()) mask[i] = 1;
  return mask;
};
