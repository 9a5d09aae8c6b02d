import { describe, expect, test } from 'vitest';
import { negativeLog, normals } from '../../src/random/normal';
import { philox } from '../../src/random/philox';
import { fillNormal } from '../../src/random/random';
import { streams } from '../../src/random/streams';

/** Box–Muller in float64 from the same words, cut as documented: 24 bits of u, 26 of the phase. */
function exactPair(radiusWord: number, phaseWord: number): [number, number] {
  const odd = (radiusWord | 1) >>> 0;
  const dropped = 2 ** Math.max(0, 8 - Math.clz32(odd));
  const u = (Math.floor(odd / dropped) * dropped) / 2 ** 32;
  const phase = ((Math.floor(phaseWord / 64) + 0.5) / 2 ** 26) * 2 * Math.PI;
  const radius = Math.sqrt(-2 * Math.log(u));
  return [radius * Math.cos(phase), radius * Math.sin(phase)];
}

/** Size of a unit in the last place of float32 at x. */
function ulp(x: number): number {
  return 2 ** (Math.max(-126, Math.floor(Math.log2(Math.abs(x)))) - 23);
}

function bounded(words: Uint32Array): number {
  const got = normals(words);
  let worst = 0;
  for (let pair = 0; pair < 4; pair += 2) {
    exactPair(words[pair], words[pair + 1]).forEach((exact, i) => {
      // Near an axis float64's own cos of a rounded phase is off by 1e-16: allow for it.
      const error = Math.max(0, Math.abs(got[pair + i] - exact) - 1e-15);
      worst = Math.max(worst, error / ulp(exact));
    });
  }
  return worst;
}

describe('accuracy of the float32 twin against float64', () => {
  test('within 4 ULP over 200,000 draws', () => {
    const words = new Uint32Array(4);
    let worst = 0;
    for (let block = 0; block < 50_000; block++) {
      worst = Math.max(worst, bounded(philox(11, 0, 0, block, streams.probe, 0, words)));
    }
    expect(worst).toBeLessThan(4);
  });

  test('within 4 ULP at every edge of exponent and quadrant', () => {
    const edges = [0, 1, 2, 3, 0xff, 0x100, 0xb504f300, 0xb504f400, 0xfffffffe, 0xffffffff];
    for (let shift = 2; shift < 32; shift++) edges.push(2 ** shift - 1, 2 ** shift, 2 ** shift + 1);
    for (let octant = 1; octant < 8; octant++) {
      for (const offset of [-64, -1, 0, 1, 63, 64]) edges.push(octant * 2 ** 29 + offset);
    }
    for (const a of edges) {
      for (const b of edges) expect(bounded(Uint32Array.of(a, b, b, a))).toBeLessThan(4);
    }
  });

  test('never infinite, never not a number, and reaches into the far tail', () => {
    expect(negativeLog(0)).toBeCloseTo(32 * Math.LN2, 5);
    expect(negativeLog(0xffffffff)).toBeGreaterThan(0);
    expect(Math.max(...normals([0, 0, 0, 0]))).toBeCloseTo(6.66, 2);
  });
});

describe('statistics of 2,000,000 normals', () => {
  const n = 2_000_000;
  const values = fillNormal(n, 20_240_601, 3, streams.noise);
  const moment = (power: number) => values.reduce((sum, x) => sum + x ** power, 0) / n;

  // Standard errors of the moments of a normal sample: 1/√n, √2/√n, √15/√n, √96/√n. Bounds are 4 of them.
  test.each([
    ['mean', 1, 0, 1],
    ['variance', 2, 1, 2],
    ['third moment', 3, 0, 15],
    ['fourth moment', 4, 3, 96],
    ['sixth moment', 6, 15, 10_170],
  ])('%s', (_, power, expected, variance) => {
    expect(Math.abs(moment(power) - expected)).toBeLessThan(4 * Math.sqrt(variance / n));
  });

  test.each([
    [1, 0.317310508],
    [2, 0.045500264],
    [3, 0.0026997961],
    [4, 6.3342484e-5],
    [4.5, 6.7953462e-6],
  ])('share beyond ±%d', (limit, share) => {
    const beyond = values.reduce((count, x) => count + (Math.abs(x) > limit ? 1 : 0), 0);
    const spread = Math.sqrt(n * share * (1 - share));
    expect(Math.abs(beyond - n * share)).toBeLessThan(4 * spread + 1);
  });

  test('correlation at lags 1 to 8, also of the squares', () => {
    for (let lag = 1; lag <= 8; lag++) {
      let plain = 0;
      let squares = 0;
      for (let i = lag; i < n; i++) {
        plain += values[i] * values[i - lag];
        squares += (values[i] ** 2 - 1) * (values[i - lag] ** 2 - 1);
      }
      expect(Math.abs(plain / n)).toBeLessThan(4 / Math.sqrt(n));
      expect(Math.abs(squares / n)).toBeLessThan((4 * 2) / Math.sqrt(n));
    }
  });

  test.each([
    ['next replica', () => fillNormal(n / 4, 20_240_601, 4, streams.noise)],
    ['next seed', () => fillNormal(n / 4, 20_240_602, 3, streams.noise)],
    ['next step', () => fillNormal(n / 4, 20_240_601, 3, streams.noise, 0, 1, 1)],
    ['other stream', () => fillNormal(n / 4, 20_240_601, 3, streams.init)],
  ])('no correlation with the %s', (_, draw) => {
    const other = draw();
    const sum = other.reduce((total, x, i) => total + x * values[i], 0);
    expect(Math.abs(sum / other.length)).toBeLessThan(4 / Math.sqrt(other.length));
  });
});
