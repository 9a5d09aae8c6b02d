import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openGpu, type Gpu } from '../../src/gpu/open';
import { compile } from '../../src/graph/compile';
import type { Program } from '../../src/graph/program';
import { interpret } from '../../src/graph/reference';
import { train } from '../../src/graph/train';
import { adamw } from '../../src/optim/adamw';
import { sgd } from '../../src/optim/sgd';
import { classifier } from './models';
import { draws } from './updates';
import { expectSameUnawaited } from './unawaited';

let gpu: Gpu;
beforeAll(async () => {
  gpu = await openGpu();
});
afterAll(() => gpu.close());

const bits = (values: Float32Array): Uint32Array =>
  new Uint32Array(values.buffer, values.byteOffset, values.length);

async function parametersAfter(program: Program, batches: readonly number[]): Promise<Uint32Array> {
  for (const count of batches) await program.advance(count);
  const { parameters } = await program.save();
  return bits(parameters);
}

describe('a compiled program', () => {
  it('follows the float64 reference for ten steps, replica by replica', async () => {
    for (const update of [adamw({ lr: 1e-2, weightDecay: 1 }), sgd({ lr: 0.1, momentum: 0.9 })]) {
      const spec = classifier({ replicas: 3, update });
      const device = await compile(gpu, spec);
      const reference = interpret(classifier({ replicas: 3, update }));
      const [actual, expected] = await Promise.all([device.advance(10), reference.advance(10)]);
      expect(actual.rows.length).toBe(10 * 2 * 3);
      actual.rows.forEach((value, k) => expect(value).toBeCloseTo(expected.rows[k], 5));
      expect(new Set(actual.rows.slice(0, 3)).size).toBe(3);
      device.dispose();
    }
  });

  it('draws shared and held integers as the reference does, step by step', async () => {
    const device = await compile(gpu, draws());
    const [actual, expected] = await Promise.all([
      device.advance(7),
      interpret(draws()).advance(7),
    ]);
    actual.rows.forEach((value, k) => expect(value).toBeCloseTo(expected.rows[k], 3));
    device.dispose();
  });

  it('gives the same bits twice, and the same whether steps share a submit or not', async () => {
    const run = async (batches: number[]): Promise<Uint32Array> => {
      const program = await compile(gpu, classifier({ replicas: 2 }));
      const values = await parametersAfter(program, batches);
      program.dispose();
      return values;
    };
    const once = await run([40]);
    expect(await run([40])).toEqual(once);
    expect(await run([1, 2, 3, 30, 4])).toEqual(once);
  });

  it('goes on from a snapshot as if nothing had happened', async () => {
    const whole = await compile(gpu, classifier());
    const expected = await parametersAfter(whole, [50]);
    const first = await compile(gpu, classifier());
    await first.advance(20);
    const snapshot = await first.save();
    expect(snapshot.step).toBe(20);
    const second = await compile(gpu, classifier());
    second.restore(snapshot);
    expect(second.step).toBe(20);
    expect(await parametersAfter(second, [30])).toEqual(expected);
    for (const program of [whole, first, second]) program.dispose();
  });

  it('gives who waits for nothing the same bits, snapshots in their place', () =>
    expectSameUnawaited(() => compile(gpu, classifier())));

  it('records every step once, also when the ring wraps', async () => {
    const program = await compile(gpu, classifier());
    const losses: number[] = [];
    await train(program, 700, {
      onBatch: ({ rows, count }) => {
        for (let k = 0; k < count; k++) losses.push(rows[2 * k]);
      },
    });
    expect(losses.length).toBe(700);
    expect(program.step).toBe(700);
    const again = await compile(gpu, classifier());
    for (let step = 0; step < 700; step += 100) {
      const { rows } = await again.advance(100);
      for (let k = 0; k < 100; k++) expect(rows[2 * k]).toBe(losses[step + k]);
    }
    expect(losses[699]).toBeLessThan(losses[0] / 5);
    program.dispose();
    again.dispose();
  });

  it('records all replicas where they are more than a workgroup of a GPU', async () => {
    const { rows: expected } = await interpret(classifier({ replicas: 300 })).advance(2);
    const asGpu = { ...gpu, traits: { ...gpu.traits, barriers: true } };
    const program = await compile(asGpu, classifier({ replicas: 300 }));
    const { rows } = await program.advance(2);
    expect(rows.length).toBe(2 * 2 * 300);
    rows.forEach((value, k) => expect(value).toBeCloseTo(expected[k], 5));
    program.dispose();
  });

  it('evaluates at the parameters it has, and leaves them alone', async () => {
    const program = await compile(gpu, classifier({ replicas: 2 }));
    const { outputs } = await program.advance(0, 'all');
    const { rows } = await program.advance(1, 'all');
    expect(outputs!['loss'].length).toBe(2);
    expect(outputs!['loss'][1]).toBe(rows[1]);
    expect(outputs!['logits'].length).toBe(2 * 24 * 3);
    expect(outputs!['weights'].length).toBe(2 * 5 * 16);
    const { parameters } = await program.save();
    const after = (await program.advance(0, 'all')).outputs!['weights'];
    expect(after.slice(0, 80)).toEqual(parameters.slice(0, 80));
    program.dispose();
  });

  it('tells the time on the device where there are timestamps', async () => {
    const program = await compile(gpu, classifier());
    const { milliseconds, deviceMilliseconds } = await program.advance(200);
    if (gpu.device.features.has('timestamp-query')) {
      expect(deviceMilliseconds).toBeGreaterThan(0);
      expect(deviceMilliseconds).toBeLessThan(milliseconds + 1);
    } else expect(deviceMilliseconds).toBeNull();
    program.dispose();
  });

  it('takes its replicas apart: replica 1 of two is seed 1 alone', async () => {
    const two = await compile(gpu, classifier({ replicas: 2 }));
    const alone = await compile(gpu, { ...classifier(), keys: [[1, 0]] });
    const both = (await two.advance(20)).rows;
    const one = (await alone.advance(20)).rows;
    for (let k = 0; k < 20; k++) expect(both[4 * k + 1]).toBeCloseTo(one[2 * k], 5);
    two.dispose();
    alone.dispose();
  });

  it('keeps pruned parameters at zero', async () => {
    const spec = classifier({ update: adamw({ lr: 1e-2 }) });
    const mask = Float32Array.from({ length: 128 }, (_, k) => (k % 3 === 0 ? 0 : 1));
    const program = await compile(gpu, { ...spec, training: { ...spec.training!, mask } });
    await program.advance(5);
    const { parameters } = await program.save();
    parameters.forEach((value, k) => expect(value === 0).toBe(mask[k] === 0));
    program.dispose();
  });
});
