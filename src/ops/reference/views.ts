/** Views, joins and pads in float64: the same values in other places. */
import { denseStrides, sizeOf } from '../../graph/shape';
import type { Reference, Shape } from '../../graph/types';
import type { PadAttributes } from '../concat';
import type { SliceAttributes } from '../view';
import { broadcastStrides, offsetsOf } from '../walk';

function pick(data: Float64Array, offsets: Uint32Array): Float64Array {
  const picked = new Float64Array(offsets.length);
  for (let i = 0; i < picked.length; i++) picked[i] = data[offsets[i]];
  return picked;
}

/** Of `reshape`, and of `toFloat`, whose integers are held as doubles. */
export const same: Reference<unknown> = ([x]) => x.data.slice();

export const transpose: Reference<{ readonly permutation: readonly number[] }> = (
  [x],
  { permutation },
  { shape },
) => {
  const strides = denseStrides(x.shape);
  return pick(
    x.data,
    offsetsOf(
      shape,
      permutation.map((axis) => strides[axis]),
    ),
  );
};

export const slice: Reference<SliceAttributes> = ([x], { starts, steps }, { shape }) => {
  const { origin, strides } = stepped(x.shape, starts, steps);
  return pick(x.data, offsetsOf(shape, strides, origin));
};

export const broadcastTo: Reference<{ readonly shape: Shape }> = ([x], { shape }) =>
  pick(x.data, offsetsOf(shape, broadcastStrides(x.shape, shape)));

export const pad: Reference<PadAttributes> = ([x], { shape, starts, steps }) => {
  const result = new Float64Array(sizeOf(shape));
  const { origin, strides } = stepped(shape, starts, steps);
  offsetsOf(x.shape, strides, origin).forEach((at, i) => (result[at] = x.data[i]));
  return result;
};

export const concat: Reference<{ readonly axis: number }> = (inputs, { axis }, { shape }) => {
  const result = new Float64Array(sizeOf(shape));
  const strides = denseStrides(shape);
  let begin = 0;
  for (const input of inputs) {
    const to = offsetsOf(input.shape, strides, begin * strides[axis]);
    to.forEach((offset, i) => (result[offset] = input.data[i]));
    begin += input.shape[axis];
  }
  return result;
};

/** Where elements starts + steps·i of a dense tensor lie. */
function stepped(shape: Shape, starts: readonly number[], steps: readonly number[]) {
  const strides = denseStrides(shape);
  return {
    origin: starts.reduce((sum, start, axis) => sum + start * strides[axis], 0),
    strides: strides.map((stride, axis) => stride * steps[axis]),
  };
}
