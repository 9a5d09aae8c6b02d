import { describe, expect, test } from 'vitest';
import { BadCheckpoint, BadConfig, ShapeMismatch } from '../../../src/gpu/errors';
import { createRandom } from '../../../src/random/random';
import { streams } from '../../../src/random/streams';
import {
  createFluctuation,
  mergeFluctuations,
  observeLosses,
  packFluctuation,
  unpackFluctuation,
  type Fluctuation,
} from '../../../src/slt/estimate/fluctuation';
import { meanLosses, summariseFluctuation } from '../../../src/slt/estimate/losses';

/** Random losses [draws, samples] around `offset`. */
function randomLosses(draws: number, samples: number, offset: number, seed: number) {
  const random = createRandom(seed, 0, streams.probe);
  return Array.from({ length: draws }, () =>
    Float64Array.from({ length: samples }, (_, i) => offset + i + 3 * random.normal()),
  );
}

function observe(rows: readonly Float64Array[], samples: number): Fluctuation {
  const into = createFluctuation(samples);
  for (const row of rows) observeLosses(into, row, [true]);
  return into;
}

describe('accumulator', () => {
  test('by hand: two draws of two samples', () => {
    const into = createFluctuation(2);
    observeLosses(into, [1, 2, 3, 2], [true, true]);
    const summary = summariseFluctuation(into, 4)!;
    expect(summary.functionalVariance).toBeCloseTo(2, 14);
    expect(summary.singularFluctuation).toBeCloseTo(2, 14); // β = 2
    expect(summary.train.gibbs).toBeCloseTo(2, 14);
    const bayes = -(Math.log((Math.exp(-1) + Math.exp(-3)) / 2) - 2) / 2;
    expect(summary.train.bayes).toBeCloseTo(bayes, 14);
    expect(summary.waic).toBeCloseTo(bayes + 2, 14);
  });

  test.each([0, 1e4, -1e4])('two-pass sums at offset %d', (offset) => {
    const rows = randomLosses(500, 3, offset, 1);
    const { draws, means, squares, largest, sums } = observe(rows, 3);
    for (let i = 0; i < 3; i++) {
      const column = rows.map((row) => row[i]);
      const mean = column.reduce((a, b) => a + b, 0) / 500;
      expect(means[i]).toBeCloseTo(mean, 8);
      const spread = column.reduce((a, b) => a + (b - mean) ** 2, 0);
      expect(squares[i] / spread).toBeCloseTo(1, 9);
      const least = Math.min(...column);
      const logMean = Math.log(column.reduce((a, b) => a + Math.exp(least - b), 0) / 500) - least;
      expect(largest[i] + Math.log(sums[i] / draws)).toBeCloseTo(logMean, 8);
    }
  });

  test('chains pooled, dead and broken rows left out', () => {
    const rows = randomLosses(6, 2, 0, 2);
    const expected = observe(rows, 2);
    const into = createFluctuation(2);
    observeLosses(into, [...rows[0], 9, 9, ...rows[1]], [true, false, true]);
    observeLosses(into, [...rows[2], 9, NaN, ...rows[3]], [true, true, true]);
    observeLosses(into, [...rows[4], Infinity, 1, ...rows[5]], [true, true, true]);
    expect(into).toEqual({ ...expected, skipped: 2 });
  });

  test('merged equals observed together; an empty one changes nothing', () => {
    const rows = randomLosses(50, 4, 10, 3);
    const whole = observe(rows, 4);
    const merged = mergeFluctuations(observe(rows.slice(0, 13), 4), observe(rows.slice(13), 4));
    expect(merged.draws).toBe(50);
    for (let i = 0; i < 4; i++) {
      expect(merged.means[i]).toBeCloseTo(whole.means[i], 12);
      expect(merged.squares[i] / whole.squares[i]).toBeCloseTo(1, 12);
      expect(merged.largest[i]).toBe(whole.largest[i]);
      expect(merged.sums[i] / whole.sums[i]).toBeCloseTo(1, 12);
    }
    expect(mergeFluctuations(whole, createFluctuation(4))).toEqual(whole);
    expect(mergeFluctuations(createFluctuation(4), whole)).toEqual(whole);
    const none = mergeFluctuations(createFluctuation(4), createFluctuation(4));
    expect(none).toEqual(createFluctuation(4));
  });

  test('packed in the middle and restored: the same bits at the end', () => {
    const rows = randomLosses(20, 3, 0, 4);
    const restored = unpackFluctuation(packFluctuation(observe(rows.slice(0, 7), 3)));
    for (const row of rows.slice(7)) observeLosses(restored, row, [true]);
    expect(restored).toEqual(observe(rows, 3));
    expect(unpackFluctuation(packFluctuation(createFluctuation(2)))).toEqual(createFluctuation(2));
  });

  test('bad input', () => {
    expect(() => createFluctuation(0)).toThrow(BadConfig);
    expect(() => observeLosses(createFluctuation(3), [1, 2], [true])).toThrow(ShapeMismatch);
    expect(() => mergeFluctuations(createFluctuation(3), createFluctuation(2))).toThrow(
      ShapeMismatch,
    );
    for (const numbers of [[], [3, 1, 0], [NaN, 0, 0], [1, -1, 0, 0, 0, 0, 0]]) {
      expect(() => unpackFluctuation(Float64Array.from(numbers))).toThrow(BadCheckpoint);
    }
    expect(meanLosses(createFluctuation(3))).toBeNull();
    expect(summariseFluctuation(observe(randomLosses(1, 3, 0, 5), 3), 1)).toBeNull();
    expect(() => summariseFluctuation(observe(randomLosses(2, 3, 0, 5), 3), 0)).toThrow(BadConfig);
  });
});

