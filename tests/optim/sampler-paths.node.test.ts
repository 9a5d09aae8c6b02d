/** The general path and the on-chip path keep to one contract: the same options and keys give the same trajectories. */
import { describe, expect, it } from 'vitest';
import { createGraph } from '../../src/graph/node';
import { layOutParameters } from '../../src/graph/layout';
import { interpret } from '../../src/graph/reference';
import { constant, data, parameter } from '../../src/ops/source';
import { multiply } from '../../src/ops/elementwise';
import { sum } from '../../src/ops/reduce';
import { sampler } from '../../src/optim/sampler';
import { METHODS, SAMPLER_METRICS, type SamplerOptions } from '../../src/optim/sampler/options';
import { interpretChains } from '../../src/slt/chain/interpret';

const eigenvalues = [1, 2, 0.5, 3, 0.25];
const STEPS = 24;
const keys = [
  [3, 0],
  [3, 1],
] as const;

const common: Omit<SamplerOptions, 'method'> = {
  lr: [0.02, 0.05],
  nbeta: [10, 3],
  localization: [1, 0],
  weightDecay: [0.5, 2],
  leapfrog: 3,
  acceptanceEvery: 3,
  anchor: Float32Array.of(0.1, -0.2, 0.3, 0, 0.5, 0, 0, 0),
  mask: Float32Array.of(1, 1, 1, 0, 1, 0, 0, 0),
  directions: Float32Array.from({ length: 16 }, (_, i) => Math.cos(i)),
};

const variants: readonly (readonly [string, Partial<SamplerOptions>])[] = [
  ['as they are', {}],
  ['with a box', { box: 0.3, acceptanceEvery: 0 }],
];

describe.each(METHODS)('%s', (method) => {
  it.each(variants)('records the same on both paths, %s', async (_, variant) => {
    const options: SamplerOptions = { ...common, ...variant, method };
    const graph = createGraph();
    const w = parameter(graph, 'w', [eigenvalues.length], { kind: 'zeros' });
    const h = data(graph, 'h', [eigenvalues.length]);
    const loss = multiply(sum(multiply(h, multiply(w, w))), constant(graph, 0.5));
    const start = Float32Array.from({ length: 16 }, (_, i) => (i % 8 < 5 ? 0.2 * Math.sin(i) : 0));
    const general = interpret({
      keys,
      start,
      data: { h: Float32Array.from(eigenvalues) },
      training: { loss, metrics: {}, update: sampler(options) },
    });
    const layout = layOutParameters(graph);
    const target = { kind: 'quadratic', eigenvalues, gradientNoise: 0 } as const;
    const every = method === 'hmc' ? 3 : 1;
    const onChip = interpretChains({
      ...{ target, layout, keys, start, baseline: 0, sampler: options },
      rowEvery: every,
    });
    const [a, b] = await Promise.all([general.advance(STEPS), onChip.advance(STEPS)]);
    const columns = SAMPLER_METRICS.length * keys.length;
    for (let row = 0; row < STEPS / every; row++) {
      for (let k = 0; k < columns; k++) {
        const name = `${SAMPLER_METRICS[Math.floor(k / 2)]} of chain ${k % 2}, step ${row * every}`;
        expect(b.rows[row * columns + k], name).toBeCloseTo(a.rows[row * every * columns + k]!, 9);
      }
    }
    const [ends, other] = await Promise.all([general.save(), onChip.save()]);
    expect(other.parameters).toEqual(ends.parameters);
  });
});
