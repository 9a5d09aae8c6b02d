import type { Node, Tensor } from '../../../graph/types';
import * as ops from '../../../ops/elementwise';
import { broadcastTo, slice, transpose } from '../../../ops/view';
import { exact, relative, ulp, ulps } from '../bounds';
import type { Built, Case } from '../types';

type Bound = Built['bound'];

/** WGSL's bound of exp, 3 + 2|x| ULP, plus what else is done to it. */
const exponentialBound =
  (more: number): Bound =>
  ({ x }: Readonly<Record<string, Tensor>>, output) =>
    output.data.map((value, i) => (3 + more + 2 * Math.abs(x.data[i])) * ulp(value));

interface UnaryRow {
  readonly f: (x: Node) => Node;
  readonly bound: Bound;
  readonly map?: (deviate: number) => number;
  readonly smooth?: boolean;
}

const positive = (deviate: number): number => Math.exp(deviate);
const wide = (deviate: number): number => 4 * deviate;

const unaryRows: Readonly<Record<string, UnaryRow>> = {
  negate: { f: ops.negate, bound: exact },
  relu: { f: ops.relu, bound: exact },
  gelu: { f: ops.gelu, bound: relative(2e-6, 5e-7), map: wide },
  'gelu derivative': { f: ops.geluGradient, bound: relative(2e-6, 2e-6), map: wide },
  tanh: { f: ops.tanh, bound: relative(0, 1e-5), map: wide },
  square: { f: ops.square, bound: ulps(1) },
  squareRoot: { f: ops.squareRoot, bound: ulps(5), map: positive },
  exponential: { f: ops.exponential, bound: exponentialBound(0), map: wide },
  logarithm: { f: ops.logarithm, bound: ulps(8), map: positive },
  absolute: { f: ops.absolute, bound: exact },
  sign: { f: ops.sign, bound: exact, smooth: false },
  sigmoid: { f: ops.sigmoid, bound: exponentialBound(5), map: wide },
  softplus: { f: ops.softplus, bound: relative(1e-5), map: wide },
  scale: { f: (x) => ops.scale(x, 0.3), bound: ulps(1) },
  shift: { f: (x) => ops.shift(x, -0.7), bound: ulps(1, 2 ** -24) },
};

const unaryCases = /* @__PURE__ */ Object.entries(unaryRows).map(
  ([name, { f, bound, map, smooth = true }]): Case => ({
    op: 'unary',
    name,
    build(_, draw) {
      const shape = [draw.pick([1, 3, 7]), draw.pick([1, 4, 13, 64])];
      const output = f(draw.leaf('x', shape, { map }));
      return { output, bound, ...(smooth && { gradients: ['x'] }) };
    },
  }),
);

interface BinaryRow {
  readonly f: (a: Node, b: Node) => Node;
  readonly bound: Bound;
  readonly gradients?: readonly string[];
  readonly map?: (deviate: number) => number;
}

const whole = (deviate: number): number => Math.round(deviate);

const binaryRows: Readonly<Record<string, BinaryRow>> = {
  add: { f: ops.add, bound: ulps(1), gradients: ['a', 'b'] },
  subtract: { f: ops.subtract, bound: ulps(1), gradients: ['a', 'b'] },
  multiply: { f: ops.multiply, bound: ulps(1), gradients: ['a', 'b'] },
  divide: { f: ops.divide, bound: ulps(3), gradients: ['a', 'b'], map: (x) => Math.exp(x / 2) },
  maximum: { f: ops.maximum, bound: exact, gradients: ['a', 'b'] },
  minimum: { f: ops.minimum, bound: exact, gradients: ['a', 'b'] },
  gate: { f: ops.gate, bound: exact, gradients: ['a'] },
  greater: { f: ops.greater, bound: exact, map: whole },
  equal: { f: ops.equal, bound: exact, map: whole },
};

