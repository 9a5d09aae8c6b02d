/** Chains on the device: step by step as their float64 twins, and what a program promises whatever the steps are. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openGpu, type Gpu } from '../../../src/gpu/open';
import { CHAIN_VARIANTS, checkChains } from '../../../src/lab/check/chains';
import { METHODS, SAMPLER_METRICS } from '../../../src/optim/sampler/options';
import { compileChains, type DeviceChains } from '../../../src/slt/chain/compile';
import type { ChainSpec } from '../../../src/slt/chain/types';
import { chainCases } from '../../../src/lab/check/chain-cases';
import { expectSameUnawaited } from '../../programs/unawaited';

let gpu: Gpu;
beforeAll(async () => {
  gpu = await openGpu();
});
afterAll(() => gpu?.close());

describe.each(CHAIN_VARIANTS)('%s', (variant) => {
  it.each(METHODS)('%s: thirteen steps as in float64, on every target', async (method) => {
    const comparisons = await checkChains(gpu, (name) => name === `chains ${method}`, [variant]);
    expect(comparisons.length).toBeGreaterThan(5);
    for (const { where, error, bound } of comparisons)
      expect(error, where).toBeLessThanOrEqual(bound);
  });

  // A target of each kind of memory, a method of each kind of state; pipelines are those of above.
  const names = ['superposition of 5, hmc', 'relu network, sgnht', 'quadratic of 13, noisy, sgld'];
  describe.each(names)('%s', (name) => {
    const { spec } = chainCases(64).find((chainCase) => chainCase.name === name)!;
    const compile = (given: ChainSpec = spec): Promise<DeviceChains> =>
      compileChains(gpu, given, { variant });

    it('same seed, same bits, however the steps are split into calls', async () => {
      const [once, again] = [await compile(), await compile()];
      const whole = await once.advance(21);
      const parts = await Promise.all([4, 1, 7, 9].map((count) => again.advance(count)));
      expect(joined(parts.map(({ rows }) => rows))).toEqual(Array.from(whole.rows));
      expect(await again.save()).toEqual(await once.save());
      once.dispose();
      again.dispose();
    });

    it('a chain that is lost leaves the others alone, bit for bit', async () => {
      const sound = await compile();
      const start = spec.start.slice();
      const lost = 17;
      start[lost * spec.layout.stride] = NaN;
      const broken = await compile({ ...spec, start });
      const [a, b] = [await sound.advance(12), await broken.advance(12)];
      const losses = b.rows.filter((_, i) => i % (64 * SAMPLER_METRICS.length) === lost);
      expect(losses.length).toBeGreaterThan(3);
      expect(losses.some(Number.isFinite)).toBe(false);
      const others = (rows: Float32Array | Float64Array): number[] =>
        Array.from(rows.filter((_, i) => i % 64 !== lost));
      expect(others(b.rows)).toEqual(others(a.rows));
      sound.dispose();
      broken.dispose();
    });

    it('goes on from a snapshot as if it had not stopped', async () => {
      const [first, second] = [await compile(), await compile()];
      await first.advance(10);
      second.restore(await first.save());
      expect(second.step).toBe(10);
      const [a, b] = [await first.advance(8), await second.advance(8)];
      expect(b.firstStep).toBe(10);
      expect(Array.from(b.rows)).toEqual(Array.from(a.rows));
      expect(await second.save()).toEqual(await first.save());
      first.dispose();
      second.dispose();
    });

    it('gives who waits for nothing the same bits, snapshots in their place', () =>
      expectSameUnawaited(() => compile()));

    it('rows stand where they should', async () => {
      const every = 2 * spec.rowEvery;
      const [fine, coarse] = [await compile(), await compile({ ...spec, rowEvery: every })];
      const row = 64 * SAMPLER_METRICS.length;
      const [a, b] = [await fine.advance(4 * every), await coarse.advance(4 * every)];
      expect(b.rows.length).toBe(4 * row);
      for (let k = 0; k < 4; k++)
        expect(b.rows.subarray(k * row, (k + 1) * row)).toEqual(
          a.rows.subarray(2 * k * row, (2 * k + 1) * row),
        );
      // Between two rows there is none.
      expect((await coarse.advance(1)).rows.length).toBe(row);
      expect((await coarse.advance(every - 1)).rows.length).toBe(0);
      fine.dispose();
      coarse.dispose();
    });
  });
});

it('the ring wraps', async () => {
  const { spec } = chainCases(1).find(({ name }) => name === 'polynomial of 1, sgld')!;
  const [one, two] = [await compileChains(gpu, spec), await compileChains(gpu, spec)];
  expect(one.limit).toBe(4096);
  const rows: (Float32Array | Float64Array)[] = [];
  for (const count of [3000, 3000, 2000]) rows.push((await one.advance(count)).rows);
  const others: (Float32Array | Float64Array)[] = [];
  for (const count of [4000, 4000]) others.push((await two.advance(count)).rows);
  expect(joined(rows)).toEqual(joined(others));
  await expect(one.advance(one.limit + 1)).rejects.toThrow(/the ring holds 4096/);
  one.dispose();
  two.dispose();
});

function joined(parts: readonly (Float32Array | Float64Array)[]): number[] {
  return parts.flatMap((part) => Array.from(part));
}
