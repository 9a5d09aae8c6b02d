/** The samplers' kernels: against their twins, alone and as whole programs, and what a user of many chains counts on. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openGpu, type Gpu } from '../../src/gpu/open';
import { compile } from '../../src/graph/compile';
import { createGraph } from '../../src/graph/node';
import type { Program, ProgramSpec, Snapshot } from '../../src/graph/program';
import { interpret } from '../../src/graph/reference';
import { checkSamplers } from '../../src/lab/check/samplers';
import type { Update } from '../../src/graph/update';
import { multiply } from '../../src/ops/elementwise';
import { sum } from '../../src/ops/reduce';
import { constant, parameter } from '../../src/ops/source';
import { sampler } from '../../src/optim/sampler';
import { METHODS, SAMPLER_METRICS, type Method } from '../../src/optim/sampler/options';
import type { Options } from './sampling';

let gpu: Gpu;
beforeAll(async () => {
  gpu = await openGpu();
});
afterAll(() => gpu?.close());

/** The same device, told to be one where barriers are cheap or dear. */
const as = (barriers: boolean): Gpu => ({
  ...gpu,
  check: () => gpu.check(),
  traits: { ...gpu.traits, barriers },
});

/** The update told that an axis has few workgroups, to fold grids that are otherwise too large to test. */
const folded = (update: Update, most: number): Update => ({
  ...update,
  lower(target, to) {
    const traits = { ...to.traits, maxWorkgroupsPerDimension: most };
    update.lower(target, { ...to, traits });
  },
});

interface Shape {
  readonly size: number;
  readonly replicas: number;
  readonly start?: Float32Array;
}

/** L(w) = ½‖w‖², chains that start where a normal of 0.1 says. */
function quadratic(options: Options, { size, replicas, start }: Shape, most = 65_535): ProgramSpec {
  const graph = createGraph();
  const w = parameter(graph, 'w', [size], { kind: 'normal', std: 0.1 });
  const loss = multiply(sum(multiply(w, w)), constant(graph, 0.5));
  const stride = Math.ceil(size / 4) * 4;
  const mask = Float32Array.from({ length: stride }, (_, i) => Number(i < size));
  const update = folded(sampler({ anchor: new Float32Array(stride), mask, ...options }), most);
  const keys = Array.from({ length: replicas }, (_, lane) => [5, lane] as const);
  return { keys, data: {}, ...(start && { start }), training: { loss, metrics: {}, update } };
}

const optionsOf = (method: Method): Options => ({
  method,
  lr: 0.01,
  nbeta: 10,
  localization: 1,
  leapfrog: 3,
  acceptanceEvery: 4,
});

const bits = (values: Float32Array | Float64Array): Uint32Array =>
  new Uint32Array((values as Float32Array).slice().buffer);

function bitsOf({ parameters, state, scalars = {} }: Snapshot): Uint32Array[] {
  return [parameters, ...Object.values(state), ...Object.values(scalars)].map(bits);
}

async function withProgram<T>(
  spec: ProgramSpec,
  use: (program: Program) => Promise<T>,
): Promise<T> {
  const program = await compile(gpu, spec);
  try {
    return await use(program);
  } finally {
    program.dispose();
  }
}

describe('the kernels of samplers', () => {
  it.each([
    ['software adapters', false],
    ['GPUs', true],
  ])('for %s follow their float64 twins, step by step', async (_, barriers) => {
    const comparisons = await checkSamplers(as(barriers), () => true);
    expect(new Set(comparisons.map(({ subject }) => subject))).toEqual(new Set(METHODS));
    for (const { subject, where, error, bound } of comparisons) {
      expect(error, `${subject}: ${where}`).toBeLessThanOrEqual(bound);
    }
  });

  it.each([
    { size: 3, replicas: 150, barriers: true, most: 2 },
    { size: 18, replicas: 150, barriers: false, most: 2 },
    { size: 4 * 997, replicas: 3, barriers: true, most: 2 },
    { size: 4 * 997, replicas: 3, barriers: false, most: 1 },
  ])('cover every element once: %o', async ({ size, replicas, barriers, most }) => {
    for (const method of ['rmsprop-sgld', 'sgnht', 'mala'] as const) {
      const spec = quadratic(optionsOf(method), { size, replicas }, most);
      const program = await compile(as(barriers), spec);
      const grids = program.phases[0]!.dispatches.map(({ groups }) => groups);
      expect(grids.some(([x, y, z]) => x <= most && y <= most && (z > 1 || x === most))).toBe(true);
      const twin = interpret(spec);
      await Promise.all([program.advance(2), twin.advance(2)]);
      const [found, expected] = await Promise.all([program.save(), twin.save()]);
      const wrong = found.parameters.findIndex(
        (value, i) => !(Math.abs(value - expected.parameters[i]!) < 1e-5),
      );
      expect(wrong, method).toBe(-1);
      program.dispose();
    }
  });
});

