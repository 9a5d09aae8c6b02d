import type { Node, Tensor } from '../../../graph/types';
import { linear } from '../../../nn/layers';
import { add, gate, gelu, relu, square, tanh } from '../../../ops/elementwise';
import { matmul } from '../../../ops/matmul';
import { productInFloat64 } from '../../../ops/reference/matmul';
import { reshape, slice, transpose } from '../../../ops/view';
import { sumBound } from '../bounds';
import { listCases, type Built, type Case, type Draw } from '../types';

type Extent = (draw: Draw) => number;
const any: Extent = (draw) => draw.pick([1, 2, 3, 5, 7, 8, 9, 13, 15, 16, 17]);
const fours: Extent = (draw) => 4 * draw.pick([1, 2, 3, 7, 8, 9]);
const tile: Extent = (draw) => 64 + draw.pick([-1, 0, 1, 4]);
const fixed =
  (extent: number): Extent =>
  () =>
    extent;

interface Layout {
  readonly name: string;
  readonly extents: readonly [m: Extent, k: Extent, n: Extent];
  /** Leaves are stored transposed. */
  readonly transposed?: readonly [a: boolean, b: boolean];
  readonly batch?: readonly [a: readonly number[], b: readonly number[]];
  readonly replicated?: readonly [a: boolean, b: boolean];
  readonly gradients?: boolean;
}

const BOTH = [true, true] as const;
const A_ONLY = [true, false] as const;
const B_ONLY = [false, true] as const;

const layouts: readonly Layout[] = [
  { name: 'any extents', extents: [any, any, any] },
  { name: 'any extents, both transposed', extents: [any, any, any], transposed: BOTH },
  { name: 'multiples of four', extents: [fours, fours, fours] },
  { name: 'rows of any number', extents: [any, fours, fours], replicated: B_ONLY },
  { name: 'A transposed, any K', extents: [fours, any, fours], transposed: A_ONLY },
  { name: 'B transposed', extents: [any, fours, fours], transposed: B_ONLY, replicated: A_ONLY },
  { name: 'both shared', extents: [fours, fours, any], replicated: [false, false] },
  { name: 'tile ± 1', extents: [tile, any, tile] },
  { name: 'tile ± 1, A transposed', extents: [tile, fours, tile], transposed: A_ONLY },
  { name: 'matrix times vector', extents: [any, any, fixed(1)] },
  { name: 'vector times matrix', extents: [fixed(1), any, any], replicated: B_ONLY },
  { name: 'batch times one matrix', extents: [any, fours, fours], batch: [[2, 3], []] },
  { name: 'one matrix times batch', extents: [any, any, any], batch: [[], [3, 2]] },
  {
    name: 'batches that broadcast',
    extents: [any, any, any],
    batch: [
      [2, 1, 3],
      [2, 1],
    ],
  },
  {
    name: 'alternate batch axes',
    extents: [fours, fours, any],
    batch: [
      [2, 1, 2, 1],
      [1, 3, 1, 2],
    ],
  },
  {
    name: 'shared batch of A',
    extents: [any, fours, fours],
    batch: [[5], [5]],
    replicated: B_ONLY,
  },
  {
    name: 'split K, A transposed',
    extents: [fixed(12), fixed(1031), fixed(20)],
    transposed: A_ONLY,
  },
  { name: 'split K', extents: [fixed(5), fixed(2048), fixed(7)], batch: [[2], [1]] },
  {
    name: 'more than 65,535 workgroups',
    extents: [fixed(1), fixed(1), fixed(1)],
    batch: [[351_001], [351_001]],
    replicated: B_ONLY,
    gradients: false,
  },
];

/** 2·(K + 1)·2⁻²⁴·Σ|a·b|, by the product of the absolute values. */
export function productBound(
  read: (inputs: Readonly<Record<string, Tensor>>) => readonly [Tensor, Tensor],
): Built['bound'] {
  return (inputs, output) => {
    const [a, b] = read(inputs).map(({ shape, data }) => ({ shape, data: data.map(Math.abs) }));
    return sumBound(a.shape.at(-1)!, productInFloat64(a, b, output.shape));
  };
}

