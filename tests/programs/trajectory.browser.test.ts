/** Whole programs of the papers' size against float64, and long runs against themselves. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openGpu, type Gpu } from '../../src/gpu/open';
import { compile } from '../../src/graph/compile';
import type { Program, ProgramSpec } from '../../src/graph/program';
import { interpret } from '../../src/graph/reference';
import { modularAddition } from '../../src/lab/experiments/modular-addition';
import type { ModularConfig } from '../../src/lab/experiments/modular-schema';
import type { TrainingModel } from '../../src/lab/experiments/types';
import { classifier } from './models';

let gpu: Gpu;
beforeAll(async () => {
  gpu = await openGpu();
});
afterAll(() => gpu.close());

/** The `paper` network and optimiser on mini-batches, which device and reference draw alike. */
function paper(forward: 'cheap' | 'full'): TrainingModel {
  const config = {
    schema: 1,
    experiment: 'modular-addition',
    data: { modulus: 113, fraction: 0.3, pairs: 'ordered' },
    network: { kind: 'transformer', width: 128, hidden: 512, heads: 4, equalsClass: true, forward },
    optimizer: { lr: 0.001, warmup: 0 },
    batchSize: 256,
  };
  return modularAddition.build(modularAddition.parse(config));
}

/** The training step alone: evaluations and views would be traced and bound for nothing. */
function stepOf({ keys, data, loss, update }: TrainingModel): ProgramSpec {
  return { keys, data, training: { loss, metrics: { loss }, update } };
}

async function losses(program: Program, steps: number): Promise<number[]> {
  const { rows } = await program.advance(steps);
  program.dispose();
  return [...rows];
}

describe('the network of the paper', () => {
  it('follows the float64 reference for ten steps, in both forms of the forward pass', async () => {
    const expected = await losses(interpret(stepOf(paper('cheap'))), 10);
    expect(expected[9]).toBeLessThan(expected[0]);
    for (const forward of ['cheap', 'full'] as const) {
      const actual = await losses(await compile(gpu, stepOf(paper(forward))), 10);
      actual.forEach((loss, step) => {
        const error = Math.abs(loss / expected[step] - 1);
        expect(error, `${forward}, step ${step}: ${loss}, expected ${expected[step]}`).toBeLessThan(
          1e-4,
        );
      });
    }
  });

  it('follows it with the kernels for GPUs, two replicas of a smaller one on the full batch', async () => {
    const { config } = paper('cheap');
    const small = modularAddition.build(
      modularAddition.parse({
        ...config,
        replicas: 2,
        batchSize: null,
        data: { modulus: 43, fraction: 0.35, pairs: 'ordered' },
        network: { ...(config as ModularConfig).network, width: 64, hidden: 132 },
      }),
    );
    const onGpu = { ...gpu, traits: { ...gpu.traits, barriers: true } };
    const program = await compile(onGpu, stepOf(small));
    const names = program.phases[0].dispatches.map(({ shader }) => shader.name);
    // Rows enough for gradients in pieces.
    expect(names).toContain('linear-gradient/tiled');
    expect(names).toContain('linear-gradient/total');
    const expected = await losses(interpret(stepOf(small)), 4);
    expect(expected[6]).toBeLessThan(expected[0]);
    (await losses(program, 4)).forEach((loss, k) =>
      expect(Math.abs(loss / expected[k] - 1), `value ${k}`).toBeLessThan(1e-5),
    );
  });
});

/** FNV-1a over the words of all arrays. */
function hash(...arrays: readonly Float32Array[]): number {
  let state = 0x811c9dc5;
  for (const array of arrays) {
    for (const word of new Uint32Array(array.slice().buffer))
      state = Math.imul(state ^ word, 0x01000193) >>> 0;
  }
  return state;
}

describe('a thousand steps', () => {
  it('give the same bits twice: parameters, optimiser state and every recorded loss', async () => {
    const run = async (batches: readonly number[]): Promise<number> => {
      const program = await compile(gpu, classifier({ replicas: 3 }));
      const rows: Float32Array[] = [];
      for (const count of batches)
        rows.push(Float32Array.from((await program.advance(count)).rows));
      expect(program.step).toBe(1000);
      const { parameters, state } = await program.save();
      program.dispose();
      const recorded = Float32Array.from(rows.flatMap((row) => [...row]));
      return hash(parameters, ...Object.values(state), recorded);
    };
    const first = await run([250, 250, 250, 250]);
    expect(await run([250, 250, 250, 250])).toBe(first);
    expect(await run([1, 99, 200, 100, 200, 200, 200])).toBe(first);
  });
});
