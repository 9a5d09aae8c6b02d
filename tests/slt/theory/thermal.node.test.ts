/** Thermal values: the published table to its printed digits, closed forms, brute force, and the limits of the method. */
import { describe, expect, it } from 'vitest';
import { BadConfig } from '../../../src/gpu/errors';
import { averageOnLine } from '../../../src/slt/theory/line-average';
import type { PotentialTerm } from '../../../src/slt/theory/polynomial';
import { potentialCoefficient } from '../../../src/slt/theory/potential';
import { realRoots } from '../../../src/slt/theory/real-roots';
import { potentialThermal, tanhThermal } from '../../../src/slt/theory/thermal';
import { tanhQuadrature } from '../../../src/slt/theory/tanh';
import { LINE_PLUS_DOT, potential, power } from './potentials';

const NBETAS = [10, 100, 1e3, 1e4, 1e6];
const CUSP = power(potential([1, 2, 0], [-1, 0, 3]), 2);
const NORM = power(potential([1, 2, 0], [1, 0, 2]), 2);

const thermal = (terms: PotentialTerm[], nbeta: number, localization: number, at?: number[]) =>
  potentialThermal(terms, at ?? terms[0].powers.map(() => 0), { nbeta, localization });

describe('table', () => {
  // Half of the last printed digit, and a little for the rounding of the print.
  const DIGIT = 0.6e-4;
  const rows: [string, PotentialTerm[], number, number[]][] = [
    ['w²', potential([1, 2]), 1, [0.4762, 0.4975, 0.4998, 0.5, 0.5]],
    ['w²', potential([1, 2]), 100, [0.0833, 0.3333, 0.4762, 0.4975, 0.5]],
    ['w⁴', potential([1, 4]), 1, [0.2249, 0.2417, 0.2473, 0.2492, 0.2499]],
    ['w⁴', potential([1, 4]), 10, [0.0961, 0.1803, 0.2249, 0.2417, 0.2492]],
    ['w⁴', potential([1, 4]), 100, [0.0029, 0.0234, 0.0961, 0.1803, 0.2417]],
    ['w⁶', potential([1, 6]), 1, [0.1438, 0.1556, 0.1614, 0.1642, 0.1661]],
    ['w⁶', potential([1, 6]), 100, [0.0001, 0.0014, 0.0102, 0.0401, 0.1213]],
    ['w⁸', potential([1, 8]), 1, [0.1046, 0.1131, 0.1182, 0.1211, 0.1238]],
    ['x²y²', potential([1, 2, 2]), 1, [0.2903, 0.3542, 0.3903, 0.4123, 0.4375]],
    ['x²y²', potential([1, 2, 2]), 100, [0.001, 0.0093, 0.061, 0.1816, 0.3542]],
    ['x²y⁴', potential([1, 2, 4]), 1, [0.1734, 0.2057, 0.2249, 0.2358, 0.2455]],
    ['x²y⁴', potential([1, 2, 4]), 100, [0, 0.0003, 0.0027, 0.0183, 0.1239]],
    ['x⁴y⁴', potential([1, 4, 4]), 1, [0.1225, 0.1471, 0.1652, 0.1785, 0.196]],
    ['x² + y⁴', potential([1, 2, 0], [1, 0, 4]), 1, [0.7011, 0.7392, 0.7471, 0.7491, 0.7499]],
    ['x² + y⁴', potential([1, 2, 0], [1, 0, 4]), 100, [0.0862, 0.3567, 0.5723, 0.6778, 0.7417]],
    ['(x² + y²)²', NORM, 1, [0.4576, 0.4861, 0.4956, 0.4986, 0.4999]],
    ['(x² + y²)²', NORM, 100, [0.0077, 0.0591, 0.2191, 0.3794, 0.4861]],
    ['x⁶y⁶', potential([1, 6, 6]), 1, [0.0746, 0.0874, 0.0979, 0.1065, 0.119]],
    ['line plus dot, dot', LINE_PLUS_DOT, 10, [0.0489, 0.1071, 0.1626, 0.198, 0.2329]],
  ];
  it.each(rows)('%s', (_, terms, localization, expected) => {
    const found = NBETAS.map((nbeta) => thermal(terms, nbeta, localization));
    found.forEach(({ value, error }, i) => {
      expect(value, `nβ ${NBETAS[i]}`).not.toBeNull();
      expect(Math.abs(value! - expected[i]), `nβ ${NBETAS[i]}`).toBeLessThan(DIGIT);
      expect(error).toBeLessThan(1e-5);
    });
  });

  it('line plus dot, on the line', () => {
    const found = NBETAS.map((nbeta) => thermal(LINE_PLUS_DOT, nbeta, 100, [1, 0.3]).value);
    expect(found[0]).toBeCloseTo(0.1024, 4);
    expect(found[1]).toBeCloseTo(0.3398, 4);
    expect(found[2]).toBeCloseTo(0.505, 3);
    expect(found[3]).toBeCloseTo(0.5006, 4);
    expect(found[4]).toBeCloseTo(0.5, 4);
  });

  it('(x² − y³)²', () => {
    const expected = [0.33, 0.36, 0.375, 0.385, 0.4];
    const allowed = [0.005, 0.005, 0.001, 0.002, 0.005];
    NBETAS.forEach((nbeta, i) => {
      expect(Math.abs(thermal(CUSP, nbeta, 1).value! - expected[i])).toBeLessThan(allowed[i]);
    });
  });

  it('one tanh unit', () => {
    const { value, error } = tanhThermal(1, { nbeta: 1e5, localization: 1 });
    expect(value).toBeCloseTo(0.434, 3);
    expect(error).toBeLessThan(1e-8);
  });
});

