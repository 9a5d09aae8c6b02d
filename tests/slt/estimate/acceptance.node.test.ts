import { describe, expect, test } from 'vitest';
import { BadConfig } from '../../../src/gpu/errors';
import { createRandom } from '../../../src/random/random';
import { streams } from '../../../src/random/streams';
import { acceptanceProbability, logAcceptance } from '../../../src/slt/estimate/acceptance';
import {
  impliedStepBias,
  inflationOf,
  stationaryAcceptance,
  type AcceptanceOf,
} from '../../../src/slt/estimate/step-bias';

/** A step on U = ½a‖w‖². */
function quadraticStep(from: number[], to: number[], curvature: number, stepSize: number) {
  const potential = (w: number[]) => (curvature / 2) * w.reduce((sum, x) => sum + x * x, 0);
  return {
    stepSize,
    from,
    to,
    potentialFrom: potential(from),
    potentialTo: potential(to),
    gradientFrom: from.map((x) => curvature * x),
    gradientTo: to.map((x) => curvature * x),
  };
}

describe('log acceptance', () => {
  // By hand: U = 2 − 3 = −1; there (0.5 + 0.05·4)² = 0.49; back (−0.5 + 0.05·6)² = 0.04; (0.49 − 0.04)/0.2 = 2.25.
  test('one dimension by hand', () => {
    const step = {
      stepSize: 0.1,
      from: [1],
      to: [1.5],
      potentialFrom: 2,
      potentialTo: 3,
      gradientFrom: [4],
      gradientTo: [6],
    };
    expect(logAcceptance(step)).toBeCloseTo(1.25, 12);
    expect(acceptanceProbability(step)).toBe(1);
    // The way back has the opposite sign.
    const back = {
      ...step,
      from: [1.5],
      to: [1],
      potentialFrom: 3,
      potentialTo: 2,
      gradientFrom: [6],
      gradientTo: [4],
    };
    expect(logAcceptance(back)).toBeCloseTo(-1.25, 12);
    expect(acceptanceProbability(back)).toBeCloseTo(Math.exp(-1.25), 12);
  });

  test('a quadratic: (εa/8)·a(‖w‖² − ‖w′‖²)', () => {
    const step = quadraticStep([0.3, -1, 2], [0.1, 1.4, 2.2], 3, 0.2);
    const squares = 0.09 + 1 + 4 - (0.01 + 1.96 + 4.84);
    expect(logAcceptance(step)).toBeCloseTo(((0.2 * 3) / 8) * 3 * squares, 12);
  });

  test('without a gradient only the potential counts; a step to nowhere is refused', () => {
    const flat = { ...quadraticStep([0], [1], 0, 0.1), potentialFrom: 1, potentialTo: 1.5 };
    expect(logAcceptance(flat)).toBe(-0.5);
    expect(logAcceptance({ ...flat, potentialTo: NaN })).toBe(-Infinity);
    expect(logAcceptance({ ...flat, potentialTo: Infinity })).toBe(-Infinity);
    expect(acceptanceProbability({ ...flat, gradientTo: [NaN] })).toBe(0);
  });

  test('bad input', () => {
    expect(() => logAcceptance({ ...quadraticStep([0], [1], 1, 0.1), to: [1, 2] })).toThrow(
      BadConfig,
    );
    for (const stepSize of [0, -1, NaN]) {
      expect(() => logAcceptance(quadraticStep([0], [1], 1, stepSize))).toThrow(/^stepSize: /);
    }
  });
});

/** Mean acceptance of Langevin steps on ½‖x‖², h the step size, and its standard error. */
function simulate(h: number, dimension: number, of: AcceptanceOf, steps: number) {
  const random = createRandom(17, dimension, streams.probe);
  const deviation = of === 'exact' ? 1 : Math.sqrt(1 / (1 - h / 4));
  let sum = 0;
  let squares = 0;
  for (let step = 0; step < steps; step++) {
    const from = Array.from({ length: dimension }, () => deviation * random.normal());
    const to = from.map((x) => (1 - h / 2) * x + Math.sqrt(h) * random.normal());
    const accepted = acceptanceProbability(quadraticStep(from, to, 1, h));
    sum += accepted;
    squares += accepted * accepted;
  }
  const mean = sum / steps;
  return { mean, error: Math.sqrt((squares / steps - mean * mean) / steps) };
}

