/** Attention straight from the table of tokens and positions in float64: laid out per sample, then as attention is. */
import { BadConfig } from '../../gpu/errors';
import type { Reference, Tensor } from '../../graph/types';
import type { TokenAttentionAttributes } from '../token-attention';
import { attend, attentionGradients } from './attention';

export const tokenAttention: Reference<TokenAttentionAttributes> = (inputs, attributes) => {
  const { projected, sizes } = project(inputs, attributes);
  return attend(projected, sizes, { causal: true, scale: attributes.scale });
};

export const tokenAttentionGradient: Reference<TokenAttentionAttributes> = (
  inputs,
  attributes,
  { shape },
) => {
  const { projected, sizes, rows } = project(inputs, attributes);
  const { batch, keys, heads, depth } = sizes;
  const gradient = { ...inputs[2], shape: [batch, 1, heads, depth] };
  const { query, key, value } = attentionGradients([...projected, gradient], sizes, {
    causal: true,
    scale: attributes.scale,
  });
  const width = heads * depth;
  const result = new Float64Array(shape[0] * shape[1]);
  const collect = (row: number, part: number, from: Float64Array, at: number): void => {
    const start = row * 3 * width + part * width;
    for (let c = 0; c < width; c++) result[start + c] += from[at + c];
  };
  rows.forEach((pair, n) => {
    for (const row of pair) {
      collect(row, 1, key, n * width);
      collect(row, 2, value, n * width);
      if (n % keys === keys - 1) collect(row, 0, query, Math.floor(n / keys) * width);
    }
  });
  return result;
};

/** Queries, keys and values laid out per sample, and for each of the B·T tokens the two rows it is the sum of. */
function project(inputs: readonly Tensor[], attributes: TokenAttentionAttributes) {
  const [table, tokens] = inputs;
  const { heads } = attributes;
  const [batch, keys] = tokens.shape;
  const depth = table.shape[1] / (3 * heads);
  const vocabulary = table.shape[0] - keys;
  const width = heads * depth;
  const rows = [...tokens.data].map((token, n) => {
    if (token >= vocabulary) {
      throw new BadConfig('tokens', `token attention: token ${token} of ${vocabulary}`);
    }
    if (n % keys === keys - 1 && token !== attributes.lastToken) {
      throw new BadConfig(
        'tokens',
        `token attention: sample ${Math.floor(n / keys)} ends in ${token}, not in ${attributes.lastToken}`,
      );
    }
    return [token, vocabulary + (n % keys)] as const;
  });
  const lay = (part: number, chosen: readonly (readonly [number, number])[]): Tensor => {
    const data = new Float64Array(chosen.length * width);
    chosen.forEach((pair, n) => {
      for (const row of pair) {
        const from = row * 3 * width + part * width;
        for (let c = 0; c < width; c++) data[n * width + c] += table.data[from + c];
      }
    });
    return { shape: [batch, chosen.length / batch, heads, depth], data };
  };
  const last = rows.filter((_, n) => n % keys === keys - 1);
  const projected = [lay(0, last), lay(1, rows), lay(2, rows)];
  return { projected, rows, sizes: { batch, keys, heads, depth, queries: 1 } };
}
