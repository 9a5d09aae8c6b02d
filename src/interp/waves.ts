/**
 * The Fourier basis of the measures. F is orthonormal (src/ops/dft.ts): row 0 constant, rows 2k − 1 and 2k cos and sin of w_k·n. What a
 * table X over the pairs has at frequency k, in its nine entries {0, 2k − 1, 2k}² of the transform over a and b, follows from four
 * one-dimensional transforms of means (`pairMeans`): over pairs of equal a + b, a − b, a and b. As cos x·cos y = (cos(x − y) +
 * cos(x + y))/2 and so on, the squares of the eight entries that are not constant add up to p times those of the four transforms, and
 * the projections of X on cos, sin of w_k(a + b) are the rows 2k − 1, 2k of the first transform alone.
 */
import type { Graph, Node } from '../graph/types';
import { fourierBasis } from '../ops/dft/basis';
import { matmul } from '../ops/matmul';
import { PAIR_TABLES, pairMeans } from '../ops/pair-means';
import { mean, norm, sum } from '../ops/reduce';
import { table } from '../ops/table';
import { reshape, slice, transpose } from '../ops/view';

/** Reading the basis itself in forms that products want; K = (p − 1)/2. */
export interface Waves {
  readonly p: number;
  readonly frequencies: number;
  /** F, [p, p]. */
  readonly basis: Node;
  /** Rows 1 … 2K of F as columns, [p, 2K]: from coefficients back to functions without their mean. */
  readonly back: Node;
  /** The same by frequency, [K, p, 2]. */
  readonly byFrequency: Node;
}

export function traceWaves(graph: Graph, p: number): Waves {
  const frequencies = (p - 1) / 2;
  const basis = table(graph, `Fourier basis ${p}`, [p, p], () => fourierBasis(p));
  const rows = slice(basis, [1, 0], [p, p]);
  return {
    p,
    frequencies,
    basis,
    back: transpose(rows),
    byFrequency: transpose(reshape(rows, [frequencies, 2, p]), [0, 2, 1]),
  };
}

/** A table X [p², columns] over the pairs, in its Fourier components of one frequency at a time. */
export interface PairComponents {
  /** Of the last axis below, no less than the columns; the rest is 0. */
  readonly width: number;
  /** Means of all columns over all pairs, [width]. */
  readonly mean: Node;
  /** F times the four tables of means, [4, p, width]. */
  readonly transforms: Node;
  /** Σ_a of the variance over b at a, and the length of the transform over a without its mean, [width] each. */
  readonly within: Node;
  readonly between: Node;
}

export function tracePairComponents(
  { p, basis }: Waves,
  x: Node,
  width = x.shape[1],
): PairComponents {
  const tables = pairMeans(x, p, width);
  const part = (which: 0 | 1, t: number): Node =>
    reshape(slice(tables, [which, t], [which + 1, t + 1]), [p, width]);
  const means = reshape(slice(tables, [0], [1]), [4, p, width]);
  const transforms = matmul(basis, means);
  const { first } = PAIR_TABLES;
  return {
    width,
    mean: mean(part(0, PAIR_TABLES.sum), { axes: [0] }),
    transforms,
    within: sum(part(1, first), { axes: [0] }),
    between: norm(reshape(slice(transforms, [first, 1], [first + 1, p]), [p - 1, width]), {
      axes: [0],
    }),
  };
}

/** Rows 1 … 2K of one of the four transforms, [2K, width]. */
export function wavesOf({ transforms, width }: PairComponents, t: number): Node {
  const p = transforms.shape[1];
  return reshape(slice(transforms, [t, 1], [t + 1, p]), [p - 1, width]);
}

/** Lengths √Σ over transforms `from` … `to` − 1 and over cos and sin, by frequency: [K, width]. */
export function lengthsByFrequency(
  { transforms, width }: PairComponents,
  from: number = PAIR_TABLES.sum,
  to: number = PAIR_TABLES.second + 1,
): Node {
  const p = transforms.shape[1];
  const waves = slice(transforms, [from, 1], [to, p]);
  return norm(reshape(waves, [to - from, (p - 1) / 2, 2, width]), { axes: [0, 2] });
}

/** Sum of squared deviations of column c from its mean over all p² pairs, from the values of `within` and `between`. */
export function totalDeviation(
  p: number,
  within: ArrayLike<number>,
  between: ArrayLike<number>,
  c: number,
): number {
  return p * (within[c] + between[c] ** 2);
}
