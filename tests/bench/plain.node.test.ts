/** The plain loops against what they must compute, written down again in the simplest way. */
import { describe, expect, it } from 'vitest';
import { multiply, rowMajor, transposed } from '../../benches/plain';
import { planTransform } from '../../benches/plain-dft';
import { createRandom } from '../../src/random/random';
import { streams } from '../../src/random/streams';
import { fourierBasis } from '../../src/ops/dft/basis';

const random = createRandom(0, 0, streams.probe);
const draw = (size: number): Float32Array => Float32Array.from({ length: size }, random.normal);

describe('the product', () => {
  it.each([
    [1, 1, 1],
    [4, 8, 4],
    [5, 3, 9],
    [7, 17, 2],
  ])('%d × %d · %d, in every layout and at an offset', (m, k, n) => {
    const [a, b] = [draw(m * k), draw(k * n)];
    const right = Float32Array.from({ length: m * n }, (_, at) => {
      let sum = 0;
      for (let j = 0; j < k; j++) sum += a[Math.floor(at / n) * k + j] * b[j * n + (at % n)];
      return sum;
    });
    const turn = (x: Float32Array, columns: number): Float32Array =>
      Float32Array.from(x, (_, at) => {
        const rows = x.length / columns;
        return x[(at % rows) * columns + Math.floor(at / rows)];
      });
    for (const left of [rowMajor(a, k), transposed(rowMajor(turn(a, k), m))]) {
      for (const other of [rowMajor(b, n), transposed(rowMajor(turn(b, n), k))]) {
        const c = new Float32Array(m * n + 3);
        multiply(left, other, c, [m, k, n], 3);
        c.subarray(3).forEach((value, at) => expect(value).toBeCloseTo(right[at], 5));
        expect([...c.subarray(0, 3)]).toEqual([0, 0, 0]);
      }
    }
  });
});

describe('the transform', () => {
  it.each([5, 8, 12, 16, 53, 256])('of length %d, an odd number of rows', (n) => {
    const rows = 3;
    const x = draw(rows * n);
    const found = new Float32Array(rows * n);
    planTransform(n)(x, found);
    const basis = fourierBasis(n);
    found.forEach((value, at) => {
      const [row, k] = [Math.floor(at / n), at % n];
      let sum = 0;
      for (let j = 0; j < n; j++) sum += basis[k * n + j] * x[row * n + j];
      expect(value).toBeCloseTo(sum, 5);
    });
  });
});
