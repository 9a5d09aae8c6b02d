import { concat, pad } from '../../../ops/concat';
import { transpose } from '../../../ops/view';
import { exact } from '../bounds';
import type { Case } from '../types';

export const concatCases: readonly Case[] = [
  {
    op: 'concat',
    name: 'three, one transposed, one shared, any axis',
    build(_, draw) {
      const axis = draw.integer(0, 2);
      const shape = [draw.integer(1, 4), draw.integer(1, 5), draw.pick([4, 7])];
      const along = (extent: number) => shape.map((own, k) => (k === axis ? extent : own));
      const a = draw.leaf('a', along(draw.integer(1, 4)));
      const [p, q, r] = along(draw.integer(1, 8));
      const b = transpose(draw.leaf('b', [p, r, q]));
      const c = draw.leaf('c', along(4), { replicated: false });
      return { output: concat([a, b, c], axis), bound: exact, gradients: ['a', 'b', 'c'] };
    },
  },
  {
    op: 'concat',
    name: 'integers',
    build(_, draw) {
      const a = draw.indices('a', [draw.integer(1, 5), 3], 1000);
      const b = draw.indices('b', [1, 3], 2 ** 31, { replicated: false });
      return { output: concat([a, b], 0), bound: exact };
    },
  },
  {
    op: 'pad',
    name: 'windows with steps, strided source',
    build(_, draw) {
      const [m, n] = [draw.integer(1, 5), draw.integer(1, 5)];
      const x = transpose(draw.leaf('x', [2, n, m], { replicated: draw.pick([true, false]) }));
      const steps = [1, draw.integer(1, 3), draw.integer(1, 2)];
      const starts = [draw.integer(0, 2), draw.integer(0, 3), draw.integer(0, 3)];
      const shape = x.shape.map((extent, k) => starts[k] + extent * steps[k] + draw.integer(0, 2));
      return { output: pad(x, shape, starts, steps), bound: exact, gradients: ['x'] };
    },
  },
  {
    op: 'pad',
    name: 'four axes, all replicas',
    build(_, draw) {
      const x = draw.leaf('x', [2, draw.integer(1, 3), 3, 2]);
      const output = pad(x, [4, 5, 7, 3], [1, 2, 0, 1], [2, 1, 3, 1]);
      return { output, bound: exact, gradients: ['x'] };
    },
  },
];
