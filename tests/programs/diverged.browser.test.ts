/** A network that holds a number that is not finite is found to have diverged, though ReLU and softmax choose among what they are given. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Diverged } from '../../src/gpu/errors';
import { openGpu, type Gpu } from '../../src/gpu/open';
import { compile } from '../../src/graph/compile';
import type { ProgramSpec } from '../../src/graph/program';
import { interpret } from '../../src/graph/reference';
import { train } from '../../src/graph/train';
import { classifier } from './models';

let gpu: Gpu;
beforeAll(async () => {
  gpu = await openGpu();
});
afterAll(() => gpu.close());

/** A ReLU classifier with one weight of its hidden layer put to a value. */
function spoilt(value: number): ProgramSpec {
  const spec = classifier({ replicas: 2 });
  const { stride } = interpret(spec).layout;
  const start = Float32Array.from({ length: 2 * stride }, (_, k) => Math.sin(k));
  start[stride + 7] = value;
  return { ...spec, start };
}

describe.each([NaN, Infinity])('a weight of %d', (value) => {
  it.each([false, true])('ends training at the first step, barriers: %s', async (barriers) => {
    const on = { ...gpu, traits: { ...gpu.traits, barriers } };
    const program = await compile(on, spoilt(value));
    await expect(train(program, 3)).rejects.toMatchObject({ step: 0, replica: 1 });
    program.dispose();
  });

  it('does so in float64', async () => {
    await expect(train(interpret(spoilt(value)), 3)).rejects.toThrow(Diverged);
  });
});

it('a network of NaN answers nothing right, and leaves its neighbour alone', async () => {
  const program = await compile(gpu, spoilt(NaN));
  expect(program.metrics).toEqual(['loss', 'accuracy']);
  const { rows } = await program.advance(2);
  expect([rows[1], rows[3]]).toEqual([NaN, 0]);
  expect([rows[0], rows[2]].every((one) => one > 0)).toBe(true);
  expect([rows[5], rows[7]]).toEqual([NaN, 0]);
  program.dispose();
});
