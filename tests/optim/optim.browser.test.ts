import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openGpu, type Gpu } from '../../src/gpu/open';
import { readBuffer } from '../../src/gpu/readback';
import type { Update } from '../../src/graph/update';
import { ulp } from '../../src/lab/check/bounds';
import { checkOptimizers } from '../../src/lab/check/optimizers';
import { adamw } from '../../src/optim/adamw';
import { sgd } from '../../src/optim/sgd';
import { buildPlan } from '../../src/plan/build';
import { beginPhase, createBlock } from '../../src/plan/phase';
import type { Block } from '../../src/plan/types';
import { createRandom } from '../../src/random/random';
import { streams } from '../../src/random/streams';

let gpu: Gpu;
beforeAll(async () => {
  gpu = await openGpu();
});
afterAll(() => gpu?.close());

describe('optimisers on the device', () => {
  it('stay within 1e-6 of the update of their float64 twins over 100 steps', async () => {
    const comparisons = await checkOptimizers(gpu, () => true);
    expect(comparisons.length).toBeGreaterThan(0);
    for (const { subject, where, error, bound } of comparisons) {
      expect(error, `${subject}: ${where}`).toBeLessThanOrEqual(bound);
    }
  });
});

interface Case {
  readonly name: string;
  readonly size: number;
  readonly replicas: number;
  /** Of the GPU's variant or of the software one. */
  readonly barriers: boolean;
  /** Most workgroups an axis, to fold grids that are otherwise too large to test. */
  readonly most: number;
  readonly mask?: 'shared' | 'replicated';
}

const cases: readonly Case[] = [
  { name: 'one vector', size: 4, replicas: 1, barriers: true, most: 65_535 },
  { name: 'many small replicas', size: 12, replicas: 301, barriers: true, most: 65_535 },
  { name: 'replicas in y and z', size: 20, replicas: 301, barriers: true, most: 7 },
  { name: 'striding over x', size: 4 * 997, replicas: 2, barriers: true, most: 2 },
  { name: 'striding, software', size: 4 * 997, replicas: 5, barriers: false, most: 3 },
  { name: 'shared mask', size: 4 * 67, replicas: 3, barriers: true, most: 65_535, mask: 'shared' },
  { name: 'own masks', size: 4 * 67, replicas: 3, barriers: false, most: 9, mask: 'replicated' },
];

const updates: Readonly<Record<string, (replicas: number) => Update>> = {
  'adamw, clipped': (replicas) =>
    adamw({ lr: 0.01, beta2: sweep(replicas, [0.98, 0.999]), weightDecay: 1, clip: 0.5 }),
  'adamw, l2': (replicas) => adamw({ lr: sweep(replicas, [0.1, 0.01]), l2: 0.01 }),
  'sgd, Nesterov': (replicas) =>
    sgd({ lr: 0.1, momentum: sweep(replicas, [0.9, 0.5]), nesterov: true, weightDecay: 0.1 }),
  'sgd, clipped': (replicas) => sgd({ lr: 1, clip: sweep(replicas, [0.5, 0, 1e9]) }),
};

/** The values in turn, one a replica. */
function sweep(replicas: number, values: readonly number[]): number[] {
  return Array.from({ length: replicas }, (_, replica) => values[replica % values.length]);
}

describe.each(cases)('the grid of $name', (grid) => {
  it.each(Object.entries(updates))('covers every element once: %s', async (_, make) => {
    const update = make(grid.replicas);
    const { found, expected } = await updateOnce(update, grid);
    for (const [name, values] of Object.entries(expected)) {
      // Terms of up to about 8 cancel in some elements; a wrong or skipped one is off by far more.
      const bound = 4 * ulp(8);
      const wrong = values.findIndex(
        (value, i) => !(Math.abs(found[name][i] - value) <= 3e-6 * Math.abs(value) + bound),
      );
      expect(
        wrong < 0 ? '' : `${name}[${wrong}] is ${found[name][wrong]}, not ${values[wrong]}`,
      ).toBe('');
    }
    const again = await updateOnce(update, grid);
    expect(again.found).toEqual(found);
  });
});

/** One update from random numbers, and the same in float64. */
async function updateOnce(update: Update, { size, replicas, barriers, most, mask }: Case) {
  const random = createRandom(size, replicas, streams.probe);
  const draw = (count: number): Float32Array =>
    Float32Array.from({ length: count }, () => random.normal());
  const values = new Map<Block, Float32Array | Uint32Array>();
  const block = (label: string, content: Float32Array | Uint32Array): Block => {
    const element = content instanceof Uint32Array ? 'u32' : 'f32';
    const made = createBlock(label, content.length, 'persistent', element);
    values.set(made, content);
    return made;
  };
  const columns = Object.values(update.hyper);
  const rowOf = (replica: number): number[] =>
    columns.map((value) => (typeof value === 'number' ? value : value[replica]));
  const all = size * replicas;
  const kept = Float32Array.from({ length: mask === 'replicated' ? all : size }, () =>
    random.uniform() < 0.6 ? 1 : 0,
  );
  const target = {
    size,
    parameters: block('parameters', draw(all)),
    gradients: block('gradients', draw(all)),
    mask: mask ? { block: block('mask', kept), replicated: mask === 'replicated' } : null,
    state: Object.fromEntries(
      // Second moments are squares.
      update.state.map((name) => [name, block(name, draw(all).map(Math.abs))]),
    ),
    scalars: null,
    metrics: null,
    loss: null,
    hyper: block('hyper', Float32Array.from(sweep(replicas, [0]).flatMap((_, r) => rowOf(r)))),
    tables: Object.fromEntries(
      Object.entries(update.tables).map(([name, table]) => [name, block(name, table)]),
    ),
    clock: block('clock', Uint32Array.of(3, 0, 0, 0)),
  };
  const traits = { ...gpu.traits, barriers, maxWorkgroupsPerDimension: most };
  const phase = beginPhase('update', traits, replicas);
  update.lower(target, phase);
  const plan = await buildPlan(gpu, { phases: [phase.finish()], values });
  try {
    const encoder = gpu.device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    for (const { pipeline, group, x, y, z } of plan.phases['update']) {
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, group);
      pass.dispatchWorkgroups(x, y, z);
    }
    pass.end();
    gpu.device.queue.submit([encoder.finish()]);
    const results = { parameters: target.parameters, ...target.state };
    const found: Record<string, Float32Array> = {};
    const expected: Record<string, Float64Array> = {};
    for (const [name, from] of Object.entries(results)) {
      found[name] = new Float32Array(await readBuffer(gpu, plan.buffer(from), 0, 4 * all));
      expected[name] = Float64Array.from(values.get(from)!);
    }
    for (let replica = 0; replica < replicas; replica++) {
      const own = (array: Float64Array): Float64Array =>
        array.subarray(replica * size, (replica + 1) * size);
      const { parameters, ...state } = expected;
      update.reference({
        step: 3,
        seed: 0,
        replica,
        index: replica,
        parameters: own(parameters),
        gradients: own(Float64Array.from(values.get(target.gradients)!)),
        mask: mask
          ? mask === 'shared'
            ? Float64Array.from(kept)
            : own(Float64Array.from(kept))
          : null,
        state: Object.fromEntries(Object.entries(state).map(([name, array]) => [name, own(array)])),
        scalars: {},
        metrics: new Float64Array(0),
        loss: NaN,
        hyper: Object.fromEntries(
          Object.keys(update.hyper).map((name, h) => [name, rowOf(replica)[h]]),
        ),
      });
    }
    return { found, expected };
  } finally {
    plan.dispose();
  }
}