/** The reference's own transpose, to hand leaves to the bound as the product sees them. */
export function transposed({ shape, data }: Tensor): Tensor {
  const [rows, columns] = shape.slice(-2);
  const size = rows * columns;
  const flipped = new Float64Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const within = i % size;
    flipped[i - within + (within % columns) * rows + Math.floor(within / columns)] = data[i];
  }
  return { shape: [...shape.slice(0, -2), columns, rows], data: flipped };
}

function caseOf(layout: Layout): Case {
  const {
    name,
    extents,
    transposed: [ta, tb] = [false, false],
    batch: [ba, bb] = [[], []],
  } = layout;
  const { replicated: [ra, rb] = BOTH } = layout;
  return {
    op: 'matmul',
    name,
    build(_, draw) {
      const [m, k, n] = extents.map((extent) => extent(draw));
      const leaf = (
        label: string,
        rows: number,
        columns: number,
        flip: boolean,
        lead: readonly number[],
        own: boolean,
      ): Node => {
        const shape = flip ? [columns, rows] : [rows, columns];
        const node = draw.leaf(label, [...lead, ...shape], { replicated: own });
        return flip ? transpose(node) : node;
      };
      const a = leaf('a', m, k, ta, ba, ra);
      const b = leaf('b', k, n, tb, bb, rb);
      return {
        output: matmul(a, b),
        bound: productBound(({ a, b }) => [ta ? transposed(a) : a, tb ? transposed(b) : b]),
        gradients: layout.gradients === false ? [] : ['a', 'b'],
      };
    },
  };
}

const sliced: Case = {
  op: 'matmul',
  name: 'slices and permuted axes',
  build(_, draw) {
    const [heads, size, tokens] = [draw.integer(1, 3), draw.pick([3, 4, 8]), draw.integer(2, 9)];
    const x = draw.leaf('x', [2, tokens, heads, size + 1]);
    const y = draw.leaf('y', [2, tokens, heads, size]);
    const a = transpose(slice(x, [0, 0, 0, 1], [2, tokens, heads, size + 1]), [0, 2, 1, 3]);
    const b = transpose(y, [0, 2, 3, 1]);
    return {
      output: matmul(a, b),
      bound: (_inputs, output) => output.data.map(() => 2 * (size + 1) * 2 ** -24 * 40 * size),
      gradients: ['x', 'y'],
    };
  },
};

/** What the fusion pass makes one kernel of; the reference computes it op by op. */
interface Fused {
  readonly name: string;
  readonly leaves: Readonly<Record<string, (m: number, n: number) => readonly number[]>>;
  readonly build: (product: Node, leaves: Readonly<Record<string, Node>>) => Node;
  readonly extents?: readonly [m: Extent, k: Extent, n: Extent];
}

const full = (m: number, n: number) => [m, n];
const row = (_: number, n: number) => [n];
const column = (m: number) => [m, 1];

const fusions: readonly Fused[] = [
  { name: 'bias', leaves: { bias: row }, build: (x, { bias }) => add(x, bias) },
  { name: 'a summand per row', leaves: { bias: column }, build: (x, { bias }) => add(bias, x) },
  { name: 'bias, ReLU', leaves: { bias: row }, build: (x, { bias }) => relu(add(x, bias)) },
  { name: 'GELU', leaves: {}, build: gelu },
  { name: 'square', leaves: {}, build: square },
  {
    name: 'bias, tanh, residual',
    leaves: { bias: row, residual: full },
    build: (x, { bias, residual }) => add(residual, tanh(add(x, bias))),
  },
  { name: 'gate', leaves: { saved: full }, build: (x, { saved }) => gate(x, saved) },
  {
    name: 'two sums, gate',
    leaves: { bias: full, residual: full, saved: full },
    build: (x, { bias, residual, saved }) => gate(add(add(x, bias), residual), saved),
  },
  {
    name: 'split K, bias, GELU, residual',
    extents: [fixed(9), fixed(777), fixed(6)],
    leaves: { bias: row, residual: full },
    build: (x, { bias, residual }) => add(gelu(add(x, bias)), residual),
  },
  {
    name: 'a reshape in between',
    leaves: { bias: row, residual: (m, n) => [2, m / 2, n] },
    extents: [(draw) => 2 * draw.integer(1, 9), any, any],
    build: (x, { bias, residual }) => add(relu(reshape(add(x, bias), residual.shape)), residual),
  },
];

