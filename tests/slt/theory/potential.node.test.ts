/** Learning coefficients of polynomials: each rule, its limits, and that nothing is guessed beyond them. */
import { describe, expect, it } from 'vitest';
import { BadConfig } from '../../../src/gpu/errors';
import {
  addSeparate,
  multiplySeparate,
  normalCrossing,
  powerOfNorm,
  quasiHomogeneous,
  regularMinimum,
} from '../../../src/slt/theory/normal-crossing';
import { expandPotential, toTerms, type PotentialTerm } from '../../../src/slt/theory/polynomial';
import { potentialCoefficient } from '../../../src/slt/theory/potential';
import { diagonalise } from '../../../src/slt/theory/quadratic-form';
import { format, fraction } from '../../../src/slt/theory/rational';
import { countRealRoots, rootMultiplicities } from '../../../src/slt/theory/sturm';
import { LINE_PLUS_DOT, potential, power, product } from './potentials';

const answer = (terms: readonly PotentialTerm[], at?: readonly number[]): string => {
  const found = potentialCoefficient(terms, at);
  return found.lambda === null ? found.reason : `${format(found.exact)} (${found.multiplicity})`;
};

describe('rules', () => {
  it.each<[number[], number[], string, number]>([
    [[1, 3], [1, 0], '1/6', 1],
    [[3, 1], [1, 1], '1/3', 1],
    [[2, 1], [2, 2], '3/4', 1],
    [[2, 3], [0, 4], '1/4', 1],
    [[4, 1], [6, 3], '7/8', 1],
    [[3, 1], [3, 2], '2/3', 1],
    [[1, 1], [0, 0], '1/2', 2],
    [[2, 2], [0, 0], '1/4', 2],
    [[2, 0], [0, 0], '1/4', 1],
    [[3, 1], [5, 1], '1', 2],
  ])('normal crossing k %j, h %j: λ %s, m %i', (k, h, lambda, multiplicity) => {
    const found = normalCrossing(
      k.map((one) => 2 * one),
      h,
    );
    expect([format(found.exact), found.multiplicity]).toEqual([lambda, multiplicity]);
  });

  it('sums, products, norms, regular points', () => {
    const [double, simple] = [normalCrossing([2, 2]), normalCrossing([4])];
    expect(addSeparate([double, simple, double])).toMatchObject({ lambda: 1.25, multiplicity: 3 });
    expect(multiplySeparate([double, simple])).toMatchObject({ lambda: 0.25, multiplicity: 1 });
    expect(multiplySeparate([double, double])).toMatchObject({ lambda: 0.5, multiplicity: 4 });
    expect(quasiHomogeneous([fraction(1, 2), fraction(1, 4)]).lambda).toBe(0.75);
    expect(powerOfNorm(5, 2).lambda).toBe(1.25);
    expect(regularMinimum(7).lambda).toBe(3.5);
    expect(() => normalCrossing([0, 0])).toThrow(RangeError);
  });
});

