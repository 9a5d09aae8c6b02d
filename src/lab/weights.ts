/** Weights by name, as files hold them and networks take them. */
import { BadCheckpoint } from '../gpu/errors';
import type { Tensor } from './safetensors';

export interface Weight {
  /** Row-major. */
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export type Weights = ReadonlyMap<string, Weight>;

/** Throws BadCheckpoint for a tensor of another type than F32, or one that holds a value that is not finite. */
export function asWeight(name: string, { dtype, shape, data }: Tensor): Weight {
  if (!(data instanceof Float32Array)) {
    throw new BadCheckpoint({
      asked: `tensor '${name}' of ${dtype}`,
      limit: 'weights are floating-point numbers',
      remedy: 'Save it as F32',
    });
  }
  if (data.some((value) => !Number.isFinite(value))) {
    throw new BadCheckpoint({
      asked: `tensor '${name}'`,
      limit: 'holds a value that is not finite',
      remedy: 'Use an earlier checkpoint',
    });
  }
  return { shape, data };
}

/** The bits, for copies and comparisons that must not pass through arithmetic. */
export function bitsOf({ data }: Pick<Weight, 'data'>): Uint32Array {
  return new Uint32Array(data.buffer, data.byteOffset, data.length);
}

/** All bits are 0; a negative zero counts as something. */
export function isBlank(weight: Weight | undefined): boolean {
  return weight === undefined || bitsOf(weight).every((bits) => bits === 0);
}

/** Reorders the axes of a tensor seen as `view`: axis k of the result is axis `axes[k]` of the view. */
export function permute(
  { data }: Pick<Weight, 'data'>,
  view: readonly number[],
  axes: readonly number[],
): Weight {
  const shape = axes.map((axis) => view[axis]);
  const strides = view.map((_, k) => view.slice(k + 1).reduce((product, n) => product * n, 1));
  const from = bitsOf({ data });
  const result = new Float32Array(data.length);
  const to = bitsOf({ data: result });
  const index = new Array<number>(shape.length).fill(0);
  for (let at = 0; at < to.length; at++) {
    let source = 0;
    for (let k = 0; k < index.length; k++) source += index[k] * strides[axes[k]];
    to[at] = from[source];
    for (let k = index.length - 1; k >= 0 && ++index[k] === shape[k]; k--) index[k] = 0;
  }
  return { shape, data: result };
}