/**
 * The mean of a normal in d = 2 dimensions, x ~ N(0, I), ℓ = ½‖x − w‖², flat prior: the posterior at β is exactly
 * N(x̄, I/(nβ)). One data set with its posterior draws gives the four excess losses, times n, and ν̂.
 */
function regularModel(beta: number, samples: number, tests: number, draws: number, seed: number) {
  const random = createRandom(seed, 0, streams.probe);
  const data = (count: number) => Float64Array.from({ length: 2 * count }, () => random.normal());
  const lossesAt = (points: Float64Array, w: readonly number[]) =>
    Float64Array.from(
      { length: points.length / 2 },
      (_, i) => 0.5 * ((points[2 * i] - w[0]) ** 2 + (points[2 * i + 1] - w[1]) ** 2),
    );
  const train = data(samples);
  const held = data(tests);
  const centre = [0, 1].map(
    (k) => train.reduce((s, x, i) => s + (i % 2 === k ? x : 0), 0) / samples,
  );
  const seen = createFluctuation(samples);
  const unseen = createFluctuation(tests);
  for (let t = 0; t < draws; t++) {
    const w = centre.map((x) => x + random.normal() / Math.sqrt(samples * beta));
    observeLosses(seen, lossesAt(train, w), [true]);
    observeLosses(unseen, lossesAt(held, w), [true]);
  }
  const truth = (points: Float64Array) => {
    const losses = lossesAt(points, [0, 0]);
    return losses.reduce((a, b) => a + b, 0) / losses.length;
  };
  const summary = summariseFluctuation(seen, samples * beta)!;
  const test = meanLosses(unseen)!;
  return {
    nu: summary.singularFluctuation,
    bayesTest: samples * (test.bayes - truth(held)),
    bayesTrain: samples * (summary.train.bayes - truth(train)),
    gibbsTest: samples * (test.gibbs - truth(held)),
    gibbsTrain: samples * (summary.train.gibbs - truth(train)),
    waic: samples * (summary.waic - truth(train)),
  };
}

describe("Watanabe's relations on a regular model, λ = ν = 1", () => {
  test.each([1, 0.5])('β = %d', (beta) => {
    const samples = 200;
    const results = Array.from({ length: 150 }, (_, seed) =>
      regularModel(beta, samples, 400, 150, 1000 + seed),
    );
    const within = (expected: number, of: (result: (typeof results)[number]) => number) => {
      const values = results.map(of);
      const mean = values.reduce((a, b) => a + b, 0) / values.length;
      const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / (values.length - 1);
      const error = Math.sqrt(variance / values.length);
      expect(Math.abs(mean - expected)).toBeLessThan(4 * error);
      return error;
    };
    // Exact at finite n: ν = (d/2)·(1 − 1/n + 1/(2nβ)); the rest as n grows.
    const nu = 1 - 1 / samples + 1 / (2 * samples * beta);
    expect(within(nu, (result) => result.nu)).toBeLessThan(0.02);
    within((1 - 1) / beta + 1, (result) => result.bayesTest);
    within((1 - 1) / beta - 1, (result) => result.bayesTrain);
    within(1 / beta + 1, (result) => result.gibbsTest);
    within(1 / beta - 1, (result) => result.gibbsTrain);
    // Jointly: both gaps are 2ν, and WAIC is unbiased for the Bayes test loss.
    within(2, (result) => result.bayesTest - result.bayesTrain);
    within(2, (result) => result.gibbsTest - result.gibbsTrain);
    within(0, (result) => result.waic - result.bayesTest);
    within(1 / beta, (result) => result.gibbsTest - result.bayesTest);
    within(1 / beta, (result) => result.gibbsTrain - result.bayesTrain);
  });
});