/** Pairs of shapes that broadcast, as functions of three extents. */
const pairings: Readonly<Record<string, (k: number, m: number, n: number) => number[][]>> = {
  'equal shapes': (k, m, n) => [
    [k, m, n],
    [k, m, n],
  ],
  'a row': (k, m, n) => [[k, m, n], [n]],
  'a column and a row': (_, m, n) => [
    [m, 1],
    [1, n],
  ],
  'a scalar': (k, m, n) => [[], [k, m, n]],
  'a middle axis': (k, m, n) => [
    [k, 1, n],
    [k, m, n],
  ],
  'outer of all': (k, m, n) => [
    [k, 1, n, 1],
    [m, 1, 4],
  ],
};

const binaryCases = /* @__PURE__ */ Object.entries(binaryRows).flatMap(
  ([op, { f, bound, gradients, map }]) =>
    Object.entries(pairings).map(([name, shapes]): Case => ({
      op: 'binary',
      name: `${op}, ${name}`,
      build(_, draw) {
        const extents = [draw.integer(1, 3), draw.integer(1, 7), draw.pick([1, 5, 8, 12])] as const;
        const [left, right] = shapes(...extents);
        const a = draw.leaf('a', left, { map, replicated: draw.pick([true, false]) });
        const b = draw.leaf('b', right, { map, replicated: draw.pick([true, false]) });
        return { output: f(a, b), bound, gradients };
      },
    })),
);

const layoutCases: readonly Case[] = [
  {
    op: 'binary',
    name: 'transposed by sliced',
    build(_, draw) {
      const [m, n] = [draw.integer(1, 9), draw.pick([4, 5, 16])];
      const a = transpose(draw.leaf('a', [n, m]));
      const b = slice(draw.leaf('b', [2 * m, n + 3]), [1, 2], [2 * m, n + 2], [2, 1]);
      return { output: ops.multiply(a, b), bound: ulps(1), gradients: ['a', 'b'] };
    },
  },
  {
    op: 'binary',
    name: 'six axes that do not merge, shared by replicated',
    build(_, draw) {
      const a = draw.leaf('a', [2, 1, 3, 1, 2, 1], { replicated: false });
      const b = draw.leaf('b', [1, 3, 1, 2, 1, 4]);
      return { output: ops.add(a, b), bound: ulps(1), gradients: ['a', 'b'] };
    },
  },
  {
    op: 'binary',
    name: 'one tensor twice',
    build(_, draw) {
      const x = draw.leaf('x', [draw.integer(1, 9), 4]);
      return { output: ops.multiply(x, ops.add(x, x)), bound: ulps(2), gradients: ['x'] };
    },
  },
  {
    op: 'binary',
    name: 'more than 65,535 workgroups',
    build(_, draw) {
      const a = draw.leaf('a', [2053, 1], { replicated: false, map: whole });
      const b = draw.leaf('b', [2053], { replicated: false, map: whole });
      // Only the last rows are compared: they are what a grid cut short would miss.
      return { output: slice(ops.add(a, b), [2051], [2053]), bound: exact };
    },
  },
  {
    op: 'unary',
    name: 'broadcast, sliced and transposed',
    build(_, draw) {
      const x = draw.leaf('x', [draw.integer(2, 6), 1, draw.pick([3, 8])]);
      const view = slice(transpose(broadcastTo(x, [x.shape[0], 4, x.shape[2]])), [1], [x.shape[0]]);
      return { output: ops.tanh(view), bound: relative(0, 1e-5), gradients: ['x'] };
    },
  },
  {
    op: 'toFloat',
    name: 'sliced',
    build(_, draw) {
      const x = draw.indices('x', [draw.integer(2, 9), 7], 2 ** 24);
      return { output: ops.toFloat(slice(x, [1, 1], [x.shape[0], 7], [1, 2])), bound: exact };
    },
  },
];

export const elementwiseCases: readonly Case[] = /* @__PURE__ */ [
  unaryCases,
  binaryCases,
  layoutCases,
].flat();
