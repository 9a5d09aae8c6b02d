import { sizeOf } from '../../../graph/shape';
import type { Node, Tensor } from '../../../graph/types';
import { maximumOf, mean, norm, sum, sumTo, type ReduceOptions } from '../../../ops/reduce';
import { broadcastTo, slice, transpose } from '../../../ops/view';
import { exact, relative, sumBound } from '../bounds';
import { listCases, type Built, type Case, type Draw } from '../types';

/** Σ|x| is not at hand per output, so the largest over the tensor stands for each: mean |x| is nearly constant here. */
function boundOfSum(terms: number, divisor = 1): Built['bound'] {
  return ({ x }: Readonly<Record<string, Tensor>>, output) => {
    const typical = x.data.reduce((total, value) => total + Math.abs(value), 0) / x.data.length;
    // Pairwise sums do far better than 2(K + 1); hold them to the growth of blocks of 16.
    const steps = Math.min(terms, 16 + terms / 16 + 80);
    const magnitude = (typical * terms) / divisor;
    return sumBound(
      steps,
      output.data.map(() => magnitude),
    );
  };
}

type Reduction = (x: Node, options?: ReduceOptions) => Node;

interface Layout {
  readonly axes: readonly number[];
  readonly shape: (draw: Draw) => number[];
  readonly view?: (x: Node) => Node;
}

const layouts: Readonly<Record<string, Layout>> = {
  'last axis': { axes: [-1], shape: (d) => [d.integer(1, 5), d.pick([1, 3, 16, 64, 257])] },
  'first axis': { axes: [0], shape: (d) => [d.pick([1, 7, 300]), d.pick([1, 5, 8])] },
  'middle axis': { axes: [1], shape: (d) => [3, d.integer(1, 9), d.pick([1, 4, 6])] },
  'outer axes': { axes: [0, 2], shape: (d) => [d.integer(1, 9), 4, d.pick([1, 4, 7])] },
  'all axes': { axes: [0, 1, 2], shape: (d) => [d.integer(1, 5), d.integer(1, 9), 8] },
  transposed: { axes: [-1], shape: (d) => [d.integer(1, 70), 12], view: (x) => transpose(x) },
  sliced: {
    axes: [0, 2],
    shape: (d) => [d.integer(3, 9), 2, d.pick([6, 11])],
    view: (x) => slice(x, [1, 0, 1], [...x.shape], [2, 1, 1]),
  },
  'permuted, alternate axes': {
    axes: [0, 2],
    shape: (d) => [2, d.integer(1, 3), 3, d.pick([2, 4])],
    view: (x) => transpose(x, [2, 0, 3, 1]),
  },
};

interface Row {
  readonly f: Reduction;
  readonly bound: (terms: number) => Built['bound'];
}

const rows: Readonly<Record<string, Row>> = {
  sum: { f: sum, bound: (terms) => boundOfSum(terms) },
  mean: { f: mean, bound: (terms) => boundOfSum(terms, terms) },
  maximumOf: { f: maximumOf, bound: () => exact },
  norm: { f: norm, bound: () => relative(2e-6) },
};

const layoutCases = /* @__PURE__ */ Object.entries(rows).flatMap(([op, { f, bound }]) =>
  Object.entries(layouts).map(([name, { axes, shape, view = (x: Node) => x }]): Case => ({
    op,
    name,
    build(_, draw) {
      const leaf = draw.leaf('x', shape(draw), { replicated: draw.pick([true, false]) });
      const x = view(leaf);
      const output = f(x, { axes, keep: draw.pick([true, false]) });
      const terms = sizeOf(x.shape) / sizeOf(output.shape);
      return { output, bound: bound(terms), gradients: ['x'] };
    },
  })),
);

const longCases: readonly Case[] = /* @__PURE__ */ (
  [
    ['rows of a bias gradient', [2311, 128], [0], true],
    ['a prime number of rows, no multiple of four', [4001, 13], [0], true],
    ['a scalar from 10⁶', [1009, 991], [0, 1], false],
    ['a scalar from 2¹⁸', [2 ** 18], [0], false],
    ['long rows', [3, 70000], [1], false],
  ] as const
).map(([name, shape, axes, replicated]): Case => ({
  op: 'sum',
  name,
  build(_, draw) {
    const output = sum(draw.leaf('x', shape, { replicated }), { axes });
    return { output, bound: boundOfSum(sizeOf(shape) / sizeOf(output.shape)) };
  },
}));

export const reduceCases: readonly Case[] = listCases(() => [
  ...layoutCases,
  ...longCases,
  {
    op: 'sum',
    name: 'more than 65,535 workgroups of a broadcast',
    build(_, draw) {
      const x = draw.leaf('x', [2053, 1, 1], { replicated: false });
      const sums = sum(broadcastTo(x, [2053, 2053, 1]), { axes: [2] });
      return { output: slice(sums, [2051], [2053]), bound: exact };
    },
  },
  {
    op: 'sumTo',
    name: 'inner and outer',
    build(_, draw) {
      const [k, m, n] = [draw.integer(1, 4), draw.integer(1, 5), draw.pick([1, 4, 7])];
      const x = draw.leaf('x', [k, m, n]);
      const shape = draw.pick([[n], [m, 1], [1, n], [], [k, 1, n]]);
      return { output: sumTo(x, shape), bound: boundOfSum(k * m * n), gradients: ['x'] };
    },
  },
  {
    op: 'norm',
    name: 'of zeros',
    build(_, draw) {
      // The reference has no derivative at 0 to compare with by differences: only the device is.
      const x = draw.leaf('x', [3, 4], { map: () => 0 });
      return { output: norm(x, { axes: [1] }), bound: exact };
    },
  },
]);
