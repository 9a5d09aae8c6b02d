/** Training on the chip: as in float64, as on the general path, and what a program promises whatever its steps are. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { compileTraining, type ChipTraining } from '../../src/chip/training/compile';
import { openTraining } from '../../src/chip/training/open';
import { openGpu, type Gpu } from '../../src/gpu/open';
import { compile } from '../../src/graph/compile';
import type { ProgramSpec } from '../../src/graph/program';
import { CHAIN_VARIANTS } from '../../src/lab/check/chains';
import { checkTraining } from '../../src/lab/check/training';
import { trainingCases, type TrainingCase } from '../../src/lab/check/training-cases';
import { expectSameUnawaited } from '../programs/unawaited';

let gpu: Gpu;
beforeAll(async () => {
  gpu = await openGpu();
});
afterAll(() => gpu?.close());

const REPLICAS = 19;

function caseOf(name: string): TrainingCase {
  return trainingCases(REPLICAS).find((one) => one.name === name)!;
}

const drawn = caseOf('tanh, labels, batches of 10');
const features = caseOf('superposition, batches of 13');

describe.each(CHAIN_VARIANTS)('%s', (variant) => {
  it('ten steps as in float64, and a hundred updates of every rule', async () => {
    const comparisons = await checkTraining(gpu, () => true, [variant]);
    expect(comparisons.length).toBeGreaterThan(10);
    for (const { where, error, bound } of comparisons)
      expect(error, where).toBeLessThanOrEqual(bound);
  });

  it('a replica whose logits are NaN is lost, though its parameters are finite', async () => {
    const { spec, onChip } = caseOf('relu, labels');
    const sound = await compileTraining(gpu, spec, onChip, { variant });
    const { parameters: start } = await sound.save();
    // Of every sample the second hidden layer is infinite, and the logits infinity less infinity.
    const fill = [0, 1e30, 1e30, 0, 1, 0];
    const { places, stride } = sound.layout;
    const lost = 5;
    places.forEach(({ offset, size }, j) => {
      for (let k = 0; k < size; k++)
        start[lost * stride + offset + k] = fill[j] * (j === 4 && k % 2 ? -1 : 1);
    });
    sound.dispose();
    const broken = await compileTraining(gpu, { ...spec, start }, onChip, { variant });
    const { rows } = await broken.advance(3);
    rows.forEach((value, k) => expect(Number.isFinite(value)).toBe(k % REPLICAS !== lost));
    broken.dispose();
  });

  describe.each([drawn, features].map((one) => [one.name, one] as const))('%s', (_, one) => {
    const open = (spec: ProgramSpec = one.spec): Promise<ChipTraining> =>
      compileTraining(gpu, spec, one.onChip, { variant });

    it('same seed, same bits, however the steps are split into calls', async () => {
      const [once, again] = [await open(), await open()];
      const whole = await once.advance(21);
      const parts = await Promise.all([4, 1, 7, 9].map((count) => again.advance(count)));
      expect(parts.flatMap(({ rows }) => Array.from(rows))).toEqual(Array.from(whole.rows));
      expect(await again.save()).toEqual(await once.save());
      once.dispose();
      again.dispose();
    });

    it('goes on from a snapshot, of its own bit for bit and of the general path', async () => {
      const [whole, resumed, general] = [await open(), await open(), await compile(gpu, one.spec)];
      await whole.advance(6);
      resumed.restore(await whole.save());
      const [a, b] = [await whole.advance(5), await resumed.advance(5)];
      expect(b.firstStep).toBe(6);
      expect(Array.from(b.rows)).toEqual(Array.from(a.rows));
      await general.advance(6);
      resumed.restore(await general.save());
      const c = await resumed.advance(5);
      c.rows.forEach((value, k) => expect(Math.abs(value - a.rows[k])).toBeLessThan(1e-4));
      for (const program of [whole, resumed, general]) program.dispose();
    });

    it('gives who waits for nothing the same bits, snapshots in their place', () =>
      expectSameUnawaited(() => open()));

    it('a replica that is lost shows it in every row and leaves the others alone', async () => {
      const sound = await open();
      const { parameters: start } = await sound.save();
      const [lost, stride] = [17, sound.layout.stride];
      start[lost * stride] = NaN;
      const broken = await open({ ...one.spec, start });
      const [a, b] = [await sound.advance(12), await broken.advance(12)];
      const isLost = (k: number): boolean => k % REPLICAS === lost;
      b.rows.forEach((value, k) => expect(value).toBe(isLost(k) ? Infinity : a.rows[k]));
      sound.dispose();
      broken.dispose();
    });
  });
});

it('evaluations see the parameters after the steps, on either path', async () => {
  const { loss } = drawn.spec.training!;
  const spec = { ...drawn.spec, evaluations: { after: { loss } } };
  const chosen = await openTraining(gpu, spec, drawn.onChip);
  const general = await openTraining(gpu, spec, drawn.onChip, { prefer: 'general' });
  expect([chosen.path, general.path, general.reason]).toEqual(['on-chip', 'general', 'asked for']);
  const [a, b] = [
    await chosen.program.advance(9, 'after'),
    await general.program.advance(9, 'after'),
  ];
  expect(a.outputs!.loss.length).toBe(REPLICAS);
  a.outputs!.loss.forEach((value, r) =>
    expect(Math.abs(value / b.outputs!.loss[r] - 1)).toBeLessThan(1e-5),
  );
  // The batch of step 9 is what both of them saw: it is the loss of the next row.
  const next = await chosen.program.advance(1);
  a.outputs!.loss.forEach((value, r) =>
    expect(Math.abs(value / next.rows[r] - 1)).toBeLessThan(1e-5),
  );
  chosen.program.dispose();
  general.program.dispose();
});

it('sends what takes long in several submits, with the same results', async () => {
  const { loss } = drawn.spec.training!;
  const spec = { ...drawn.spec, evaluations: { after: { loss } } };
  const open = (): Promise<ChipTraining> => compileTraining(gpu, spec, drawn.onChip);
  const [once, again] = [await open(), await open()];
  const submits = vi.spyOn(GPUQueue.prototype, 'submit');
  // By what a slow adapter is taken to do some 1,300 steps are a quarter of a second.
  const whole = await once.advance(2000, 'after');
  expect(submits.mock.calls.length).toBeGreaterThan(1);
  submits.mockRestore();
  const rows: number[] = [];
  for (let step = 0; step < 2000; step += 100) rows.push(...(await again.advance(100)).rows);
  expect(Array.from(whole.rows)).toEqual(rows);
  expect(whole.outputs).toEqual((await again.advance(0, 'after')).outputs);
  expect(await once.save()).toEqual(await again.save());
  once.dispose();
  again.dispose();
});

it('on a software adapter only networks of which a workgroup holds many are worth it', async () => {
  const one = caseOf('relu, labels');
  const software = { ...gpu, traits: { ...gpu.traits, barriers: false } };
  const small = await openTraining(software, features.spec, features.onChip);
  const large = await openTraining(software, one.spec, one.onChip);
  expect([small.path, large.path]).toEqual(['on-chip', 'general']);
  expect(large.reason).toMatch(/software adapter/);
  const told = await openTraining(software, one.spec, one.onChip, { prefer: 'on-chip' });
  expect(told.path).toBe('on-chip');
  for (const { program } of [small, large, told]) program.dispose();
});

it('records every third step where asked to', async () => {
  const all = await compileTraining(gpu, features.spec, features.onChip);
  const some = await compileTraining(gpu, features.spec, features.onChip, { rowEvery: 3 });
  const [a, b] = [await all.advance(10), await some.advance(10)];
  const third = a.rows.filter((_, k) => Math.floor(k / REPLICAS) % 3 === 0);
  expect(Array.from(b.rows)).toEqual(Array.from(third));
  all.dispose();
  some.dispose();
});
