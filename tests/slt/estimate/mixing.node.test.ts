import { describe, expect, test } from 'vitest';
import { meanAutocovariance, measureEss, monteCarloError } from '../../../src/slt/estimate/ess';
import { measureRhat } from '../../../src/slt/estimate/rhat';
import { sortOrder } from '../../../src/slt/estimate/sort-order';
import { alignDraws } from '../../../src/slt/estimate/traces';
import { autoregressive, repeatableChains, tracesOf } from './chains';

// ArviZ 0.23.4 on the same numbers: az.rhat(method 'z_scale', 'folded', 'rank'), az.ess('bulk', 'mean'), az.mcse('mean').
describe('against ArviZ', () => {
  test.each([
    {
      chains: [4, 200, 0.6, 0],
      rhat: [1.0062701828985, 1.0010230096439579, 1.0062701828985],
      ess: [217.35305043149125, 218.97585392336273],
      mcse: 0.02410300351986479,
    },
    {
      chains: [4, 101, 0.9, 0.3],
      rhat: [1.3511254077089994, 1.1106069732891741, 1.3511254077089994],
      ess: [10.400196974770893, 10.18217283251397],
      mcse: 0.21405022658419248,
    },
    {
      chains: [3, 400, -0.5, 0],
      rhat: [0.9982906054876531, 0.9988226987628054, 0.9988226987628054],
      ess: [3695.0174952571497, 3695.0174952571497],
      mcse: 0.0052624354576415715,
    },
  ])('$chains', ({ chains, rhat, ess, mcse }) => {
    const traces = tracesOf(repeatableChains(...(chains as [number, number, number, number])));
    const measured = measureRhat(traces);
    expect(measured.bulk.value).toBeCloseTo(rhat[0], 10);
    expect(measured.tail.value).toBeCloseTo(rhat[1], 10);
    expect(measured.value.value).toBeCloseTo(rhat[2], 10);
    const size = measureEss(traces);
    expect(size.bulk.value).toBeCloseTo(ess[0], 7);
    expect(size.mean.value).toBeCloseTo(ess[1], 7);
    expect(monteCarloError(traces).value).toBeCloseTo(mcse, 10);
  });

  test('a single chain is split against itself', () => {
    const ess = measureEss(tracesOf(repeatableChains(1, 500, 0.3, 0)));
    expect(ess.bulk.value).toBeCloseTo(244.04830829868283, 7);
    expect(ess.mean.value).toBeCloseTo(260.3306201469404, 7);
  });

  test('ties share their rank', () => {
    const rows = repeatableChains(4, 200, 0.6, 0).map((row) =>
      row.map((x) => Math.round(x * 4) / 4),
    );
    expect(measureRhat(tracesOf(rows)).value.value).toBeCloseTo(1.00515424616843, 8);
    expect(measureEss(tracesOf(rows)).bulk.value).toBeCloseTo(224.5952992601693, 6);
  });
});

describe('AR(1)', () => {
  test.each([0, 0.5, 0.9, 0.97])('ρ = %d: τ is (1 + ρ)/(1 − ρ) to a tenth', (rho) => {
    const ess = measureEss(tracesOf(autoregressive(16, 4000, rho, 11)));
    const exact = (1 + rho) / (1 - rho);
    expect(ess.autocorrelationTime.value! / exact).toBeGreaterThan(0.9);
    expect(ess.autocorrelationTime.value! / exact).toBeLessThan(1.1);
    expect(ess.mean.value! * ess.autocorrelationTime.value!).toBeCloseTo(64_000, 6);
  });

  test('autocovariance equals the direct sums, for even and odd counts of chains', () => {
    for (const chains of [2, 3]) {
      const aligned = alignDraws(tracesOf(autoregressive(chains, 37, 0.7, 3)));
      const fast = meanAutocovariance(aligned);
      for (let lag = 0; lag < 37; lag++) {
        let sum = 0;
        for (let chain = 0; chain < chains; chain++) {
          const row = aligned.values.subarray(chain * 37, chain * 37 + 37);
          const mean = row.reduce((total, x) => total + x, 0) / 37;
          for (let t = 0; t + lag < 37; t++) sum += (row[t] - mean) * (row[t + lag] - mean);
        }
        expect(fast[lag]).toBeCloseTo(sum / (37 * chains), 12);
      }
    }
  });
});