describe('acceptance of a quadratic', () => {
  test.each([
    [1, 2, 'exact'],
    [10, 0.8, 'exact'],
    [100, 0.4, 'exact'],
    [1, 2, 'unadjusted'],
    [1, 3.9, 'unadjusted'],
    [10, 0.8, 'unadjusted'],
    [100, 0.8, 'unadjusted'],
  ] as const)('d = %d, εa = %d, %s: simulated', (dimension, h, of) => {
    const { mean, error } = simulate(h, dimension, of, dimension > 50 ? 5000 : 20_000);
    const expected = stationaryAcceptance(h, dimension, of);
    expect(Math.abs(mean - expected)).toBeLessThan(4 * error);
  });

  // The published table, of long MALA chains: three digits with its own noise in the last.
  const steps = [0.05, 0.1, 0.2, 0.4, 0.8];
  test.each([
    [10, [0.997, 0.99, 0.972, 0.923, 0.785]],
    [100, [0.989, 0.968, 0.911, 0.753, 0.369]],
    [1000, [0.965, 0.9, 0.726, 0.315, 0.005]],
  ])('calibration, d = %d', (dimension, row) => {
    row.forEach((value, i) => {
      expect(Math.abs(stationaryAcceptance(steps[i], dimension, 'exact') - value)).toBeLessThan(
        0.005,
      );
    });
  });

  test.each([
    [0.5, 0.972, 0.14],
    [1, 0.921, 0.33],
    [2, 0.783, 1],
  ])('calibration, d = 1, εa = %d', (h, acceptance, inflation) => {
    expect(Math.abs(stationaryAcceptance(h, 1, 'exact') - acceptance)).toBeLessThan(0.003);
    expect(inflationOf(h)).toBeCloseTo(inflation, 2);
  });

  test('unadjusted in one dimension: E e^{−|z₁z₂|} by Simpson over z₁', () => {
    // At εa = 2, c = 1; given z₁ it is e^{z²/2}·2Φ(−|z|), here by Mills' integral ∫₀^∞ 2φ(x)·e^{−zx} dx.
    const simpson = (f: (x: number) => number) => {
      let sum = 0;
      for (let i = 0; i <= 2000; i++) {
        const weight = i === 0 || i === 2000 ? 1 : i % 2 === 1 ? 4 : 2;
        sum += weight * f(i / 200);
      }
      return sum / 600;
    };
    const density = (x: number) => 2 * Math.exp(-0.5 * x * x) * Math.sqrt(0.5 / Math.PI);
    const mean = simpson((z) => density(z) * simpson((x) => density(x) * Math.exp(-z * x)));
    expect(stationaryAcceptance(2, 1, 'unadjusted')).toBeCloseTo(0.5 + 0.5 * mean, 8);
  });
});

describe('implied bias', () => {
  test.each(['exact', 'unadjusted'] as const)(
    '%s: undoes the acceptance, d from 1 to 1e6',
    (of) => {
      for (const dimension of [1, 2, 10, 1e3, 4428, 1e6]) {
        for (const h of [1e-3, 0.01, 0.1, 0.5]) {
          const acceptance = stationaryAcceptance(h, dimension, of);
          if (acceptance < 1e-6) continue;
          const { stepTimesCurvature, inflation } = impliedStepBias(acceptance, dimension, of);
          expect(stepTimesCurvature.value! / h).toBeCloseTo(1, 4);
          expect(inflation.value! / inflationOf(h)).toBeCloseTo(1, 4);
        }
      }
    },
  );

  // "About 0.9" means +33 % in dimension 1, +11 % in 10, +5 % in 100, +2.6 % in 1000.
  test.each([
    [0.921, 1, 0.33],
    [0.923, 10, 0.11],
    [0.911, 100, 0.053],
    [0.9, 1000, 0.026],
  ])('acceptance %d in dimension %d', (acceptance, dimension, inflation) => {
    const implied = impliedStepBias(acceptance, dimension, 'exact').inflation.value!;
    expect(Math.abs(implied / inflation - 1)).toBeLessThan(0.06);
  });

  test('the edges: 1 is no bias, at most ½ has no answer for an unadjusted chain', () => {
    expect(impliedStepBias(1, 10).inflation.value).toBe(0);
    expect(impliedStepBias(0.5, 10).inflation.value).toBeNull();
    expect(impliedStepBias(0.5, 10).inflation.reason).toContain('below what any stable step');
    expect(impliedStepBias(0, 1, 'exact').inflation.value).toBeNull();
    for (const acceptance of [-0.1, 1.1, NaN]) {
      expect(() => impliedStepBias(acceptance, 10)).toThrow(BadConfig);
    }
    expect(() => impliedStepBias(0.9, 0)).toThrow(BadConfig);
  });
});
