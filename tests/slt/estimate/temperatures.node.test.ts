/** WBIC, several temperatures from one, and step sizes to zero. */
import { describe, expect, test } from 'vitest';
import { BadConfig } from '../../../src/gpu/errors';
import { createRandom } from '../../../src/random/random';
import { streams } from '../../../src/random/streams';
import { extrapolateStepSize } from '../../../src/slt/estimate/extrapolate';
import { reweightLlc } from '../../../src/slt/estimate/reweight';
import { countOverLog } from '../../../src/slt/estimate/temperature';
import { computeWbic } from '../../../src/slt/estimate/wbic';
import { quadraticExcess, tracesOf } from './chains';

describe('WBIC', () => {
  const traces = tracesOf([
    [0.1, 0.2],
    [0.3, 0.4],
  ]);

  test('n × the mean loss at nβ = n/ln n', () => {
    const setting = { nbeta: countOverLog(1000), samples: 1000, baseline: 2 };
    expect(computeWbic(traces, setting).value).toBeCloseTo(2250, 9);
    expect(computeWbic(traces, { ...setting, nbeta: 144.76 }).value).toBeCloseTo(2250, 9);
  });

  test('a regular model: n·L* + λ·ln n within 4 standard errors', () => {
    const [n, dimension] = [500, 6];
    const nbeta = countOverLog(n);
    const rows = quadraticExcess(8, 1000, dimension, nbeta, 3);
    const wbic = computeWbic(tracesOf(rows), { nbeta, samples: n, baseline: 1.5 }).value!;
    const error = Math.log(n) * Math.sqrt(dimension / 2 / 8000);
    expect(Math.abs(wbic - (n * 1.5 + (dimension / 2) * Math.log(n)))).toBeLessThan(4 * error);
  });

  test('says why not at another temperature or without samples', () => {
    const at = (nbeta: number, samples: number | null) =>
      computeWbic(traces, { nbeta, samples, baseline: 0 });
    expect(at(1000, 1000).reason).toContain('n/ln n = 144.765');
    expect(at(1000, null).reason).toContain('population');
    expect(() => at(0, 1000)).toThrow(BadConfig);
    expect(() => at(10, 1)).toThrow(BadConfig);
  });
});

describe('reweighted λ̂', () => {
  test.each([1, 4, 12])('a quadratic in dimension %d, whatever the baseline', (dimension) => {
    const n = 5000;
    const nbeta = countOverLog(n);
    const rows = quadraticExcess(16, 3000, dimension, nbeta, 31);
    const result = reweightLlc(tracesOf(rows), nbeta, n);
    const error = result.standardError.value!;
    expect(Math.abs(result.value.value! - dimension / 2)).toBeLessThan(4 * error);
    expect(error).toBeLessThan(0.06 * dimension);
    expect(result.collapsed).toBe(false);
    const shifted = rows.map((row) => row.map((x) => x + 0.25));
    expect(reweightLlc(tracesOf(shifted), nbeta, n).value.value).toBeCloseTo(
      result.value.value!,
      8,
    );
  });

  test('its temperatures, and the mean loss at each: λ/nβ′', () => {
    const n = 1000;
    const rows = quadraticExcess(8, 20_000, 2, 100, 2);
    const { temperatures } = reweightLlc(tracesOf(rows), 100, n);
    const spread = 1 / Math.sqrt(2 * Math.log(n));
    expect(temperatures.map((one) => one.nbeta / 100 - 1)).toEqual(
      [-1, -0.5, 0, 0.5, 1].map((k) => expect.closeTo(k * spread, 12)),
    );
    for (const { nbeta, meanExcess } of temperatures) {
      expect(Math.abs(meanExcess * nbeta - 1)).toBeLessThan(0.02);
    }
  });

  test('the standard error covers: 100 repetitions', () => {
    const values = Array.from({ length: 100 }, (_, seed) =>
      reweightLlc(tracesOf(quadraticExcess(8, 300, 2, 100, 500 + seed)), 100, 1000),
    );
    const inside = values.filter(
      ({ value, standardError }) => Math.abs(value.value! - 1) < 2 * standardError.value!,
    );
    expect(inside.length).toBeGreaterThan(83);
  });

  // E[w]²/E[w²] = ((1 + 2c)/(1 + c)²)^λ for weights e^{−c·x} of Γ(λ) draws: 0.98 at λ = 1 … nothing at λ = 60.
  test('weights that collapse are flagged', () => {
    const n = 1000;
    const few = reweightLlc(tracesOf(quadraticExcess(4, 2000, 120, 100, 6)), 100, n);
    expect(few.collapsed).toBe(true);
    expect(few.effectiveShare).toBeLessThan(0.1);
    const c = -1 / Math.sqrt(2 * Math.log(n));
    const exact = ((1 + 2 * c) / (1 + c) ** 2) ** 2;
    const fine = reweightLlc(tracesOf(quadraticExcess(8, 20_000, 4, 100, 6)), 100, n);
    expect(Math.abs(fine.effectiveShare - exact)).toBeLessThan(0.05);
    expect(fine.effectiveDraws).toBeCloseTo(fine.effectiveShare * 160_000, 6);
  });

  test('huge losses do not overflow; one chain and none', () => {
    const rows = quadraticExcess(2, 100, 2, 1e-5, 1);
    expect(reweightLlc(tracesOf(rows), 1, 1000).value.value).not.toBeNull();
    const one = reweightLlc(tracesOf([rows[0]]), 1e-5, 1000);
    expect(one.standardError.reason).toContain('one chain');
    expect(reweightLlc(tracesOf([[NaN]]), 1, 1000)).toMatchObject({
      value: { value: null },
      collapsed: true,
    });
    expect(() => reweightLlc(tracesOf(rows), 0, 1000)).toThrow(BadConfig);
    expect(() => reweightLlc(tracesOf(rows), 1, 2)).toThrow(BadConfig);
  });
});