describe('by other means', () => {
  it('w² is nβ/(2nβ + γ)', () => {
    for (const [nbeta, localization] of [
      [1, 0],
      [1, 1000],
      [37, 0.01],
      [1e6, 1000],
    ]) {
      const { value } = thermal(potential([1, 2]), nbeta, localization);
      expect(value! / (nbeta / (2 * nbeta + localization))).toBeCloseTo(1, 6);
    }
  });

  it('w^2k without localisation is λ at every nβ', () => {
    for (const degree of [2, 4, 6, 8, 12]) {
      for (const nbeta of [1, 1e3, 1e6]) {
        expect(thermal(potential([3, degree]), nbeta, 0).value! * degree).toBeCloseTo(1, 5);
      }
    }
    expect(thermal(NORM, 10, 0).value).toBeCloseTo(0.5, 5);
  });

  it.each<[string, PotentialTerm[], number[]]>([
    ['x²y²', potential([1, 2, 2]), [0, 0]],
    ['x²y² from a point of its axis', potential([1, 2, 2]), [0.5, 0]],
    ['(x² − y³)²', CUSP, [0, 0]],
    ['two wells', potential([1, 4, 0], [-2, 2, 0], [1, 0, 2], [0.5, 1, 1]), [0.8, 0.1]],
  ])('%s by brute force', (_, terms, at) => {
    const [nbeta, localization] = [5, 2];
    const K = (w: number[]) =>
      terms.reduce((s, { coefficient, powers }) => {
        return s + coefficient * w[0] ** powers[0] * w[1] ** powers[1];
      }, 0);
    let [mass, moment] = [0, 0];
    for (let i = -200; i <= 200; i++) {
      for (let j = -200; j <= 200; j++) {
        const [x, y] = [i * 0.025, j * 0.025];
        const excess = K([at[0] + x, at[1] + y]) - K(at);
        const share = Math.exp(-nbeta * excess - (localization / 2) * (x * x + y * y));
        mass += share;
        moment += share * nbeta * excess;
      }
    }
    expect(thermal(terms, nbeta, localization, at).value).toBeCloseTo(moment / mass, 5);
  });

  it('one tanh unit by brute force', () => {
    const { nodes, weights } = tanhQuadrature(64);
    const [nbeta, localization] = [40, 2];
    let [mass, moment] = [0, 0];
    for (let j = -200; j <= 200; j++) {
      const b = j * 0.025;
      const square = nodes.reduce((s, x, i) => s + weights[i] * Math.tanh(b * x) ** 2, 0);
      for (let i = -200; i <= 200; i++) {
        const a = i * 0.025;
        const heat = nbeta * a * a * square;
        const share = Math.exp(-heat - (localization / 2) * (a * a + b * b));
        mass += share;
        moment += share * heat;
      }
    }
    const { value } = tanhThermal(1, { nbeta, localization });
    expect(value).toBeCloseTo(moment / mass, 5);
  });

  it('sums in separate variables add, whatever their number', () => {
    const parts = potential([1, 2, 2, 0, 0, 0], [1, 0, 0, 4, 0, 0], [2, 0, 0, 0, 2, 0]);
    const { value } = thermal(parts, 100, 1);
    const alone = [potential([1, 2, 2]), potential([1, 4]), potential([2, 2])];
    const sum = alone.reduce((total, terms) => total + thermal(terms, 100, 1).value!, 0);
    expect(value).toBeCloseTo(sum, 12);
  });

  it('approaches λ as the law says: 1/(λ − value) grows by ln 100 from nβ 1e4 to 1e6', () => {
    for (const terms of [potential([1, 2, 2]), potential([1, 4, 4])]) {
      const { lambda } = potentialCoefficient(terms);
      const [before, after] = [1e4, 1e6].map(
        (nbeta) => 1 / (lambda! - thermal(terms, nbeta, 1).value!),
      );
      expect((after - before) / Math.log(100)).toBeGreaterThan(0.97);
      expect((after - before) / Math.log(100)).toBeLessThan(1.03);
    }
  });

  it('knows no units: x²y² depends on nβ/γ² alone', () => {
    const terms = potential([1, 2, 2]);
    const values = [1e-2, 1, 1e3].map((scale) => thermal(terms, 100 * scale ** 2, scale).value!);
    expect(values[0] / values[1]).toBeCloseTo(1, 6);
    expect(values[2] / values[1]).toBeCloseTo(1, 6);
  });
});