describe('chains that are not mixed', () => {
  test('different places: bulk', () => {
    const rows = autoregressive(4, 1000, 0.2, 5).map((row, c) =>
      row.map((x) => x + (c === 0 ? 1 : 0)),
    );
    const rhat = measureRhat(tracesOf(rows));
    expect(rhat.bulk.value).toBeGreaterThan(1.05);
    expect(rhat.value.value).toBe(rhat.bulk.value);
  });

  test('different spreads: only the folded one sees it', () => {
    const rows = autoregressive(4, 1000, 0.2, 5).map((row, c) =>
      row.map((x) => x * (c === 0 ? 5 : 1)),
    );
    const rhat = measureRhat(tracesOf(rows));
    expect(rhat.bulk.value).toBeLessThan(1.02);
    expect(rhat.tail.value).toBeGreaterThan(1.05);
    expect(rhat.value.value).toBe(rhat.tail.value);
  });

  test('a drifting single chain', () => {
    const [row] = autoregressive(1, 1000, 0.2, 5);
    expect(measureRhat(tracesOf([row.map((x, t) => x + t / 250)])).value.value).toBeGreaterThan(
      1.3,
    );
  });

  test('a linear change of scale changes nothing', () => {
    const rows = autoregressive(4, 300, 0.5, 8);
    const scaled = rows.map((row) => row.map((x) => 2 ** -20 * x));
    expect(measureRhat(tracesOf(scaled))).toEqual(measureRhat(tracesOf(rows)));
    expect(measureEss(tracesOf(scaled)).mean.value).toBeCloseTo(
      measureEss(tracesOf(rows)).mean.value!,
      6,
    );
  });
});

describe('traces without an answer say why', () => {
  const constant = new Float64Array(50).fill(0.1);
  test.each([
    ['constant', tracesOf([constant, constant]), 'all draws are equal'],
    ['stuck apart', tracesOf([constant, constant.map((x) => x + 0.2)]), 'no chain moves'],
    ['short', tracesOf([[1, 2, 3]]), '3 draws per chain are too few: at least 8 are needed'],
    ['none', tracesOf([]), 'no living chain has draws'],
    ['dead', tracesOf([constant], [false]), 'no living chain has draws'],
    ['never recorded', tracesOf([constant.map(() => NaN)]), 'no living chain has draws'],
  ])('%s', (_, traces, reason) => {
    expect(measureRhat(traces).value).toEqual({ value: null, reason });
    expect(measureEss(traces).bulk).toEqual({ value: null, reason });
    expect(measureEss(traces).autocorrelationTime).toEqual({ value: null, reason });
    expect(monteCarloError(traces)).toEqual({ value: null, reason });
  });

  test('quarantined chains and unrecorded steps leave no mark', () => {
    const rows = autoregressive(3, 60, 0.4, 2);
    const clean = tracesOf(rows);
    const gapped = rows.map((row) => {
      const out = new Float64Array(120).fill(NaN);
      row.forEach((x, t) => (out[2 * t + 1] = x));
      return out;
    });
    const wild = new Float64Array(120).fill(1e30);
    const broken = tracesOf([gapped[0], wild, gapped[1], gapped[2]], [true, false, true, true]);
    expect(measureRhat(broken)).toEqual(measureRhat(clean));
    expect(measureEss(broken)).toEqual(measureEss(clean));
  });
});

// A ratio, as how fast the machine is and what else runs on it must not decide. An autocorrelation taken
// lag by lag would grow 64-fold; transforms and sorting by n log n grow about tenfold.
test('eight times the draws of 256 chains cost little more than eight times as much', () => {
  const cost = (draws: number) => {
    const traces = tracesOf(autoregressive(256, draws, 0.8, 1));
    return Math.min(
      ...[0, 1].map(() => {
        const start = process.cpuUsage();
        measureRhat(traces);
        measureEss(traces);
        const { user, system } = process.cpuUsage(start);
        return user + system;
      }),
    );
  };
  cost(500);
  expect(cost(4000) / cost(500)).toBeLessThan(40);
});

test('the order of doubles: negative, tiny, huge, equal, both zeros', () => {
  const values = Float64Array.of(3, -1e-300, 0, -0, 1e300, -2, 3, 5e-324, -Infinity, Infinity);
  expect([...sortOrder(values)]).toEqual([8, 5, 1, 2, 3, 7, 0, 6, 4, 9]);
  const random = autoregressive(1, 5000, 0.3, 2)[0];
  const sorted = random.slice().sort();
  expect(Float64Array.from(sortOrder(random), (i) => random[i])).toEqual(sorted);
});
