/** The Fourier basis: orthonormal, as DESIGN has it, and the fast reference equal to the plain one. */
import { describe, expect, it } from 'vitest';
import { fourierBasis } from '../../src/ops/dft/basis';
import { analyseRow, synthesiseRow } from '../../src/ops/reference/fourier';

function apply(basis: Float64Array, x: Float64Array, inverse = false): Float64Array {
  const n = x.length;
  return Float64Array.from({ length: n }, (_, k) => {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += basis[inverse ? j * n + k : k * n + j] * x[j];
    return sum;
  });
}

const largestDifference = (a: Float64Array, b: Float64Array) =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);

const signal = (n: number) =>
  Float64Array.from({ length: n }, (_, j) => Math.sin(j * j + 0.3) + 0.1);

describe('the real Fourier basis', () => {
  it.each([1, 2, 3, 4, 5, 8, 53, 113])('is orthonormal for length %i', (n) => {
    const x = signal(n);
    const basis = fourierBasis(n);
    expect(largestDifference(apply(basis, apply(basis, x), true), x)).toBeLessThan(1e-13);
    expect(largestDifference(apply(basis, apply(basis, x, true)), x)).toBeLessThan(1e-13);
  });

  it('has cos and sin of each frequency in turn', () => {
    const n = 12;
    const basis = fourierBasis(n);
    for (let k = 1; k < 6; k++) {
      for (let j = 0; j < n; j++) {
        const angle = (2 * Math.PI * k * j) / n;
        expect(basis[(2 * k - 1) * n + j]).toBeCloseTo(Math.sqrt(2 / n) * Math.cos(angle), 14);
        expect(basis[2 * k * n + j]).toBeCloseTo(Math.sqrt(2 / n) * Math.sin(angle), 14);
      }
    }
    expect(basis[0]).toBeCloseTo(1 / Math.sqrt(n), 14);
    expect(basis[11 * n + 1]).toBeCloseTo(-1 / Math.sqrt(n), 14);
  });

  it.each([2, 4, 16, 256, 512])('has a fast transform for length %i', (n) => {
    const x = signal(n);
    const basis = fourierBasis(n);
    expect(largestDifference(analyseRow(x), apply(basis, x))).toBeLessThan(1e-12);
    expect(largestDifference(synthesiseRow(x), apply(basis, x, true))).toBeLessThan(1e-12);
  });
});
