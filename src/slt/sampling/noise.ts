/** How noisy mini-batch gradients are at the points w*: their variance per coordinate, from a handful of batches. */
import type { Gpu } from '../../gpu/open';
import { openProgram } from '../../graph/open-program';
import { gradients } from '../../graph/grad';
import { createGraph } from '../../graph/node';
import type { ProgramSpec } from '../../graph/program';
import { randomIntegers } from '../../ops/random';
import { mean } from '../../ops/reduce';
import { streams } from '../../random/streams';
import { gradientNoise, minibatchVariances } from '../estimate/noise';
import { parametersByName } from './leaves';
import type { SamplingSetup } from './setup';

const BATCHES = 16;
const POINTS_AT_ONCE = 16;

/**
 * Mean over sampled coordinates of the noise ratio r = ε(nβ)²·Var(g_B)/4 of each point, at ε = 1 and nβ = 1: multiply by ε(nβ)².
 * The mean, for the largest of so few batches would be mostly chance. Null without mini-batches.
 */
export async function measureNoise(
  gpu: Gpu | null,
  setup: SamplingSetup,
): Promise<readonly number[] | null> {
  const { target, options, layout, mask } = setup;
  if (options.batchSize === null || target.samples === null) return null;
  const ratios: number[] = [];
  const free = [...mask.keys()].filter((i) => mask[i] !== 0);
  for (let from = 0; from < target.points.length; from += POINTS_AT_ONCE) {
    const points = Math.min(POINTS_AT_ONCE, target.points.length - from);
    const spec = traceBatches(setup, from, points);
    const program = await openProgram(gpu, spec);
    try {
      const { outputs } = await program.advance(0, 'batches');
      for (let p = 0; p < points; p++) {
        const flat = Array.from({ length: BATCHES }, (_, batch) => {
          const gradient = new Float64Array(layout.stride);
          layout.places.forEach(({ offset, size }, k) => {
            const start = (p * BATCHES + batch) * size;
            gradient.set(outputs![`gradient ${k}`].subarray(start, start + size), offset);
          });
          return free.map((i) => gradient[i]);
        });
        ratios.push(gradientNoise(minibatchVariances(flat), { stepSize: 1, nbeta: 1 }).mean);
      }
    } finally {
      program.dispose();
    }
  }
  return ratios;
}

function traceBatches(setup: SamplingSetup, from: number, points: number): ProgramSpec {
  const { target, options, layout, anchors } = setup;
  const graph = createGraph();
  const { sampleLosses } = target.trace(graph);
  const rows = randomIntegers(graph, [options.batchSize!], target.samples!, streams.batch);
  const parameters = parametersByName(graph);
  const byParameter = gradients(
    mean(sampleLosses!(rows)),
    layout.places.map(({ name }) => parameters.get(name)!),
  );
  const start = new Float32Array(points * BATCHES * layout.stride);
  for (let r = 0; r < points * BATCHES; r++) {
    const point = from + Math.floor(r / BATCHES);
    start.set(
      anchors.subarray(point * layout.stride, (point + 1) * layout.stride),
      r * layout.stride,
    );
  }
  return {
    keys: Array.from({ length: points * BATCHES }, (_, r) => [options.seed, r] as const),
    data: target.data,
    start,
    evaluations: {
      batches: Object.fromEntries(byParameter.map((node, k) => [`gradient ${k}`, node])),
    },
  };
}
