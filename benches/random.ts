/** Philox on the device: what noise costs, next to the memory it fills. */
import type { Graph, Node } from '../src/graph/types';
import { bernoulli, normal, uniform } from '../src/ops/random';
import { fillNormal } from '../src/random/random';
import { streams } from '../src/random/streams';
import { kernelContender, plainContender, referenceContenders } from './kernel';
import { SEED, createTask } from './task';
import type { Bench } from './types';

const SIZE = 1 << 20;

/** Uniforms are exact; normals differ by what a division or a fused multiply-add rounds differently. */
const kinds: Readonly<Record<string, { readonly bound: number; draw(graph: Graph): Node }>> = {
  normal: { bound: 4e-6, draw: (graph) => normal(graph, [SIZE], streams.noise) },
  uniform: { bound: 0, draw: (graph) => uniform(graph, [SIZE], streams.noise) },
  bernoulli: { bound: 0, draw: (graph) => bernoulli(graph, [SIZE], 0.3, streams.noise) },
};

export const benches: readonly Bench[] = Object.entries(kinds).map(([kind, { draw, bound }]) => ({
  name: `random/${kind}`,
  title: `${SIZE.toLocaleString('en')} random numbers, ${kind}`,
  unit: 'fills',
  weight: kind === 'normal' ? 'light' : 'usual',
  contenders: async ({ gpu }) => {
    const build = (graph: Graph) => ({ output: draw(graph), bound: () => bound });
    const task = createTask({ case: { op: kind, name: kind, build }, bytes: 4 * SIZE });
    return [
      kernelContender(gpu, 'Philox kernel', task),
      // The host's twin of the kernel is the plain loop, of which only normals come addressed by element.
      ...(kind === 'normal'
        ? [
            plainContender(task, () => {
              const outputs: Record<string, Float32Array> = {};
              const fill = (): Float32Array => fillNormal(SIZE, SEED, 0, streams.noise);
              return { outputs, run: () => void (outputs['output'] = fill()) };
            }),
          ]
        : []),
      ...referenceContenders(task),
    ];
  },
}));