describe('potentials', () => {
  it.each<[string, PotentialTerm[], string]>([
    ['w²', potential([1, 2]), '1/2 (1)'],
    ['3w⁴', potential([3, 4]), '1/4 (1)'],
    ['w⁶', potential([1, 6]), '1/6 (1)'],
    ['x²y²', potential([1, 2, 2]), '1/2 (2)'],
    ['x²y⁴', potential([1, 2, 4]), '1/4 (1)'],
    ['x⁴y⁴', potential([1, 4, 4]), '1/4 (2)'],
    ['x⁶y⁶', potential([1, 6, 6]), '1/6 (2)'],
    ['x²y²z²', potential([1, 2, 2, 2]), '1/2 (3)'],
    ['x² + y⁴', potential([1, 2, 0], [1, 0, 4]), '3/4 (1)'],
    ['x²y² + z²u²', potential([1, 2, 2, 0, 0], [1, 0, 0, 2, 2]), '1 (3)'],
    ['a free variable', potential([1, 2, 0]), '1/2 (1)'],
    ['0', potential([0, 2]), '0 (1)'],
    ['(x² + y²)²', power(potential([1, 2, 0], [1, 0, 2]), 2), '1/2 (1)'],
    ['(x² + y² + z²)³', power(potential([1, 2, 0, 0], [1, 0, 2, 0], [1, 0, 0, 2]), 3), '1/2 (1)'],
    ['x² + xy + y²', potential([1, 2, 0], [1, 1, 1], [1, 0, 2]), '1 (1)'],
    ['(x + y)²', power(potential([1, 1, 0], [1, 0, 1]), 2), '1/2 (1)'],
    ['(x + y + z)²', power(potential([1, 1, 0, 0], [1, 0, 1, 0], [1, 0, 0, 1]), 2), '1/2 (1)'],
    ['x² + xy² + y⁴', potential([1, 2, 0], [1, 1, 2], [1, 0, 4]), '3/4 (1)'],
    ['x⁴ − x³y + y⁴', potential([1, 4, 0], [-1, 3, 1], [1, 0, 4]), '1/2 (1)'],
    ['x⁴ + y⁴ + 100x⁵', potential([1, 4, 0], [1, 0, 4], [100, 5, 0], [-9, 3, 2]), '1/2 (1)'],
    ['(x² − y³)²', power(potential([1, 2, 0], [-1, 0, 3]), 2), '5/12 (1)'],
    ['(x² − y²)²', power(potential([1, 2, 0], [-1, 0, 2]), 2), '1/2 (2)'],
    ['x²y² + y⁶', potential([1, 2, 2], [1, 0, 6]), '1/2 (2)'],
    [
      '(x − y)⁴(x + y)²',
      product(
        power(potential([1, 1, 0], [-1, 0, 1]), 4),
        power(potential([1, 1, 0], [1, 0, 1]), 2),
      ),
      '1/4 (1)',
    ],
    ['line plus dot, at the dot', LINE_PLUS_DOT, '1/4 (1)'],
  ])('%s: %s', (_, terms, expected) => {
    expect(answer(terms)).toBe(expected);
  });

  it('at points other than 0', () => {
    const crossing = potential([1, 2, 2]);
    expect(answer(crossing, [1, 0])).toBe('1/2 (1)');
    expect(answer(crossing, [0, -0.3])).toBe('1/2 (1)');
    expect(answer(potential([1, 4, 6]), [0, 2])).toBe('1/4 (1)');
    expect(answer(LINE_PLUS_DOT, [1, 0.3])).toBe('1/2 (1)');
    // (x − 0.1)²(y + 0.7)⁴, whose coefficients no float64 holds
    const decimal = product(
      power(potential([1, 1, 0], [-0.1, 0, 0]), 2),
      power(potential([1, 0, 1], [0.7, 0, 0]), 4),
    ).map(({ coefficient, powers }) => ({
      coefficient: Number(coefficient.toPrecision(12)),
      powers,
    }));
    expect(answer(decimal, [0.1, -0.7])).toBe('1/4 (1)');
    expect(answer(decimal, [0.1, 2])).toBe('1/2 (1)');
    // A minimum that is no zero counts from its own level.
    expect(answer(potential([1, 2], [5, 0]))).toBe('1/2 (1)');
    expect(answer(potential([1, 4], [-2, 2], [1, 0]), [1])).toBe('1/2 (1)');
  });

  it.each<[string, PotentialTerm[], number[] | undefined, RegExp]>([
    ['a slope', potential([1, 2, 2]), [1, 1], /gradient there is not zero/],
    ['x³', potential([1, 3]), undefined, /falls below/],
    ['x²y', potential([1, 2, 1]), undefined, /falls below/],
    ['−x⁴', potential([-1, 4]), undefined, /falls below/],
    ['−x²', potential([-1, 2]), undefined, /negative direction/],
    ['x² − y²', potential([1, 2, 0], [-1, 0, 2]), undefined, /negative direction/],
    ['xy', potential([1, 1, 1]), undefined, /negative direction/],
    ['a local maximum', potential([1, 4], [-2, 2]), [0], /negative direction/],
    ['x⁴ − y⁴', potential([1, 4, 0], [-1, 0, 4]), undefined, /falls below/],
    ['x² − 3xy² + y⁴', potential([1, 2, 0], [-3, 1, 2], [1, 0, 4]), undefined, /falls below/],
    ['x² + y³', potential([1, 2, 0], [1, 0, 3], [1, 2, 2]), undefined, /falls below|no rule/],
    [
      '(x² − y³)² + y⁷',
      [...power(potential([1, 2, 0], [-1, 0, 3]), 2), ...potential([1, 0, 7])],
      undefined,
      /no rule decides how these 2/,
    ],
    [
      'x²y² + y²z² + z²x²',
      potential([1, 2, 2, 0], [1, 0, 2, 2], [1, 2, 0, 2]),
      undefined,
      /no rule decides how these 3/,
    ],
  ])('%s is not answered', (_, terms, at, reason) => {
    expect(answer(terms, at)).toMatch(reason);
  });

  it('refuses what is no potential', () => {
    const pathOf = (terms: PotentialTerm[], at?: number[]): string => {
      try {
        potentialCoefficient(terms, at);
      } catch (error) {
        expect(error).toBeInstanceOf(BadConfig);
        return (error as BadConfig).path;
      }
      return 'not refused';
    };
    expect(pathOf([])).toBe('terms');
    expect(pathOf(potential([1]))).toBe('terms.0.powers');
    expect(pathOf(potential([1, 2], [1, 2, 2]))).toBe('terms.1.powers');
    expect(pathOf(potential([1, 2], [1, -1]))).toBe('terms.1.powers');
    expect(pathOf(potential([1, 0.5]))).toBe('terms.0.powers');
    expect(pathOf(potential([1, 65]))).toBe('terms.0.powers');
    expect(pathOf(potential([NaN, 2]))).toBe('terms.0.coefficient');
    expect(pathOf(potential([1, 2]), [0, 0])).toBe('at');
    expect(pathOf(potential([1, 2]), [Infinity])).toBe('at');
    expect(
      pathOf(potential([1, ...new Array<number>(40).fill(2)]), new Array<number>(40).fill(1)),
    ).toBe('terms');
  });
});

