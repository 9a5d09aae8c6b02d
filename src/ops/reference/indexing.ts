/** Rows by index, choices and one-hot rows in float64. Indices out of range are errors here, which a device cannot throw. */
import { BadConfig } from '../../gpu/errors';
import { sizeOf } from '../../graph/shape';
import type { Reference, Tensor } from '../../graph/types';
import type { ScatterAttributes } from '../gather';
import { broadcastStrides, offsetsOf } from '../walk';

function checkIndices(name: string, { data }: Tensor, below: number): void {
  const wrong = data.find((index) => index >= below);
  if (wrong !== undefined) {
    throw new BadConfig(name, `${name}: index ${wrong} into ${below} rows; give 0 … ${below - 1}`);
  }
}

export const gather: Reference<null> = ([table, indices], _, { shape }) => {
  const [count, ...rest] = table.shape;
  checkIndices('gather', indices, count);
  const width = sizeOf(rest);
  const result = new Float64Array(sizeOf(shape));
  indices.data.forEach((index, n) => {
    result.set(table.data.subarray(index * width, (index + 1) * width), n * width);
  });
  return result;
};

export const scatterAdd: Reference<ScatterAttributes> = (
  [values, indices],
  { rows },
  { shape },
) => {
  checkIndices('scatterAdd', indices, rows);
  const width = sizeOf(shape.slice(1));
  const result = new Float64Array(sizeOf(shape));
  for (let n = 0; n < indices.data.length; n++) {
    const to = indices.data[n] * width;
    for (let d = 0; d < width; d++) result[to + d] += values.data[n * width + d];
  }
  return result;
};

export const select: Reference<null> = (inputs, _, { shape }) => {
  const [condition, a, b] = inputs;
  const [c, l, r] = inputs.map((own) => offsetsOf(shape, broadcastStrides(own.shape, shape)));
  const result = new Float64Array(sizeOf(shape));
  for (let i = 0; i < result.length; i++) {
    result[i] = condition.data[c[i]] !== 0 ? a.data[l[i]] : b.data[r[i]];
  }
  return result;
};

export const oneHot: Reference<{ readonly classes: number }> = (
  [indices],
  { classes },
  { shape },
) => {
  const result = new Float64Array(sizeOf(shape));
  indices.data.forEach((index, n) => {
    if (index >= classes) {
      throw new BadConfig('oneHot', `oneHot: index ${index}; give 0 … ${classes - 1}`);
    }
    result[n * classes + index] = 1;
  });
  return result;
};
