/** Softmax and layer norm along the last axis, with their gradients, in float64. */
import type { Reference, Tensor } from '../../graph/types';
import type { LayerNormAttributes } from '../layer-norm';
import type { SoftmaxAttributes } from '../softmax';

/** Applies `work(row, out)` to each row; `out` is the part of the result that belongs to it. */
function mapRows(
  x: Tensor,
  work: (row: Float64Array, out: Float64Array, index: number) => void,
): Float64Array {
  const columns = x.shape.at(-1)!;
  const result = new Float64Array(x.data.length);
  for (let at = 0, index = 0; at < x.data.length; at += columns, index++) {
    work(x.data.subarray(at, at + columns), result.subarray(at, at + columns), index);
  }
  return result;
}

export const softmax: Reference<SoftmaxAttributes> = ([x], { logarithm }) =>
  mapRows(x, (row, out) => {
    const peak = row.reduce((most, value) => Math.max(most, value), -Infinity);
    const mass = row.reduce((sum, value) => sum + Math.exp(value - peak), 0);
    const depth = Math.log(mass);
    row.forEach((value, j) => {
      out[j] = logarithm ? value - peak - depth : Math.exp(value - peak) / mass;
    });
  });

export const softmaxGradient: Reference<SoftmaxAttributes> = ([saved, gradient], { logarithm }) =>
  mapRows(saved, (row, out, index) => {
    const g = gradient.data.subarray(index * row.length, (index + 1) * row.length);
    const sum = g.reduce((total, value, j) => total + value * (logarithm ? 1 : row[j]), 0);
    row.forEach((y, j) => {
      out[j] = logarithm ? g[j] - Math.exp(y) * sum : y * (g[j] - sum);
    });
  });

export const layerNorm: Reference<LayerNormAttributes> = ([x, gain, bias], { epsilon }) =>
  mapRows(x, (row, out) => {
    const { mean, inverse } = momentsOf(row, epsilon);
    row.forEach((value, j) => {
      out[j] = (value - mean) * inverse * gain.data[j] + bias.data[j];
    });
  });

export const layerNormGradient: Reference<LayerNormAttributes> = (
  [x, gain, gradient],
  { epsilon },
) =>
  mapRows(x, (row, out, index) => {
    const { mean, inverse } = momentsOf(row, epsilon);
    const at = index * row.length;
    const scaled = row.map((_, j) => gain.data[j] * gradient.data[at + j]);
    const standard = row.map((value) => (value - mean) * inverse);
    const alongOne = scaled.reduce((sum, value) => sum + value, 0) / row.length;
    const alongRow = scaled.reduce((sum, value, j) => sum + value * standard[j], 0) / row.length;
    scaled.forEach((value, j) => {
      out[j] = inverse * (value - alongOne - standard[j] * alongRow);
    });
  });

export const layerNormParameterGradient: Reference<LayerNormAttributes> = (
  [x, gradient],
  { epsilon },
) => {
  const columns = x.shape[x.shape.length - 1];
  const result = new Float64Array(2 * columns);
  mapRows(x, (row, _, index) => {
    const { mean, inverse } = momentsOf(row, epsilon);
    row.forEach((value, j) => {
      const g = gradient.data[index * columns + j];
      result[j] += g * (value - mean) * inverse;
      result[columns + j] += g;
    });
  });
  return result;
};

function momentsOf(row: Float64Array, epsilon: number): { mean: number; inverse: number } {
  const mean = row.reduce((sum, value) => sum + value, 0) / row.length;
  const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / row.length;
  return { mean, inverse: 1 / Math.sqrt(variance + epsilon) };
}
