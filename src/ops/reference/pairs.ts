/** Means and losses over pairs mod p in float64. */
import { BadConfig } from '../../gpu/errors';
import type { Reference } from '../../graph/types';
import type { PairLossesAttributes } from '../pair-losses';
import type { PairMeansAttributes } from '../pair-means';

export const pairMeans: Reference<PairMeansAttributes> = ([x], { modulus: p, width, right }) => {
  const columns = x.shape[1];
  const result = new Float64Array(8 * p * width);
  const half = 4 * p * width;
  for (let c = 0; c < (right ? 1 : columns); c++) {
    const add = (from: number, power: number): void => {
      for (let row = 0; row < p * p; row++) {
        const [a, b] = [Math.floor(row / p), row % p];
        const sum = (a + b) % p;
        const value = x.data[row * columns + (right ? sum : c)];
        [sum, (a - b + p) % p, a, b].forEach((i, t) => {
          const at = (t * p + i) * width + c;
          result[from + at] += (value - (power === 2 ? result[at] : 0)) ** power / p;
        });
      }
    };
    add(0, 1);
    add(half, 2);
  }
  return result;
};

export const pairLosses: Reference<PairLossesAttributes> = (
  inputs,
  attributes,
  { shape: [queries, pairs] },
) => {
  const [tables, ...others] = inputs;
  const rows = attributes.rows ? others[0] : null;
  const base = attributes.base ? others.at(-1)! : null;
  const { classes, step } = attributes;
  const [, count, p, width] = tables.shape;
  const result = new Float64Array(queries * pairs);
  const logits = new Float64Array(classes);
  for (let unit = 0; unit < result.length; unit++) {
    const [query, n] = [Math.floor(unit / pairs), unit % pairs];
    const pair = rows ? rows.data[n] : n * step;
    if (pair >= p * p)
      throw new BadConfig('rows', `pairLosses: row ${pair} of ${p * p}; give 0 … ${p * p - 1}`);
    const [a, b] = [Math.floor(pair / p), pair % p];
    const x = [(a + b) % p, (a - b + p) % p, a, b];
    for (let c = 0; c < classes; c++) {
      let sum = 0;
      for (let t = 0; t < count; t++)
        sum += tables.data[((query * count + t) * p + x[t]) * width + c];
      logits[c] = base ? base.data[pair * classes + c] - sum : sum;
    }
    result[unit] = lossOf(logits, x[0]);
  }
  return result;
};

/** ln Σ_c exp(z_c − z_y), relatively exact where it is tiny: as `crossEntropy`. */
function lossOf(logits: Float64Array, label: number): number {
  let shift = 0;
  for (const logit of logits) shift = Math.max(shift, logit - logits[label]);
  let wrong = 0;
  logits.forEach((logit, c) => {
    if (c !== label) wrong += Math.exp(logit - logits[label] - shift);
  });
  return shift + Math.log1p(wrong + Math.expm1(-shift));
}
