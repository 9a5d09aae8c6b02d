import { scale, square } from '../../../ops/elementwise';
import { broadcastTo, reshape, slice, transpose } from '../../../ops/view';
import { exact, ulps } from '../bounds';
import type { Case } from '../types';

export const viewCases: readonly Case[] = [
  {
    op: 'view',
    name: 'reshape',
    build(_, draw) {
      const [m, n] = [draw.integer(1, 7), draw.pick([4, 6, 12])];
      const x = draw.leaf('x', [m, n, 3]);
      const output = square(reshape(x, [2, 1, (m * n) / 2, 3]));
      return { output, bound: ulps(1), gradients: ['x'] };
    },
  },
  {
    op: 'view',
    name: 'reshape of a transposed tensor, copied',
    build(_, draw) {
      const [m, n] = [draw.integer(2, 7), draw.pick([3, 4, 12])];
      const x = draw.leaf('x', [2, m, n], { replicated: draw.pick([true, false]) });
      return { output: reshape(transpose(x), [2 * n, m]), bound: exact, gradients: ['x'] };
    },
  },
  {
    op: 'view',
    name: 'heads apart and back',
    build(_, draw) {
      const [b, t, h, d] = [draw.integer(1, 3), draw.integer(1, 5), 4, draw.pick([3, 8])];
      const x = draw.leaf('x', [b, t, h * d]);
      const apart = transpose(reshape(x, [b, t, h, d]), [0, 2, 1, 3]);
      const output = reshape(transpose(scale(apart, 2), [0, 2, 1, 3]), [b * t, h * d]);
      return { output, bound: exact, gradients: ['x'] };
    },
  },
  {
    op: 'view',
    name: 'transpose of five axes',
    build(_, draw) {
      const x = draw.leaf('x', [2, draw.integer(1, 4), 3, draw.pick([1, 2, 4]), 2]);
      return { output: transpose(x, [3, 1, 4, 0, 2]), bound: exact, gradients: ['x'] };
    },
  },
  {
    op: 'view',
    name: 'slice with steps',
    build(_, draw) {
      const [m, n] = [draw.integer(3, 9), draw.integer(4, 17)];
      const x = draw.leaf('x', [m, n, 4], { replicated: draw.pick([true, false]) });
      const output = slice(x, [1, 2], [-1, n], [draw.integer(1, 2), draw.integer(1, 3)]);
      return { output, bound: exact, gradients: ['x'] };
    },
  },
  {
    op: 'view',
    name: 'last position',
    build(_, draw) {
      const [b, t, d] = [draw.integer(1, 9), draw.integer(1, 5), draw.pick([1, 4, 13])];
      const x = draw.leaf('x', [b, t, d]);
      const output = reshape(slice(x, [0, -1], [b, t]), [b, d]);
      return { output, bound: exact, gradients: ['x'] };
    },
  },
  {
    op: 'view',
    name: 'slices of one tensor, overlapping',
    build(_, draw) {
      const n = draw.integer(3, 9);
      const x = draw.leaf('x', [n, 8]);
      const rows = slice(slice(x, [0, 2], [n - 1, 8]), [1], [n - 1]);
      return { output: square(rows), bound: ulps(1), gradients: ['x'] };
    },
  },
  {
    op: 'view',
    name: 'broadcast',
    build(_, draw) {
      const [m, n] = [draw.integer(1, 7), draw.integer(1, 9)];
      const x = draw.leaf('x', [m, 1], { replicated: draw.pick([true, false]) });
      return { output: broadcastTo(x, [2, m, n]), bound: exact, gradients: ['x'] };
    },
  },
];
