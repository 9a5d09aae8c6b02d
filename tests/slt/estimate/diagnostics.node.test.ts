import { describe, expect, test } from 'vitest';
import { BadConfig } from '../../../src/gpu/errors';
import { createRandom } from '../../../src/random/random';
import { streams } from '../../../src/random/streams';
import {
  distanceGrowth,
  localizationSensitivity,
  localizationShare,
} from '../../../src/slt/estimate/localization';
import { measureTrend, negativeShares } from '../../../src/slt/estimate/negative';
import { gradientNoise, minibatchVariances } from '../../../src/slt/estimate/noise';
import { rankHistogram } from '../../../src/slt/estimate/ranks';
import { autoregressive, tracesOf } from './chains';

describe('rank histogram', () => {
  test('by hand: two chains of four draws in two bins', () => {
    const histogram = rankHistogram(
      tracesOf(
        [
          [1, 2, 3, 8],
          [9, 9, 9, 9],
          [4, 5, 6, 7],
        ],
        [true, false, true],
      ),
      2,
    );
    expect([...histogram.counts]).toEqual([3, 1, 0, 0, 1, 3]);
    expect(histogram.expected).toBe(2);
  });

  test('independent draws are uniform, a shifted chain is not; every draw is counted once', () => {
    const rows = autoregressive(4, 2000, 0, 21);
    const chiSquare = (traces: ReturnType<typeof tracesOf>) => {
      const { counts, expected } = rankHistogram(traces, 20);
      expect(counts.reduce((a, b) => a + b, 0)).toBe(8000);
      return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    };
    // About 57 degrees of freedom: four standard deviations above.
    expect(chiSquare(tracesOf(rows))).toBeLessThan(57 + 4 * Math.sqrt(114));
    expect(
      chiSquare(tracesOf(rows.map((row, c) => row.map((x) => x + (c ? 0 : 0.3))))),
    ).toBeGreaterThan(150);
    expect(() => rankHistogram(tracesOf(rows), 0)).toThrow(BadConfig);
  });
});

describe('negative draws', () => {
  const traces = tracesOf(
    [
      [-1, 3, -5, NaN],
      [-9, -9, -9, -9],
      [0.5, -4, 1, NaN],
    ],
    [true, false, true],
  );

  test('by hand', () => {
    // Draws −1, 3, −5, 0.5, −4, 1: three below 0; step means −0.25, −0.5, −2: all below; beyond −2·2: −5 alone.
    const shares = negativeShares(traces, { noise: 2 })!;
    expect(shares.draws).toBeCloseTo(1 / 2, 14);
    expect(shares.steps).toBe(1);
    expect(shares.beyondNoise).toBeCloseTo(1 / 6, 14);
    expect(shares.zScore).toBeCloseTo(-5.5 / 6 / 2, 14);
    expect(negativeShares(traces, { noise: 2, threshold: 3 })!.beyondNoise).toBe(0);
  });

  test('without a noise, without draws, with a bad noise', () => {
    expect(negativeShares(traces)).toMatchObject({ beyondNoise: null, zScore: null });
    expect(negativeShares(tracesOf([[NaN, NaN]]))).toBeNull();
    expect(() => negativeShares(traces, { noise: 0 })).toThrow(BadConfig);
  });
});

describe('trend', () => {
  test('a straight line is found exactly', () => {
    const line = Float64Array.from({ length: 50 }, (_, t) => 3 + 0.1 * t);
    const trend = measureTrend(tracesOf([line, line]));
    expect(trend.rise.value).toBeCloseTo(4.9, 10);
    expect(trend.significance.value).toBe(0);
  });

  test.each([1, 8])(
    '%d chains: false alarms are as rare as they say, a real trend is seen',
    (chains) => {
      let alarms = 0;
      for (let seed = 0; seed < 200; seed++) {
        const rows = autoregressive(chains, 300, 0.6, 3000 + seed);
        if (measureTrend(tracesOf(rows)).significance.value! < 0.05) alarms++;
      }
      // 5 % of 200 is 10; four standard deviations of a binomial are 12.
      expect(alarms).toBeLessThan(23);
      expect(alarms).toBeGreaterThan(0);
      const moving = autoregressive(chains, 300, 0.6, 5).map((row) =>
        row.map((x, t) => x + t / 60),
      );
      const trend = measureTrend(tracesOf(moving));
      expect(trend.significance.value).toBeLessThan(0.001);
      expect(Math.abs(trend.rise.value! - 299 / 60)).toBeLessThan(4 * trend.standardError.value!);
    },
  );

  test('too short says so', () => {
    expect(measureTrend(tracesOf([[1, 2]])).rise.reason).toContain('3 draws');
    expect(measureTrend(tracesOf([[1, 2, 3, 4]])).rise.reason).toContain('too few');
  });
});

