/** Fractions and quadrature rules: the arithmetic that the theory stands on. */
import { describe, expect, it } from 'vitest';
import * as q from '../../../src/slt/theory/rational';
import { gaussLegendre, tanhSinh } from '../../../src/slt/theory/quadrature';

const text = (a: q.Rational) => q.format(a);

describe('fractions', () => {
  it('are kept in lowest terms, the sign above', () => {
    expect(text(q.fraction(26, 4))).toBe('13/2');
    expect(text(q.fraction(3, -6))).toBe('-1/2');
    expect(text(q.fraction(-8, -4))).toBe('2');
    expect(text(q.fraction(0, -7))).toBe('0');
    expect(() => q.fraction(1, 0)).toThrow(/1\/0/);
  });

  it('add, subtract, multiply, divide, compare', () => {
    const [third, half] = [q.fraction(1, 3), q.fraction(1, 2)];
    expect(text(q.add(third, half))).toBe('5/6');
    expect(text(q.subtract(third, half))).toBe('-1/6');
    expect(text(q.multiply(third, half))).toBe('1/6');
    expect(text(q.divide(third, half))).toBe('2/3');
    expect(text(q.divide(third, q.negate(half)))).toBe('-2/3');
    expect(text(q.power(q.fraction(-2, 3), 3))).toBe('-8/27');
    expect(() => q.divide(third, q.ZERO)).toThrow(RangeError);
    expect(q.compare(third, half)).toBeLessThan(0);
    expect(text(q.least([half, third, q.ONE]))).toBe('1/3');
    expect(text(q.sum([half, third, q.ONE]))).toBe('11/6');
    expect(q.equals(q.fraction(2, 4), half)).toBe(true);
  });

  it('round up', () => {
    expect(
      [
        [7, 2],
        [-7, 2],
        [6, 2],
        [0, 5],
      ].map(([a, b]) => q.ceiling(q.fraction(a, b))),
    ).toEqual([4n, -3n, 3n, 0n]);
  });

  it('become the nearest number', () => {
    expect(q.toNumber(q.fraction(1, 3))).toBe(1 / 3);
    expect(q.toNumber(q.fraction(-13, 2))).toBe(-6.5);
    const huge = 10n ** 400n;
    expect(q.toNumber(q.fraction(2n * huge + 1n, huge))).toBeCloseTo(2, 15);
    expect(q.toNumber(q.fraction(1n, 3n * 10n ** 300n))).toBeCloseTo(0, 15);
    expect(q.toNumber(q.fraction(1n, 3n * 10n ** 300n)) * 3e300).toBeCloseTo(1, 12);
  });

  it('read numbers as decimals', () => {
    for (const [value, expected] of [
      [0.1, '1/10'],
      [-2.5, '-5/2'],
      [3, '3'],
      [0, '0'],
      [1e-7, '1/10000000'],
      [1.5e21, '1500000000000000000000'],
    ] as const) {
      expect(text(q.fromDecimal(value))).toBe(expected);
    }
    expect(() => q.fromDecimal(NaN)).toThrow(/finite/);
    expect(() => q.fromDecimal(Infinity)).toThrow(/finite/);
  });
});

describe('quadrature', () => {
  it('Gauss–Legendre takes polynomials up to degree 2n − 1 exactly', () => {
    for (const n of [1, 2, 3, 8, 32, 101]) {
      const { nodes, weights } = gaussLegendre(n, -2, 2);
      expect(weights.reduce((a, b) => a + b)).toBeCloseTo(4, 13);
      expect([...nodes].sort((a, b) => a - b)).toEqual([...nodes]);
      const degree = Math.min(2 * n - 1, 12);
      const found = nodes.reduce((sum, x, i) => sum + weights[i] * (x / 2) ** degree, 0);
      expect(found, `${n}`).toBeCloseTo(degree % 2 ? 0 : 4 / (degree + 1), 13);
    }
    expect(gaussLegendre(2, -1, 1).nodes[1]).toBeCloseTo(1 / Math.sqrt(3), 15);
    for (const n of [0, -1, 1.5, NaN, 1001]) {
      expect(() => gaussLegendre(n, 0, 1)).toThrow(RangeError);
    }
  });

  it('tanh-sinh resolves a peak of any width at an end', () => {
    const { fromStart, fromEnd, weights } = tanhSinh(32);
    for (const width of [1, 1e-2, 1e-5, 1e-8]) {
      const found = fromStart.reduce(
        (sum, x, i) => sum + weights[i] * (Math.exp(-x / width) + Math.exp(-fromEnd[i] / width)),
        0,
      );
      expect(found / (2 * width * (1 - Math.exp(-1 / width)))).toBeCloseTo(1, 6);
    }
  });
});
