/** Elementwise ops in float64: their functions of single numbers over whole tensors, with numpy's broadcasting. */
import { sameShape, sizeOf } from '../../graph/shape';
import type { Reference } from '../../graph/types';
import { broadcastStrides, offsetsOf } from '../walk';

/* @__NO_SIDE_EFFECTS__ */
export function elementwise<A>(
  scalar: (attributes: A) => (...values: number[]) => number,
): Reference<A> {
  return ([a, b], attributes, { shape }) => {
    const f = scalar(attributes);
    if (!b) return a.data.map((value) => f(value));
    const values = new Float64Array(sizeOf(shape));
    if (sameShape(a.shape, b.shape)) {
      for (let i = 0; i < values.length; i++) values[i] = f(a.data[i], b.data[i]);
      return values;
    }
    const left = offsetsOf(shape, broadcastStrides(a.shape, shape));
    const right = offsetsOf(shape, broadcastStrides(b.shape, shape));
    for (let i = 0; i < values.length; i++) values[i] = f(a.data[left[i]], b.data[right[i]]);
    return values;
  };
}