describe('gradient noise', () => {
  test('r = ε·nβ²·C/(4m) by hand, per sample and per minibatch', () => {
    // 1e-4·100²/4 = 0.25.
    const noise = gradientNoise([0.1, 0.6, 0.2], { stepSize: 1e-4, nbeta: 100 });
    expect(noise.max).toBeCloseTo(0.15, 14);
    expect(noise.mean).toBeCloseTo(0.075, 14);
    expect(noise.hottest).toBe(1);
    expect(noise.warning).toBe(true);
    const perSample = gradientNoise([0.8, 4.8, 1.6], { stepSize: 1e-4, nbeta: 100, batchSize: 8 });
    expect(perSample).toEqual({
      ...noise,
      max: expect.closeTo(0.15, 14),
      mean: expect.closeTo(0.075, 14),
    });
    expect(gradientNoise([0.39], { stepSize: 1e-4, nbeta: 100 }).warning).toBe(false);
  });

  // §1.4: v = [ε + (ε·nβ/2)²σ²]/(1 − ρ²) must be 1 + r times the value without noise.
  test('it is the rise in temperature of a simulated quadratic', () => {
    const [h, nbeta, stepSize, sigma] = [1, 100, 1e-3, 0.8];
    const random = createRandom(5, 0, streams.probe);
    let w = 0;
    let squares = 0;
    const steps = 400_000;
    for (let step = 0; step < steps; step++) {
      const gradient = h * w + sigma * random.normal();
      w += -(stepSize / 2) * nbeta * gradient + Math.sqrt(stepSize) * random.normal();
      squares += w * w;
    }
    const { max } = gradientNoise([sigma ** 2], { stepSize, nbeta });
    const cold = 1 / (nbeta * h * (1 - (stepSize * nbeta * h) / 4));
    // sd of the mean of w²: √(2·τ/steps), τ = (1 + ρ²)/(1 − ρ²) ≈ 19.5.
    const error = Math.sqrt((2 * 19.5) / steps);
    expect(max).toBeCloseTo(1.6, 12);
    expect(Math.abs(squares / steps / (cold * (1 + max)) - 1)).toBeLessThan(4 * error);
  });

  test('variances of minibatch gradients', () => {
    expect([
      ...minibatchVariances([
        [1, 5],
        [3, 5],
        [8, 5],
      ]),
    ]).toEqual([expect.closeTo(13, 12), 0]);
    expect(() => minibatchVariances([[1]])).toThrow(BadConfig);
  });

  test('bad input', () => {
    const good = { stepSize: 1e-4, nbeta: 100 };
    expect(() => gradientNoise([], good)).toThrow(BadConfig);
    expect(() => gradientNoise([1, NaN], good)).toThrow(/^variances\[1\]: /);
    expect(() => gradientNoise([1], { ...good, stepSize: 0 })).toThrow(/^stepSize: /);
    expect(() => gradientNoise([1], { ...good, batchSize: 0 })).toThrow(/^batchSize: /);
  });
});

/** Independent draws of w ~ N(0, 1/aⱼ), aⱼ = nβ·hⱼ + γ, of L = ½Σhⱼwⱼ² and ‖w‖². */
function quadraticDraws(eigenvalues: number[], nbeta: number, gamma: number, draws: number) {
  const random = createRandom(8, 0, streams.probe);
  const loss = new Float64Array(draws);
  const distance = new Float64Array(draws);
  for (let t = 0; t < draws; t++) {
    for (const h of eigenvalues) {
      const w = random.normal() / Math.sqrt(nbeta * h + gamma);
      loss[t] += (h / 2) * w * w;
      distance[t] += w * w;
    }
  }
  return { traces: tracesOf([loss]), distance };
}

describe('localization', () => {
  test.each([
    [[1], 100, 1],
    [[1], 100, 100],
    [[1], 100, 900],
    [[1, 2], 50, 50],
    // Three flat directions: they belong to γ, and λ̂ does not mind.
    [[4, 0, 0, 0], 100, 1],
  ])('quadratic %j at nβ = %d, γ = %d', (eigenvalues, nbeta, gamma) => {
    const { traces, distance } = quadraticDraws(eigenvalues, nbeta, gamma, 40_000);
    const llc = (g: number) =>
      eigenvalues.reduce((sum, h) => sum + (0.5 * nbeta * h) / (nbeta * h + g), 0);
    const step = 1e-4;
    const exact =
      (Math.log(llc(gamma * (1 + step))) - Math.log(llc(gamma * (1 - step)))) / (2 * step);
    const sensitivity = localizationSensitivity(traces, distance, gamma).value!;
    // The covariance of 40,000 independent draws is good to about 3/√40000 of the scale.
    expect(Math.abs(sensitivity - exact)).toBeLessThan(0.05);
    const share = eigenvalues.reduce((sum, h) => sum + gamma / (nbeta * h + gamma), 0);
    const mean = distance.reduce((a, b) => a + b, 0) / distance.length;
    expect(localizationShare(gamma, mean, eigenvalues.length)).toBeCloseTo(
      share / eigenvalues.length,
      1,
    );
    if (eigenvalues.length === 4) expect(Math.abs(sensitivity)).toBeLessThan(0.05);
  });

  test('no localization, no draws, bad numbers', () => {
    const { traces, distance } = quadraticDraws([1], 10, 1, 1);
    expect(localizationSensitivity(traces, distance, 0).value).toBe(0);
    expect(localizationSensitivity(traces, distance, 1).reason).toBe('too few draws');
    expect(localizationShare(0, 5, 3)).toBe(0);
    expect(() => localizationShare(-1, 5, 3)).toThrow(BadConfig);
    expect(() => localizationShare(1, 5, 0)).toThrow(BadConfig);
  });

  test('growth of the distance', () => {
    const leaving = Float64Array.from({ length: 20 }, (_, i) => (1 + Math.floor(i / 2)) ** 2);
    // Rows 1² … 10²: √((81 + 100)/2 / ((1 + 4)/2)).
    expect(distanceGrowth(leaving, [true, true]).value).toBeCloseTo(Math.sqrt(181 / 5), 12);
    leaving.forEach((_, i) => (leaving[i] = i % 2 === 0 ? 1 : 1e9 * i));
    expect(distanceGrowth(leaving, [true, false]).value).toBeCloseTo(1, 12);
    expect(distanceGrowth(new Float64Array(4), [true]).value).toBeNull();
    expect(distanceGrowth(new Float64Array(9), [true]).reason).toBe('the chains do not move');
  });
});
