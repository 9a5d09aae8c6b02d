import type { Node, Tensor } from '../../../graph/types';
import { dft, inverseDft } from '../../../ops/dft';
import { slice, transpose } from '../../../ops/view';
import type { Built, Case, Draw } from '../types';

interface Row {
  readonly name: string;
  readonly shape: (draw: Draw) => readonly number[];
  readonly axes: readonly number[];
  readonly inverse?: boolean;
  readonly view?: (x: Node) => Node;
}

const rows: readonly Row[] = [
  {
    name: 'last axis',
    shape: (d) => [d.integer(1, 5), d.pick([1, 2, 3, 4, 7, 8, 53])],
    axes: [-1],
  },
  { name: 'first axis', shape: (d) => [d.pick([1, 2, 5, 6, 113]), d.integer(1, 5)], axes: [0] },
  {
    name: 'middle axis, inverse',
    shape: (d) => [d.integer(1, 3), d.pick([5, 12]), d.integer(1, 5)],
    axes: [1],
    inverse: true,
  },
  { name: 'both axes', shape: (d) => [d.pick([5, 31]), d.pick([8, 31])], axes: [0, 1] },
  { name: 'transposed', shape: () => [7, 12], axes: [-1], view: (x) => transpose(x) },
  { name: 'fast', shape: (d) => [d.integer(1, 3), d.pick([256, 512])], axes: [-1] },
  { name: 'fast, inverse', shape: (d) => [d.pick([256, 512])], axes: [0], inverse: true },
  { name: 'fast, first axis', shape: (d) => [256, d.integer(1, 3)], axes: [0] },
  { name: 'fast, long', shape: (d) => [2, d.pick([1024, 2048, 8192])], axes: [1] },
  {
    name: 'fast, sliced',
    shape: () => [3, 513],
    axes: [1],
    view: (x) => slice(x, [0, 1], [3, 513]),
  },
];

/**
 * The basis keeps norms, so an element is off by at most the length of the input times the terms met on the way: n for a
 * product, for which 2·(n + 1)·2⁻²⁴·Σ|F·x| ≤ 2·(n + 1)·2⁻²⁴·‖x‖, and 4·log₂ n for the fast transform.
 */
function bound(lengths: readonly number[]): Built['bound'] {
  const terms = lengths.reduce(
    (sum, n) => sum + (n >= 256 && Number.isInteger(Math.log2(n)) ? 4 * Math.log2(n) : n + 2),
    0,
  );
  return ({ x }: Readonly<Record<string, Tensor>>) => 2 * terms * 2 ** -24 * Math.hypot(...x.data);
}

export const dftCases: readonly Case[] = /* @__PURE__ */ rows.map(
  ({ name, shape, axes, inverse = false, view = (x: Node) => x }): Case => ({
    op: 'dft',
    name,
    build(_, draw) {
      const leaf = draw.leaf('x', shape(draw), { replicated: draw.pick([true, false]) });
      const x = view(leaf);
      const output = axes.reduce((y, axis) => (inverse ? inverseDft : dft)(y, axis), x);
      return {
        output,
        bound: bound(axes.map((axis) => x.shape.at(axis)!)),
        gradients: ['x'],
      };
    },
  }),
);
