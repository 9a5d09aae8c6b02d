import { causalMask, oneHot, select } from '../../../ops/select';
import { broadcastTo, transpose } from '../../../ops/view';
import { exact } from '../bounds';
import type { Case } from '../types';

export const selectCases: readonly Case[] = [
  {
    op: 'select',
    name: 'float condition with both zeros, broadcast',
    build(_, draw) {
      const [m, n] = [draw.integer(1, 7), draw.pick([1, 4, 9])];
      const condition = draw.leaf('condition', [m, 1], { map: (v) => (v > 0.5 ? v : v * 0) });
      const a = draw.leaf('a', [m, n], { replicated: draw.pick([true, false]) });
      const b = draw.leaf('b', [n]);
      return { output: select(condition, a, b), bound: exact, gradients: ['a', 'b'] };
    },
  },
  {
    op: 'select',
    name: 'integer condition between integers, transposed',
    build(_, draw) {
      const n = draw.integer(1, 9);
      const condition = draw.indices('condition', [n, 4], 2, { replicated: false });
      const a = transpose(draw.indices('a', [4, n], 2 ** 31));
      return { output: select(condition, a, draw.indices('b', [], 7)), bound: exact };
    },
  },
  {
    op: 'select',
    name: 'causal mask',
    build(graph, draw) {
      const n = draw.integer(1, 9);
      const x = draw.leaf('x', [2, n, n]);
      const far = draw.leaf('far', []);
      const output = select(causalMask(graph, n), x, far);
      return { output, bound: exact, gradients: ['x', 'far'] };
    },
  },
  {
    op: 'oneHot',
    name: 'dense and shared or replicated',
    build(_, draw) {
      const classes = draw.integer(1, 13);
      const shape = [draw.integer(1, 9), 3];
      const indices = draw.indices('i', shape, classes, { replicated: draw.pick([true, false]) });
      return { output: oneHot(indices, classes), bound: exact };
    },
  },
  {
    op: 'oneHot',
    name: 'transposed and broadcast',
    build(_, draw) {
      const indices = draw.indices('i', [draw.integer(1, 5), 1, 3], 5);
      const view = transpose(broadcastTo(indices, [indices.shape[0], 2, 3]));
      return { output: oneHot(view, 5), bound: exact };
    },
  },
];
