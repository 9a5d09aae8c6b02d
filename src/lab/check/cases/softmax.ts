import { logSoftmax, softmax } from '../../../ops/softmax';
import { sum } from '../../../ops/reduce';
import { slice, transpose } from '../../../ops/view';
import { relative } from '../bounds';
import type { Case, Draw } from '../types';

const length = (draw: Draw): number =>
  draw.pick([1, 2, 3, 4, 5, 8, 15, 16, 17, 63, 64, 65, 113, 127, 128, 131, 257]);

/** The rounding of x − max is relative to it: 4e-6 at 80. */
const bound = relative(1e-5, 2 ** -126);
/** The logarithm is a difference of such, and of a logarithm that is 2⁻²¹ off. */
const logarithmBound = relative(2e-6, 2e-6);

export const softmaxCases: readonly Case[] = [
  {
    op: 'softmax',
    name: 'rows of any length',
    build(_, draw) {
      const x = draw.leaf('x', [draw.integer(1, 5), draw.integer(1, 4), length(draw)]);
      return { output: softmax(x), bound, gradients: ['x'] };
    },
  },
  {
    op: 'softmax',
    name: 'a vector, shared',
    build(_, draw) {
      const x = draw.leaf('x', [length(draw)], { replicated: false });
      return { output: softmax(x), bound, gradients: ['x'] };
    },
  },
  {
    op: 'softmax',
    name: 'columns of a slice at an odd offset',
    build(_, draw) {
      const x = draw.leaf('x', [3, 7, 6]);
      const part = slice(x, [1, 2, 1], [3, 7, 6]);
      return { output: softmax(transpose(part)), bound, gradients: ['x'] };
    },
  },
  {
    op: 'softmax',
    name: 'contiguous rows at an odd offset',
    build(_, draw) {
      const x = draw.leaf('x', [5, 7]);
      return { output: softmax(slice(x, [1], [4])), bound, gradients: ['x'] };
    },
  },
  {
    op: 'softmax',
    name: 'scores of ±80',
    build: (_, draw) => ({ output: softmax(draw.leaf('x', [6, 33], { scale: 40 })), bound }),
  },
  {
    op: 'softmax',
    name: 'scores of ±1e4',
    build: (_, draw) => ({
      output: softmax(draw.leaf('x', [6, 33], { scale: 1e4 })),
      bound: relative(1e-3, 2 ** -126),
    }),
  },
  {
    op: 'softmax',
    name: 'rows of 10,007 sum to 1',
    build: (_, draw) => ({
      output: sum(softmax(draw.leaf('x', [2, 10_007])), { axes: [-1] }),
      bound: () => 2 ** -20,
    }),
  },
  {
    op: 'logSoftmax',
    name: 'rows of any length',
    build(_, draw) {
      const x = draw.leaf('x', [draw.integer(1, 5), length(draw)], { scale: draw.pick([1, 40]) });
      return { output: logSoftmax(x), bound: logarithmBound, gradients: ['x'] };
    },
  },
  {
    op: 'logSoftmax',
    name: 'columns',
    build: (_, draw) => ({
      output: logSoftmax(transpose(draw.leaf('x', [19, 3]))),
      bound: logarithmBound,
      gradients: ['x'],
    }),
  },
];
