import { describe, expect, test } from 'vitest';
import { BadConfig } from '../../../src/gpu/errors';
import type { TemperatureConvention } from '../../../src/slt/estimate/conventions';
import { estimateLlc, runningLlc } from '../../../src/slt/estimate/llc';
import { resolveTemperature } from '../../../src/slt/estimate/temperature';
import { autoregressive, quadraticExcess, tracesOf } from './chains';

describe('temperature', () => {
  test.each([
    [32, 9.23],
    [64, 15.39],
    [128, 26.38],
    [256, 46.17],
    [512, 82.07],
    [1000, 144.76],
    [1024, 147.73],
    [1123, 159.89],
    [3830, 464.2],
    [50_000, 4621],
    [60_000, 5453.5],
    [1_000_000, 72_382],
  ])('n = %d: %d', (n, nbeta) => {
    const { nbeta: found, convention } = resolveTemperature('n/log(n)', { samples: n, batch: 8 });
    expect(Math.abs(found / nbeta - 1)).toBeLessThan(5e-4);
    expect(convention).toBe('n/log(n)');
    expect(resolveTemperature('batch/log(batch)', { samples: 7, batch: n }).nbeta).toBe(found);
  });

  test('a number has no convention; a full batch is n', () => {
    expect(resolveTemperature(1000)).toEqual({ nbeta: 1000, convention: null });
    expect(resolveTemperature('batch/log(batch)', { samples: 128, batch: null })).toEqual({
      nbeta: 128 / Math.log(128),
      convention: 'batch/log(batch)',
    });
  });

  test.each([
    [0, {}, 'positive'],
    [-1, {}, 'positive'],
    [NaN, {}, 'positive'],
    [Infinity, {}, 'finite'],
    ['n/log(n)', {}, 'no samples'],
    ['n/log(n)', { batch: 10 }, 'no samples'],
    ['n/log(n)', { samples: 1 }, 'n = 1'],
    ['batch/log(batch)', { samples: 100, batch: 1 }, 'batch = 1'],
    ['batch/log(batch)', { batch: 2.5 }, 'whole number'],
    ['n/ln(n)', { samples: 100 }, 'one of'],
  ])('%s with %j is refused', (asked, sizes, words) => {
    const resolve = () =>
      resolveTemperature(asked as number | TemperatureConvention, sizes, 'sampler.nbeta');
    expect(resolve).toThrow(BadConfig);
    expect(resolve).toThrow(words);
    expect(resolve).toThrow(/^sampler\.nbeta: /);
  });
});

describe('λ̂', () => {
  test('by hand: two chains, one more quarantined', () => {
    const estimate = estimateLlc(
      tracesOf(
        [
          [1, 2, 3],
          [NaN, NaN, NaN],
          [3, NaN, 5],
        ],
        [true, false, true],
      ),
      10,
      { baselineError: 0.4 },
    );
    expect(estimate.mean).toBeCloseTo(30, 12);
    expect(estimate.perChain).toEqual([20, null, 40]);
    expect(estimate.nbeta).toBe(10);
    // sd(20, 40)/√2 = 10; three draws have no ESS; 10·0.4.
    expect(estimate.uncertainty.betweenChains).toBeCloseTo(10, 12);
    expect(estimate.uncertainty.mcse).toBeNull();
    expect(estimate.uncertainty.baseline).toBe(4);
    expect(estimate.standardError).toBeCloseTo(Math.hypot(10, 4), 12);
  });

  test.each([
    [1, 100],
    [10, 1e6],
  ])('a quadratic in dimension %d: d/2 within 4 standard errors', (dimension, nbeta) => {
    const estimate = estimateLlc(tracesOf(quadraticExcess(16, 1000, dimension, nbeta, 4)), nbeta);
    expect(Math.abs(estimate.mean - dimension / 2)).toBeLessThan(4 * estimate.standardError!);
    // The draws are independent, var(½χ²_d) = d/2: both errors are √(d/2/16000).
    const exact = Math.sqrt(dimension / 2 / 16_000);
    expect(estimate.uncertainty.mcse! / exact).toBeCloseTo(1, 0);
    expect(Math.abs(estimate.uncertainty.mcse! / exact - 1)).toBeLessThan(0.1);
    expect(Math.abs(estimate.uncertainty.betweenChains! / exact - 1)).toBeLessThan(0.6);
  });

  test('the standard error covers: 200 estimates of AR(1) chains', () => {
    let inside = 0;
    for (let seed = 0; seed < 200; seed++) {
      const { mean, standardError } = estimateLlc(tracesOf(autoregressive(8, 200, 0.6, seed)), 1);
      if (Math.abs(mean) < 2 * standardError!) inside++;
    }
    // 95.4 % of normal estimates lie within 2 errors; the larger of two errors covers a little more.
    expect(inside).toBeGreaterThan(182);
  });

  test('one chain has no spread between chains', () => {
    const estimate = estimateLlc(tracesOf(autoregressive(1, 500, 0.5, 9)), 1);
    expect(estimate.uncertainty.betweenChains).toBeNull();
    expect(estimate.standardError).toBe(estimate.uncertainty.mcse);
    expect(estimateLlc(tracesOf([[1, 2]]), 1).standardError).toBeNull();
  });

  test('refuses nβ that is not positive, bad tables, and no draws at all', () => {
    const good = tracesOf([[1, 2]]);
    for (const nbeta of [0, -1, NaN, Infinity]) {
      expect(() => estimateLlc(good, nbeta)).toThrow(BadConfig);
      expect(() => runningLlc(good, nbeta)).toThrow(BadConfig);
    }
    expect(() => estimateLlc(good, 1, { baselineError: -1 })).toThrow(/^baselineError: /);
    expect(() => estimateLlc({ ...good, draws: 3 }, 1)).toThrow(/^traces: /);
    expect(() => estimateLlc(tracesOf([[1, 2]], [false]), 1)).toThrow('needs at least one');
  });

  test('running mean: the last entry is the estimate, gaps repeat the one before', () => {
    const rows = quadraticExcess(3, 40, 2, 50, 6);
    const running = runningLlc(tracesOf(rows), 50);
    const estimate = estimateLlc(tracesOf(rows), 50);
    expect(running.mean[39]).toBeCloseTo(estimate.mean, 12);
    expect(running.standardError[39]).toBeCloseTo(estimate.uncertainty.betweenChains!, 12);
    const gapped = runningLlc(
      tracesOf([
        [NaN, 2, NaN, 4],
        [NaN, 4, NaN, 8],
      ]),
      1,
    );
    expect([...gapped.mean]).toEqual([NaN, 3, 3, 4.5]);
    expect(gapped.standardError[3]).toBeCloseTo(1.5, 12);
  });
});