describe('limits', () => {
  it.each<[string, PotentialTerm[], number, RegExp]>([
    ['x²y² without localisation', potential([1, 2, 2]), 0, /does not exist/],
    ['a free variable without localisation', potential([1, 2, 0]), 0, /does not hold/],
    ['x³', potential([1, 3]), 1, /does not exist/],
    ['−x⁴', potential([-1, 4]), 1, /does not exist/],
    ['x³y', potential([1, 3, 1]), 1, /does not exist/],
    ['three variables', potential([1, 2, 2, 2]), 1, /3 variables meet/],
  ])('%s has no value but a reason', (_, terms, localization, reason) => {
    const found = thermal(terms, 100, localization);
    expect(found.value).toBeNull();
    expect(found.value === null && found.reason).toMatch(reason);
  });

  it('settles, or says that it did not, between nβ 1 and 1e6 and γ 1e-3 and 1000', () => {
    for (const terms of [potential([1, 2, 2]), potential([1, 6, 6]), NORM]) {
      const { lambda } = potentialCoefficient(terms);
      for (const nbeta of [1, 1e6]) {
        for (const localization of [1e-3, 1000]) {
          const { value, error } = thermal(terms, nbeta, localization);
          expect(value).toBeGreaterThan(0);
          expect(value!).toBeLessThan(lambda!);
          expect(error! / value!).toBeLessThan(1e-4);
        }
      }
    }
  });

  it('two tanh units, or no localisation, have a reason', () => {
    const reasons = [
      tanhThermal(2, { nbeta: 10, localization: 1 }),
      tanhThermal(1, { nbeta: 10, localization: 0 }),
    ];
    for (const found of reasons) expect(found.value === null && found.reason).toMatch(/weights/);
  });

  it('refuses nβ and γ out of range', () => {
    const pathOf = (nbeta: number, localization: number): string => {
      try {
        thermal(potential([1, 2]), nbeta, localization);
      } catch (error) {
        expect(error).toBeInstanceOf(BadConfig);
        return (error as BadConfig).path;
      }
      return 'not refused';
    };
    for (const nbeta of [0, -1, NaN, Infinity]) expect(pathOf(nbeta, 1)).toBe('nbeta');
    for (const localization of [-1, NaN, Infinity])
      expect(pathOf(1, localization)).toBe('localization');
  });
});

describe('on a line', () => {
  it('finds wells of very different width', () => {
    // K = 1e6·(x − 1)²(x + 1e-3)²: two narrow wells, one of them 1e-3 from 0.
    const [p, q] = [1e-3 - 1, -1e-3];
    const coefficients = [q * q, 2 * p * q, p * p + 2 * q, 2 * p, 1].map((c) => 1e6 * c);
    const found = averageOnLine(coefficients, 100, 0, 16)!;
    // Each a Gaussian of one degree of freedom.
    expect(100 * found.mean).toBeCloseTo(0.5, 4);
    // Masses √(π/nβ)/(1e3·1.001) each.
    expect(Math.exp(found.logMass)).toBeCloseTo((2 * Math.sqrt(Math.PI / 100)) / 1001, 8);
  });

  it('finds roots that change sign, and 0', () => {
    expect(realRoots([-6, 11, -6, 1]).map((x) => Number(x.toFixed(10)))).toEqual([1, 2, 3]);
    expect(realRoots([0, 0, 5])).toEqual([0]);
    expect(realRoots([1, 0, 1])).toEqual([]);
    expect(realRoots([7])).toEqual([]);
    expect(realRoots([-1e-12, 1])[0]).toBeCloseTo(1e-12, 20);
    const wide = realRoots([-1, 1e6 + 1e-6, -1]);
    expect(wide[0] / 1e-6).toBeCloseTo(1, 9);
    expect(wide[1] / 1e6).toBeCloseTo(1, 9);
  });
});