describe('ε → 0', () => {
  test('two points: Richardson by hand', () => {
    const result = extrapolateStepSize([
      { stepSize: 1, value: 6, standardError: 0.1 },
      { stepSize: 2, value: 7, standardError: 0.2 },
    ]);
    // 2·6 − 7 = 5, error √((2·0.1)² + 0.2²).
    expect(result.value).toBeCloseTo(5, 12);
    expect(result.slope).toBeCloseTo(1, 12);
    expect(result.standardError).toBeCloseTo(Math.hypot(0.2, 0.2), 12);
    expect(result).toMatchObject({ chiSquare: null, significance: null, onLine: null });
  });

  test('three points by hand: weights count', () => {
    // y = 1 + 2x but for the last, of so large an error that it has no say.
    const result = extrapolateStepSize([
      { stepSize: 1, value: 3, standardError: 0.01 },
      { stepSize: 2, value: 5, standardError: 0.01 },
      { stepSize: 3, value: 9, standardError: 1e4 },
    ]);
    expect(result.value).toBeCloseTo(1, 6);
    expect(result.chiSquare).toBeCloseTo((2 / 1e4) ** 2, 10);
    expect(result.onLine).toBe(true);
  });

  test('errors and χ² are honest over 400 noisy lines', () => {
    let inside = 0;
    let refused = 0;
    for (let seed = 0; seed < 400; seed++) {
      const random = createRandom(seed, 0, streams.probe);
      const points = [1, 2, 3, 5].map((stepSize) => ({
        stepSize,
        value: 4 + 0.3 * stepSize + 0.1 * stepSize * random.normal(),
        standardError: 0.1 * stepSize,
      }));
      const result = extrapolateStepSize(points);
      if (Math.abs(result.value - 4) < 2 * result.standardError) inside++;
      if (!result.onLine) refused++;
    }
    expect(inside).toBeGreaterThan(400 * 0.9545 - 4 * Math.sqrt(400 * 0.9545 * 0.0455));
    expect(refused).toBeLessThan(4 + 4 * Math.sqrt(4));
  });

  test('the quadratic: λ̂ = ½/(1 − εa/4); small steps extrapolate, large ones are off the line', () => {
    const points = (steps: number[]) =>
      steps.map((h) => ({ stepSize: h, value: 0.5 / (1 - h / 4), standardError: 0.001 }));
    const small = extrapolateStepSize(points([0.02, 0.05, 0.1]));
    expect(small.value).toBeCloseTo(0.5, 3);
    expect(small.onLine).toBe(true);
    expect(extrapolateStepSize(points([0.1, 1, 2])).onLine).toBe(false);
  });

  test('bad input', () => {
    const point = { stepSize: 1, value: 1, standardError: 1 };
    expect(() => extrapolateStepSize([])).toThrow(BadConfig);
    expect(() => extrapolateStepSize([point, { ...point, value: 2 }])).toThrow(/two different/);
    expect(() => extrapolateStepSize([point, { ...point, stepSize: 0 }])).toThrow(
      /^points\[1\]\.stepSize: /,
    );
    expect(() => extrapolateStepSize([{ ...point, standardError: 0 }])).toThrow(BadConfig);
    expect(() => extrapolateStepSize([{ ...point, value: NaN }])).toThrow(BadConfig);
  });
});
