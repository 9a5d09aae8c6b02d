import type { Graph, Node } from '../../../graph/types';
import { bernoulli, normal, randomIntegers, uniform } from '../../../ops/random';
import { streams } from '../../../random/streams';
import { exact, ulps } from '../bounds';
import type { Built, Case, Draw } from '../types';

interface Row {
  readonly f: (graph: Graph, shape: readonly number[], draw: Draw) => Node;
  readonly bound: Built['bound'];
}

const rows: Readonly<Record<string, Row>> = {
  uniform: { f: (graph, shape) => uniform(graph, shape, streams.noise), bound: exact },
  // The shift of the radius where a logarithm is near 0 is absolute, hence the second term.
  normal: { f: (graph, shape) => normal(graph, shape, streams.noise), bound: ulps(8, 2 ** -24) },
  bernoulli: {
    f: (graph, shape, draw) =>
      bernoulli(graph, shape, draw.pick([0, 0.1, 0.5, 1]), streams.dropout),
    bound: exact,
  },
  randomIntegers: {
    f: (graph, shape, draw) => {
      return randomIntegers(graph, shape, draw.pick([1, 2, 113, 2 ** 32 - 1]), streams.batch);
    },
    bound: exact,
  },
};

/** Integers for all replicas at once, and integers held for a step; at step 0 the counter is the same. */
const integerCases: readonly Case[] = [
  {
    op: 'randomIntegers',
    name: 'shared by the replicas',
    build: (graph: Graph, draw: Draw) => {
      const options = { shared: true, held: draw.pick([0, 2]) };
      const shape = draw.pick([[], [3], [5, 13], [257]]);
      return { output: randomIntegers(graph, shape, 113, streams.batch, options), bound: exact };
    },
  },
  {
    op: 'randomIntegers',
    name: 'held',
    build: (graph: Graph, draw: Draw) => {
      const shape = draw.pick([[], [3], [5, 13], [257]]);
      return {
        output: randomIntegers(graph, shape, 113, streams.batch, { held: 3 }),
        bound: exact,
      };
    },
  },
];

export const randomCases: readonly Case[] = /* @__PURE__ */ Object.entries(rows).flatMap(
  ([op, { f, bound }]) => [
    ...(op === 'randomIntegers' ? integerCases : []),
    {
      op,
      name: 'any size',
      build: (graph: Graph, draw: Draw) => {
        const shape = draw.pick([[], [1], [3], [4], [5, 13], [64, 65]]);
        return { output: f(graph, shape, draw), bound };
      },
    },
    {
      op,
      name: 'second tensor of a stream',
      build: (graph: Graph, draw: Draw) => {
        f(graph, [draw.integer(1, 9)], draw);
        return { output: f(graph, [257], draw), bound };
      },
    },
  ],
);
