import { gather, scatterAdd } from '../../../ops/gather';
import { reshape, slice, transpose } from '../../../ops/view';
import { exact, sumBound } from '../bounds';
import type { Node } from '../../../graph/types';
import { listCases, type Built, type Case, type Draw } from '../types';

/** Indices that are computed, by the launches that sort on the device; those that are data are sorted beforehand. */
function computed(indices: Node, below: number, draw: Draw): Node {
  const names = draw.indices('names', [below], below, { replicated: false });
  return gather(names, indices);
}

/** A row may get all N values; |x| ≤ 4 with certainty enough. */
const boundOfRows =
  (count: number): Built['bound'] =>
  (_, output) =>
    sumBound(
      Math.min(count, 16 + count / 16),
      output.data.map((value) => Math.abs(value) + Math.sqrt(count) + 4),
    );

export const gatherCases: readonly Case[] = listCases(() => [
  {
    op: 'gather',
    name: 'tokens of a batch',
    build(_, draw) {
      const [rows, width] = [draw.integer(1, 13), draw.pick([1, 3, 4, 12, 128])];
      const table = draw.leaf('table', [rows, width]);
      const tokens = draw.indices('tokens', [draw.integer(1, 9), 3], rows, {
        replicated: draw.pick([true, false]),
      });
      return { output: gather(table, tokens), bound: exact, gradients: ['table'] };
    },
  },
  {
    op: 'gather',
    name: 'transposed table, sliced indices',
    build(_, draw) {
      const rows = draw.integer(2, 9);
      const table = transpose(draw.leaf('table', [4, rows], { replicated: false }));
      const tokens = draw.indices('tokens', [5, draw.integer(2, 9)], rows);
      const part = slice(tokens, [0, 1], [5, tokens.shape[1]], [2]);
      return { output: gather(table, part), bound: exact, gradients: ['table'] };
    },
  },
  {
    op: 'gather',
    name: 'labels of drawn examples',
    build(_, draw) {
      const labels = draw.indices('labels', [50], 2 ** 31, { replicated: false });
      return { output: gather(labels, draw.indices('chosen', [11], 50)), bound: exact };
    },
  },
  {
    op: 'gather',
    name: 'more than 65,535 workgroups',
    build(_, draw) {
      const table = draw.leaf('table', [3, 1021], { replicated: false });
      const tokens = draw.indices('tokens', [4111], 3, { replicated: false });
      const last = slice(gather(table, tokens), [4110], [4111]);
      return { output: last, bound: exact };
    },
  },
  ...[false, true].map((late): Case => ({
    op: 'scatterAdd',
    name: late ? 'small, computed indices' : 'small',
    build(_, draw) {
      const [count, rows] = [draw.pick([1, 3, 8, 33]), draw.integer(1, 9)];
      const shared = draw.pick([true, false]);
      const values = draw.leaf('values', [count, draw.pick([1, 5, 8, 36])]);
      const indices = draw.indices('indices', [count], rows, { replicated: !shared });
      const output = scatterAdd(values, late ? computed(indices, rows, draw) : indices, rows);
      return { output, bound: boundOfRows(count), gradients: ['values'] };
    },
  })),
  {
    op: 'scatterAdd',
    name: 'strided values and indices, shared values',
    build(_, draw) {
      const values = draw.leaf('values', [6, draw.integer(1, 7), 4], { replicated: false });
      const part = transpose(values, [1, 0, 2]);
      const indices = transpose(draw.indices('indices', [6, part.shape[0]], 5));
      const output = reshape(scatterAdd(part, indices, 5), [20]);
      return { output, bound: boundOfRows(42), gradients: ['values'] };
    },
  },
  ...[false, true].map((late): Case => ({
    op: 'scatterAdd',
    name: late ? 'a third in one row, computed indices' : 'a third of the tokens in one row',
    build(_, draw) {
      const count = draw.pick([1430, 2311]);
      const values = draw.leaf('values', [count, draw.pick([48, 13])]);
      const below = draw.pick([3, 53]);
      const indices = draw.indices('indices', [count], below, { replicated: false });
      const output = scatterAdd(values, late ? computed(indices, below, draw) : indices, 53);
      return { output, bound: boundOfRows(count) };
    },
  })),
]);
