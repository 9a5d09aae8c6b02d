/** Attention and its gradients in float64, row by row: the definition, with no tiling. */
import type { Reference, Tensor } from '../../graph/types';
import {
  attentionSizes,
  shiftOf,
  type AttentionAttributes,
  type AttentionSizes,
} from '../attention/sizes';

/** The softmax of one query: scores' maximum, 1 / Σ exp(score − peak), and the weights of the keys it sees. */
interface Row {
  readonly peak: number;
  readonly inverse: number;
  readonly weights: Float64Array;
}

/** Start of the row of `time` and `head` in a dense [batch or 1, times, heads, depth]. */
function rowAt({ shape }: Tensor, b: number, t: number, h: number): number {
  const [batch, times, heads, depth] = shape;
  return (((batch === 1 ? 0 : b) * times + t) * heads + h) * depth;
}

function dotRows(x: Tensor, i: number, y: Tensor, j: number, depth: number): number {
  let sum = 0;
  for (let c = 0; c < depth; c++) sum += x.data[i + c] * y.data[j + c];
  return sum;
}

function eachQuery(
  query: Tensor,
  key: Tensor,
  sizes: AttentionSizes,
  { causal, scale }: AttentionAttributes,
  visit: (row: Row, b: number, i: number, h: number) => void,
): void {
  const { batch, queries, keys, heads, depth } = sizes;
  const shift = shiftOf(sizes, causal);
  for (let b = 0; b < batch; b++) {
    for (let h = 0; h < heads; h++) {
      for (let i = 0; i < queries; i++) {
        const at = rowAt(query, b, i, h);
        const scores = Float64Array.from(
          { length: Math.min(keys, i + shift + 1) },
          (_, j) => scale * dotRows(query, at, key, rowAt(key, b, j, h), depth),
        );
        const peak = scores.reduce((most, score) => Math.max(most, score), -Infinity);
        const masses = scores.map((score) => Math.exp(score - peak));
        const inverse = 1 / masses.reduce((sum, mass) => sum + mass, 0);
        visit({ peak, inverse, weights: masses.map((mass) => mass * inverse) }, b, i, h);
      }
    }
  }
}

/** [B, Tq, H, d]. */
export function attend(
  [query, key, value]: readonly Tensor[],
  sizes: AttentionSizes,
  attributes: AttentionAttributes,
): Float64Array {
  const { batch, queries, heads, depth } = sizes;
  const result = new Float64Array(batch * queries * heads * depth);
  eachQuery(query, key, sizes, attributes, ({ weights }, b, i, h) => {
    const at = ((b * queries + i) * heads + h) * depth;
    weights.forEach((weight, j) => {
      const from = rowAt(value, b, j, h);
      for (let c = 0; c < depth; c++) result[at + c] += weight * value.data[from + c];
    });
  });
  return result;
}

/** [B, H, Tq, Tk]. */
function attentionWeights(
  [query, key]: readonly Tensor[],
  sizes: AttentionSizes,
  attributes: AttentionAttributes,
): Float64Array {
  const { batch, queries, keys, heads } = sizes;
  const result = new Float64Array(batch * heads * queries * keys);
  eachQuery(query, key, sizes, attributes, ({ weights }, b, i, h) => {
    result.set(weights, ((b * heads + h) * queries + i) * keys);
  });
  return result;
}

interface AttentionGradients {
  readonly query: Float64Array;
  readonly key: Float64Array;
  readonly value: Float64Array;
  /** Rows [B, H, Tq] of (peak, 1 / mass, delta, 0). */
  readonly statistics: Float64Array;
}

/** dV = Pᵀ g, dP = g Vᵀ, dS = P ⊙ (dP − Σ P dP) · scale, dQ = dS K, dK = dSᵀ Q; for all B examples, dense. */
export function attentionGradients(
  [query, key, value, gradient]: readonly Tensor[],
  sizes: AttentionSizes,
  attributes: AttentionAttributes,
): AttentionGradients {
  const { batch, queries, keys, heads, depth } = sizes;
  const full = (times: number) => ({
    shape: [batch, times, heads, depth],
    data: new Float64Array(batch * times * heads * depth),
  });
  const [dq, dk, dv] = [full(queries), full(keys), full(keys)];
  const statistics = new Float64Array(4 * batch * heads * queries);
  eachQuery(query, key, sizes, attributes, ({ peak, inverse, weights }, b, i, h) => {
    const at = rowAt(gradient, b, i, h);
    const dp = weights.map((_, j) => dotRows(gradient, at, value, rowAt(value, b, j, h), depth));
    const delta = dp.reduce((sum, each, j) => sum + each * weights[j], 0);
    statistics.set([peak, inverse, delta, 0], 4 * ((b * heads + h) * queries + i));
    const queryAt = rowAt(query, b, i, h);
    const ownAt = rowAt(dq, b, i, h);
    weights.forEach((weight, j) => {
      const ds = weight * (dp[j] - delta) * attributes.scale;
      const keyAt = rowAt(key, b, j, h);
      const outAt = rowAt(dk, b, j, h);
      for (let c = 0; c < depth; c++) {
        dq.data[ownAt + c] += ds * key.data[keyAt + c];
        dk.data[outAt + c] += ds * query.data[queryAt + c];
        dv.data[outAt + c] += weight * gradient.data[at + c];
      }
    });
  });
  return { query: dq.data, key: dk.data, value: dv.data, statistics };
}

type Attention = Reference<AttentionAttributes>;

export const attention: Attention = (inputs, attributes) =>
  attend(inputs, sizesOf(inputs, attributes), attributes);

export const attentionPattern: Attention = (inputs, attributes) =>
  attentionWeights(inputs, sizesOf(inputs, attributes), attributes);

export const attentionGradient: Attention = (inputs, attributes) => {
  const { query, key, value } = attentionGradients(
    inputs,
    sizesOf(inputs.slice(0, 3), attributes),
    attributes,
  );
  return join(query, key, value);
};

export const attentionQueryGradient: Attention = ([q, k, v, , gradient], attributes) => {
  const sizes = sizesOf([q, k, v], attributes);
  const { query, statistics } = attentionGradients([q, k, v, gradient], sizes, attributes);
  return join(query, statistics);
};

export const attentionKeyGradient: Attention = ([q, k, v, gradient], attributes) => {
  const sizes = sizesOf([q, k, v], attributes);
  const { key, value } = attentionGradients([q, k, v, gradient], sizes, attributes);
  return join(key, value);
};

function sizesOf(inputs: readonly Tensor[], attributes: AttentionAttributes): AttentionSizes {
  const [query, ...others] = inputs.map(({ shape }) => ({ shape, dtype: 'f32' }) as const);
  return attentionSizes('attention', query, others, attributes);
}

function join(...parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const part of parts) {
    all.set(part, end);
    end += part.length;
  }
  return all;
}
