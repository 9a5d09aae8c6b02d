/** Probes in float64 against the reference without programs. */
import { describe, expect, it } from 'vitest';
import { BadConfig } from '../../src/gpu/errors';
import type { ProgramSpec } from '../../src/graph/program';
import { createProbe, type TraceProbed } from '../../src/prune';
import { createRandom } from '../../src/random/random';
import { streams } from '../../src/random/streams';
import { attending, distance, inFloat64, inReference, startOf, tokens, vectors } from './models';

/** Results are float32: half a unit in the last place, element by element. */
const ROUNDED = 1e-6;

const smooth = vectors([5, 6, 4], { activation: 'gelu' });
const kinked = vectors([5, 6, 4]);

function randomVector({ length }: Float32Array): Float32Array {
  const random = createRandom(17, 0, streams.probe);
  return Float32Array.from({ length }, () => random.normal());
}

describe.each([
  ['tokens', tokens],
  ['vectors, GELU', smooth],
  ['vectors, ReLU', kinked],
  ['attention', attending],
])('a probe of %s', (_, trace: TraceProbed) => {
  it('gives the gradients of the loss and of the tempered one', async () => {
    const probe = createProbe({ trace, open: inFloat64 });
    const exact = inReference(trace);
    const parameters = startOf(trace);
    for (const [of, tempered] of [
      ['loss', false],
      ['tempered', true],
    ] as const) {
      const found = await probe.gradients(of, parameters);
      expect(distance(found, exact.gradient(parameters, tempered))).toBeLessThan(ROUNDED);
    }
    probe.dispose();
  });
});

describe('Hessian products', () => {
  it.each([
    ['tokens', tokens],
    ['vectors, GELU', smooth],
    ['vectors, ReLU', kinked],
    ['vectors, tanh and biases', vectors([5, 6, 4], { activation: 'tanh' })],
  ])('of %s are exact, and what differences in float64 give', async (_, trace: TraceProbed) => {
    const probe = createProbe({ trace, open: inFloat64 });
    expect(probe.curvature).toBe('exact');
    const exact = inReference(trace);
    const parameters = startOf(trace);
    const vector = randomVector(parameters);
    const found = await probe.hessianProduct(parameters, vector);
    expect(distance(found, exact.product(parameters, vector))).toBeLessThan(1e-5);
    probe.dispose();
  });

  it.each([
    ['GELU', smooth],
    ['ReLU', kinked],
    ['two ReLUs', vectors([5, 20, 20, 4])],
    ['tokens and a ReLU', tokens],
  ])('agree with differences of gradients, kinks or not: %s', async (_, trace) => {
    const [exact, differences] = (['exact', 'differences'] as const).map((curvature) =>
      createProbe({ trace, open: inFloat64, curvature }),
    );
    expect(differences.curvature).toBe('differences');
    const parameters = startOf(trace);
    const vector = await exact.gradients('tempered', parameters);
    const a = await exact.hessianProduct(parameters, vector);
    const b = await differences.hessianProduct(parameters, vector);
    expect(distance(b, a)).toBeLessThan(1e-3);
    expect(await differences.gradients('tempered', parameters)).toEqual(vector);
    expect(
      await differences.hessianProduct(
        parameters,
        vector.map(() => 0),
      ),
    ).toEqual(vector.map(() => 0));
    exact.dispose();
    differences.dispose();
  });

  it('are differences of gradients where attention is on the way', async () => {
    const probe = createProbe({ trace: attending, open: inFloat64 });
    expect(probe.curvature).toBe('differences');
    const exact = inReference(attending);
    const parameters = startOf(attending);
    const vector = await probe.gradients('tempered', parameters);
    const found = await probe.hessianProduct(parameters, vector);
    expect(distance(found, exact.product(parameters, vector))).toBeLessThan(1e-3);
    probe.dispose();
    expect(() => createProbe({ trace: attending, open: inFloat64, curvature: 'exact' })).toThrow(
      BadConfig,
    );
  });
});

describe('a probe', () => {
  it('makes a program for what is asked for, once, and lets it go', async () => {
    const opened: string[] = [];
    let disposed = 0;
    const open = async (spec: ProgramSpec) => {
      opened.push(Object.keys(spec.evaluations!).join());
      const program = await inFloat64(spec);
      return { ...program, restore: program.restore, dispose: () => void disposed++ };
    };
    const probe = createProbe({ trace: tokens, open });
    expect(opened).toEqual([]);
    const parameters = startOf(tokens);
    await probe.gradients('loss', parameters);
    await probe.gradients('loss', parameters);
    expect(opened).toEqual(['loss']);
    await probe.gradients('tempered', parameters);
    await probe.hessianProduct(parameters, parameters);
    expect(opened).toEqual(['loss', 'tempered,product']);
    probe.dispose();
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(disposed).toBe(2);
  });

  it('keeps calls apart that are under way at once', async () => {
    const probe = createProbe({ trace: tokens, open: inFloat64 });
    const starts = [0, 1, 2].map((seed) => startOf(tokens, seed));
    const alone = [];
    for (const start of starts) alone.push(await probe.gradients('loss', start));
    const together = await Promise.all(starts.map((start) => probe.gradients('loss', start)));
    expect(together).toEqual(alone);
    expect(alone[0]).not.toEqual(alone[1]);
    probe.dispose();
  });

  it('opens again what failed to open, and refuses weights of another network', async () => {
    let fails = true;
    const open = (spec: ProgramSpec) =>
      fails ? Promise.reject(new Error('no device')) : inFloat64(spec);
    const probe = createProbe({ trace: tokens, open });
    const parameters = startOf(tokens);
    await expect(probe.gradients('loss', parameters)).rejects.toThrow('no device');
    fails = false;
    await expect(probe.gradients('loss', parameters)).resolves.toHaveLength(parameters.length);
    await expect(probe.gradients('loss', new Float32Array(4))).rejects.toThrow(
      'parameters: 4 values',
    );
    await expect(probe.hessianProduct(parameters, new Float32Array(4))).rejects.toThrow(
      'vector: 4 values',
    );
    probe.dispose();
  });
});