describe.each(METHODS)('%s', (method) => {
  it('follows the float64 reference for ten steps, parameters and records', async () => {
    const spec = quadratic(optionsOf(method), { size: 10, replicas: 3 });
    const twin = interpret(spec);
    const { rows: expected } = await twin.advance(10);
    await withProgram(spec, async (program) => {
      expect(program.metrics).toEqual([...SAMPLER_METRICS]);
      const { rows } = await program.advance(10);
      expect(rows.length).toBe(expected.length);
      rows.forEach((value, k) => {
        const bound = 1e-4 * Math.max(1, Math.abs(expected[k]!));
        expect(Math.abs(value - expected[k]!), SAMPLER_METRICS[((k / 3) % 12) | 0]).toBeLessThan(
          bound,
        );
      });
      const [found, wanted] = await Promise.all([program.save(), twin.save()]);
      found.parameters.forEach((value, i) => expect(value).toBeCloseTo(wanted.parameters[i]!, 5));
    });
  });

  it('gives the same bits twice, and when it is stopped and resumed', async () => {
    const spec = quadratic(optionsOf(method), { size: 50, replicas: 8 });
    const whole = await withProgram(spec, async (program) => {
      const { rows } = await program.advance(23);
      return { rows: bits(rows), state: bitsOf(await program.save()) };
    });
    const half = await withProgram(spec, async (program) => {
      await program.advance(10);
      return program.save();
    });
    await withProgram(spec, async (program) => {
      program.restore(half);
      const { rows } = await program.advance(13);
      expect(bits(rows)).toEqual(whole.rows.subarray(10 * 12 * 8));
      expect(bitsOf(await program.save())).toEqual(whole.state);
    });
  });

  it('leaves 63 chains alone when one of 64 is lost', async () => {
    const [size, replicas, lost] = [8, 64, 17];
    const start = Float32Array.from({ length: size * replicas }, (_, i) => 0.1 * Math.sin(i));
    const run = (from: Float32Array) =>
      withProgram(
        quadratic(optionsOf(method), { size, replicas, start: from }),
        async (program) => {
          const { rows } = await program.advance(12);
          return { rows, parameters: (await program.save()).parameters };
        },
      );
    const sound = await run(start);
    const broken = await run(start.map((value, i) => (i === lost * size + 3 ? NaN : value)));
    const others = (
      all: Float32Array | Float64Array,
      chainOf: (i: number) => number,
    ): Uint32Array => bits(Float32Array.from(all).filter((_, i) => chainOf(i) !== lost));
    const byRow = (i: number): number => i % replicas;
    const byChain = (i: number): number => Math.floor(i / size);
    expect(others(broken.rows, byRow)).toEqual(others(sound.rows, byRow));
    expect(others(broken.parameters, byChain)).toEqual(others(sound.parameters, byChain));
    for (let step = 0; step < 12; step++) {
      expect(Number.isFinite(broken.rows[step * 12 * replicas + lost])).toBe(false);
      expect(Number.isFinite(sound.rows[step * 12 * replicas + lost])).toBe(true);
    }
  });
});

describe('on the device a quadratic has its exact variance', () => {
  const size = 64;
  const nbeta = 100;
  it.each<[Options, number, number]>([
    // ½·(nβ/a)/(1 − εa/4) for Langevin, ½·nβ/a for the exact ones, a = nβ + γ.
    [{ method: 'sgld', lr: 1e-2, nbeta, localization: 0 }, 2 / 3, 0.01],
    [{ method: 'sgld', lr: 1e-2, nbeta, localization: 100 }, 0.5, 0.01],
    [{ method: 'mala', lr: 4e-3, nbeta, localization: 100 }, 0.25, 0.02],
    [{ method: 'hmc', lr: 2e-3, nbeta, localization: 0, leapfrog: 4 }, 0.5, 0.02],
  ])('%o', async (options, lambda, tolerance) => {
    const replicas = 32;
    await withProgram(quadratic(options, { size, replicas }), async (program) => {
      await program.advance(100);
      const blocks = [await program.advance(200), await program.advance(200)];
      let total = 0;
      for (const { rows } of blocks) {
        for (let step = 0; step < 200; step++) {
          for (let r = 0; r < replicas; r++) total += rows[step * 12 * replicas + r]!;
        }
      }
      const mean = total / (400 * replicas * size);
      expect(Math.abs((nbeta * mean) / lambda - 1)).toBeLessThan(tolerance);
    });
  });
});