/** Coefficients of a product of polynomials in one variable. */
function times(p: number[], q: number[]): number[] {
  const result = new Array<number>(p.length + q.length - 1).fill(0);
  p.forEach((a, i) => q.forEach((b, j) => (result[i + j] += a * b)));
  return result;
}

describe('exact algebra', () => {
  it('re-expands about a point', () => {
    // (1 + x)²(2 + y) − 2 = 4x + 2x² + y + 2xy + x²y
    const terms = toTerms(expandPotential(potential([1, 2, 1]), [1, 2]));
    const text = terms.map(({ coefficient, powers }) => `${coefficient}:${powers}`).sort();
    expect(text).toEqual(['1:0,1', '1:2,1', '2:1,1', '2:2,0', '4:1,0']);
  });

  it('counts real roots with their multiplicities', () => {
    const list = (...c: number[]) => c.map((one) => fraction(one));
    expect(countRealRoots(list(1, 0, 1))).toBe(0);
    expect(countRealRoots(list(-1, 0, 1))).toBe(2);
    expect(countRealRoots(list(0, 0, 0, 1))).toBe(1);
    expect(countRealRoots(list(7))).toBe(0);
    // (x − 1)²(x + 2)³(x² + 1)
    const factors = [
      [-1, 1],
      [-1, 1],
      [2, 1],
      [2, 1],
      [2, 1],
      [1, 0, 1],
    ];
    expect(rootMultiplicities(list(...factors.reduce(times)))).toEqual([2, 3]);
    expect(rootMultiplicities(list(0, 0, 1))).toEqual([2]);
    expect(() => rootMultiplicities([])).toThrow(RangeError);
  });

  it('finds the signs of a quadratic form', () => {
    const matrix = (rows: number[][]) => rows.map((row) => row.map((one) => fraction(one)));
    expect(
      diagonalise(
        matrix([
          [0, 1],
          [1, 0],
        ]),
      ),
    ).toEqual({ positive: 1, negative: 1, zero: 0 });
    expect(
      diagonalise(
        matrix([
          [1, 1],
          [1, 1],
        ]),
      ),
    ).toEqual({ positive: 1, negative: 0, zero: 1 });
    expect(
      diagonalise(
        matrix([
          [2, 1, 0],
          [1, 2, 0],
          [0, 0, -3],
        ]),
      ),
    ).toEqual({ positive: 2, negative: 1, zero: 0 });
    expect(
      diagonalise(
        matrix([
          [0, 0],
          [0, 0],
        ]),
      ),
    ).toEqual({ positive: 0, negative: 0, zero: 2 });
  });
});
