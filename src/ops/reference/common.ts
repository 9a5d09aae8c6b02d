/** What ops compute in float64, by their names: those of most programs. */
import { sizeOf } from '../../graph/shape';
import type { Op, Reference } from '../../graph/types';
import type { ConstantAttributes } from '../source';
import type { TableAttributes } from '../table';
import * as crossEntropy from './cross-entropy';
import { elementwise } from './elementwise';
import * as indexing from './indexing';
import { matmul } from './matmul';
import * as random from './random';
import * as reduce from './reduce';
import * as rows from './rows';
import * as views from './views';

export type References = Readonly<Record<string, Reference<never>>>;

const constant: Reference<ConstantAttributes> = (_, { value, shape }) =>
  new Float64Array(sizeOf(shape)).fill(Math.fround(value));

const table: Reference<TableAttributes> = (_, { values }) => values.slice();

export const COMMON: References = {
  bernoulli: random.bernoulli,
  broadcastTo: views.broadcastTo,
  concat: views.concat,
  constant,
  correct: crossEntropy.correct,
  'cross-entropy': crossEntropy.crossEntropy,
  'cross-entropy gradient': crossEntropy.crossEntropyGradient,
  firstMaximum: reduce.firstMaximum,
  gather: indexing.gather,
  'layer norm': rows.layerNorm,
  'layer norm gradient': rows.layerNormGradient,
  'layer norm parameter gradient': rows.layerNormParameterGradient,
  matmul,
  matmulHalf: matmul,
  maximumOf: reduce.maximumOf,
  mean: reduce.mean,
  norm: reduce.norm,
  normal: random.normal,
  oneHot: indexing.oneHot,
  pad: views.pad,
  randomIntegers: random.randomIntegers,
  reshape: views.same,
  scatterAdd: indexing.scatterAdd,
  select: indexing.select,
  slice: views.slice,
  softmax: rows.softmax,
  'softmax gradient': rows.softmaxGradient,
  sum: reduce.sum,
  table,
  toFloat: views.same,
  transpose: views.transpose,
  uniform: random.uniform,
};

/** Null for a leaf, whose values are fed, and for an op without an entry in `references`. */
export function findReference<A>(op: Op<A>, references: References): Reference<A> | null {
  if (op.scalar) return elementwise((attributes: A) => op.scalar!(attributes));
  return (references[op.name] as unknown as Reference<A> | undefined) ?? null;
}