function fusedCase({ name, leaves, build, extents }: Fused): Case {
  return {
    op: 'fusedMatmul',
    name,
    build(_, draw) {
      const choices =
        extents ??
        draw.pick([
          [any, any, any],
          [any, fours, fours],
        ] as const);
      const [m, k, n] = choices.map((extent) => extent(draw));
      const a = draw.leaf('a', [m, k], { replicated: draw.pick([true, false]) });
      const b = draw.leaf('b', [k, n], { scale: 1 / Math.sqrt(k) });
      const others = Object.entries(leaves).map(([label, shape]) => {
        return [label, draw.leaf(label, shape(m, n), { replicated: draw.pick([true, false]) })];
      });
      // Terms and slopes of the activations are around 4 here.
      return {
        output: build(matmul(a, b), Object.fromEntries(others)),
        bound: () => 4 * 2 * (k + 4) * 2 ** -24 + 4e-6,
        gradients: ['a', 'b'],
      };
    },
  };
}

/** What lies between products is padded to multiples of four where nobody else reads it. */
const chained: readonly Case[] = /* @__PURE__ */ [false, true].map((flip) => ({
  op: 'matmul',
  name: `products of products${flip ? ', the middle transposed' : ''}`,
  build(_, draw) {
    const [m, n] = [any(draw), any(draw)];
    const [inner, outer] = [draw.pick([5, 7, 13]), draw.pick([3, 6, 17])];
    const a = draw.leaf('a', flip ? [inner, m] : [m, inner]);
    const b = draw.leaf('b', flip ? [outer, inner] : [inner, outer]);
    const c = draw.leaf('c', [outer, n], { replicated: draw.pick([true, false]) });
    const middle = flip ? transpose(matmul(b, a)) : matmul(a, b);
    const output = matmul(middle, c);
    const bound = 2 * (inner + outer) * 2 ** -24 * 4 * Math.sqrt(inner * outer) * outer;
    return { output, bound: () => bound, gradients: ['a', 'b', 'c'] };
  },
}));

/** The third product takes the memory of the first, whose numbers must not be what stands behind its rows, which the last one reads. */
const reused: Case = {
  op: 'matmul',
  name: 'products of products, in memory that was used',
  build(_, draw) {
    const [m, inner, outer] = [9, 5, 7];
    const a = draw.leaf('a', [m, 12]);
    const b = draw.leaf('b', [12, 12]);
    const c = draw.leaf('c', [12, inner]);
    const d = draw.leaf('d', [inner, outer]);
    const e = draw.leaf('e', [outer, 8]);
    const output = matmul(matmul(matmul(matmul(a, b), c), d), e);
    return { output, bound: () => 1e-4 };
  },
};

/** Weights stored [out, in]: both gradients of each map, and its bias’s, are one launch; large maps keep more of a tile. */
const maps = (
  name: string,
  sizes: readonly [rows: Extent, inner: Extent, hidden: Extent, outer: Extent],
): Case => ({
  op: 'linear',
  name,
  build(_, draw) {
    const [rows, inner, hidden, outer] = sizes.map((extent) => extent(draw));
    const x = draw.leaf('x', [rows, inner], { replicated: draw.pick([true, false]) });
    const [w1, b1] = [draw.leaf('w1', [hidden, inner]), draw.leaf('b1', [hidden])];
    const [w2, b2] = [draw.leaf('w2', [outer, hidden]), draw.leaf('b2', [outer])];
    return {
      output: linear(relu(linear(x, w1, b1)), w2, b2),
      bound: () => 2 * (inner + hidden) * 2 ** -24 * 16 * Math.sqrt(inner * hidden),
      gradients: ['x', 'w1', 'b1', 'w2', 'b2'],
    };
  },
});

export const matmulCases: readonly Case[] = listCases(() => [
  maps('two maps with biases, ReLU between', [
    (draw) => draw.integer(2, 70),
    (draw) => 4 * draw.integer(1, 4),
    (draw) => draw.pick([8, 12, 20, 13]),
    (draw) => draw.pick([4, 12, 9]),
  ]),
  maps('two large maps', [fixed(341), fixed(100), fixed(148), fixed(75)]),
  ...layouts.map(caseOf),
  ...chained,
  reused,
  sliced,
  ...fusions.map(fusedCase),
]);
