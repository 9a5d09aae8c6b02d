/**
 * What each op computes, in float64, by the op's name. They stand apart from the ops, so that a program for a device carries none
 * of them; elementwise ops bring their functions of single numbers along, with which constants are folded.
 */
import type { Op, Reference } from '../../graph/types';
import type { ConstantAttributes } from '../source';
import type { TableAttributes } from '../table';
import { sizeOf } from '../../graph/shape';
import * as attention from './attention';
import * as crossEntropy from './cross-entropy';
import { elementwise } from './elementwise';
import { fourier } from './fourier';
import * as indexing from './indexing';
import { fusedMatmul, matmul } from './matmul';
import { pairLosses, pairMeans } from './pairs';
import * as random from './random';
import * as reduce from './reduce';
import * as rows from './rows';
import { tokenAttention, tokenAttentionGradient } from './token-attention';
import * as views from './views';

const constant: Reference<ConstantAttributes> = (_, { value, shape }) =>
  new Float64Array(sizeOf(shape)).fill(Math.fround(value));

const table: Reference<TableAttributes> = (_, { values }) => values.slice();

export const REFERENCES: Readonly<Record<string, Reference<never>>> = {
  attention: attention.attention,
  'attention gradient': attention.attentionGradient,
  'attention key gradient': attention.attentionKeyGradient,
  'attention pattern': attention.attentionPattern,
  'attention query gradient': attention.attentionQueryGradient,
  bernoulli: random.bernoulli,
  broadcastTo: views.broadcastTo,
  concat: views.concat,
  constant,
  correct: crossEntropy.correct,
  'cross-entropy': crossEntropy.crossEntropy,
  'cross-entropy gradient': crossEntropy.crossEntropyGradient,
  'cross-entropy part': crossEntropy.crossEntropyPart,
  'cross-entropy pass': crossEntropy.crossEntropyPass,
  firstMaximum: reduce.firstMaximum,
  fourier,
  fusedMatmul,
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
  pairLosses,
  pairMeans,
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
  'token attention': tokenAttention,
  'token attention gradient': tokenAttentionGradient,
  transpose: views.transpose,
  uniform: random.uniform,
};

/** Throws for a leaf, whose values are fed, and for an op without an entry here. */
export function referenceOf<A>(op: Op<A>): Reference<A> {
  if (op.scalar) return elementwise((attributes: A) => op.scalar!(attributes));
  const found = REFERENCES[op.name];
  if (!found) throw new Error(`${op.name}: no entry in src/ops/reference/index.ts`);
  return found as unknown as Reference<A>;
}
