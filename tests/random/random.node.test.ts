import { describe, expect, test } from 'vitest';
import { BadConfig } from '../../src/gpu/errors';
import { createRandom, fillNormal } from '../../src/random/random';
import { streams } from '../../src/random/streams';

/** Σ (observed − expected)² / expected for equal expected counts. */
function chiSquare(counts: ArrayLike<number>, total: number): number {
  const expected = total / counts.length;
  return Array.from(counts).reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

/** Four standard deviations above the mean of a chi-square with this many degrees of freedom. */
const chiBound = (freedom: number) => freedom + 4 * Math.sqrt(2 * freedom);

describe('uniforms', () => {
  const n = 1_000_000;
  const random = createRandom(5, 0, streams.probe);
  const values = Float64Array.from({ length: n }, () => random.uniform());

  test('mean and variance', () => {
    const mean = values.reduce((sum, x) => sum + x, 0) / n;
    const variance = values.reduce((sum, x) => sum + (x - 0.5) ** 2, 0) / n;
    expect(Math.abs(mean - 0.5)).toBeLessThan(4 * Math.sqrt(1 / 12 / n));
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(4 * Math.sqrt(1 / 180 / n));
  });

  test('1,000 equal cells', () => {
    const counts = new Uint32Array(1000);
    for (const x of values) counts[Math.floor(x * 1000)]++;
    expect(chiSquare(counts, n)).toBeLessThan(chiBound(999));
  });

  test('pairs fill a 32 × 32 grid', () => {
    const counts = new Uint32Array(1024);
    for (let i = 0; i < n; i += 2) {
      counts[Math.floor(values[i] * 32) * 32 + Math.floor(values[i + 1] * 32)]++;
    }
    expect(chiSquare(counts, n / 2)).toBeLessThan(chiBound(1023));
  });

  test('lag correlation', () => {
    for (let lag = 1; lag <= 8; lag++) {
      let sum = 0;
      for (let i = lag; i < n; i++) sum += (values[i] - 0.5) * (values[i - lag] - 0.5);
      expect(Math.abs((12 * sum) / n)).toBeLessThan(4 / Math.sqrt(n));
    }
  });
});

describe('sequences', () => {
  const take = (seed: number, replica: number, substream = 0, stream = streams.data) => {
    const random = createRandom(seed, replica, stream, substream);
    return Uint32Array.from({ length: 4000 }, () => random.nextWord());
  };

  test('repeat for the same key', () => {
    expect(take(9, 2)).toEqual(take(9, 2));
  });

  test('consecutive seeds, replicas and substreams are no shifted copies of each other', () => {
    const all = [take(0, 0), take(1, 0), take(2, 0), take(0, 1), take(0, 2), take(0, 0, 1)];
    // 24,000 words: 0.07 coincidences expected by chance, a shifted copy gives thousands.
    const distinct = new Set(all.flatMap((words) => [...words]));
    expect(24_000 - distinct.size).toBeLessThanOrEqual(1);
  });

  test('host sequences share no number with numbers addressed by element', () => {
    const random = createRandom(4, 0, streams.init);
    const sequence = new Set(Array.from({ length: 2000 }, () => random.normal()));
    const elements = fillNormal(2000, 4, 0, streams.init);
    expect(elements.filter((x) => sequence.has(x)).length).toBeLessThanOrEqual(1);
  });

  test('reject what is not a u32, naming it', () => {
    expect(() => createRandom(-1, 0, streams.data)).toThrow(BadConfig);
    expect(() => createRandom(0.5, 0, streams.data)).toThrow(/^seed: got 0.5/);
    expect(() => createRandom(0, 2 ** 32, streams.data)).toThrow(/^replica/);
    expect(() => fillNormal(4, Number.NaN, 0, streams.init)).toThrow(BadConfig);
  });
});

describe('bounded integers and shuffles', () => {
  test('below(bound) hits every value equally often', () => {
    const random = createRandom(1, 0, streams.probe);
    const counts = new Uint32Array(37);
    for (let i = 0; i < 370_000; i++) counts[random.below(37)]++;
    expect(chiSquare(counts, 370_000)).toBeLessThan(chiBound(36));
  });

  test('below is unbiased where a plain remainder is not', () => {
    const random = createRandom(2, 0, streams.probe);
    const bound = 3 * 2 ** 30;
    let low = 0;
    for (let i = 0; i < 100_000; i++) if (random.below(bound) < 2 ** 30) low++;
    // A remainder would put one half below 2^30 instead of one third.
    expect(Math.abs(low / 100_000 - 1 / 3)).toBeLessThan(0.006);
  });

  test('a shuffle is a permutation', () => {
    const order = createRandom(3, 0, streams.data).shuffle(1000);
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
  });

  test('all 24 orders of four come equally often', () => {
    const random = createRandom(4, 0, streams.data);
    const counts = new Map<string, number>();
    for (let i = 0; i < 48_000; i++) {
      const order = random.shuffle(4).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    expect(chiSquare([...counts.values()], 48_000)).toBeLessThan(chiBound(23));
  });

  test('shuffles of nothing and of one', () => {
    expect([...createRandom(0, 0, streams.data).shuffle(0)]).toEqual([]);
    expect([...createRandom(0, 0, streams.data).shuffle(1)]).toEqual([0]);
  });
});

describe('fillNormal', () => {
  test('is addressed by element: a part is a part of the whole', () => {
    const whole = fillNormal(1003, 8, 1, streams.init);
    expect(fillNormal(10, 8, 1, streams.init)).toEqual(whole.slice(0, 10));
    expect(fillNormal(403, 8, 1, streams.init, 150)).toEqual(whole.slice(600));
  });

  test('scales', () => {
    const values = fillNormal(100_000, 8, 0, streams.init, 0, 0.02);
    const variance = values.reduce((sum, x) => sum + x * x, 0) / values.length;
    expect(Math.sqrt(variance) / 0.02).toBeCloseTo(1, 1);
  });

  test('of nothing is empty', () => {
    expect(fillNormal(0, 0, 0, streams.init).length).toBe(0);
  });
});
