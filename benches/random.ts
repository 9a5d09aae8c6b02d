/** Philox on the device: what noise costs, next to the memory it fills. */
import type { Graph, Node } from '../src/graph/types';
import type { Case } from '../src/lab/check/types';
import { bernoulli, normal, uniform } from '../src/ops/random';
import { streams } from '../src/random/streams';
import type { Bench } from './types';
import { kernelContender } from './kernel';

const SIZE = 1 << 20;

/** Uniforms are exact; normals differ by what a division or a fused multiply-add rounds differently. */
const kinds: Readonly<Record<string, { readonly bound: number; draw(graph: Graph): Node }>> = {
  normal: { bound: 4e-6, draw: (graph) => normal(graph, [SIZE], streams.noise) },
  uniform: { bound: 0, draw: (graph) => uniform(graph, [SIZE], streams.noise) },
  bernoulli: { bound: 0, draw: (graph) => bernoulli(graph, [SIZE], 0.3, streams.noise) },
};

export const benches: readonly Bench[] = [
  {
    name: 'random',
    title: `${SIZE.toLocaleString('en')} random numbers`,
    unit: 'fills',
    contenders: async ({ gpu }) =>
      Object.entries(kinds).map(([name, { draw, bound }]) => {
        const parityCase: Case = {
          op: name,
          name: `${SIZE} numbers`,
          build: (graph) => ({ output: draw(graph), bound: () => bound }),
        };
        return kernelContender(gpu, { name, case: parityCase, bytes: 4 * SIZE });
      }),
  },
];
