/**
 * Real orthonormal transforms of rows in plain loops: by radix-2 for powers of two, else as a product with the basis. Row 0 of
 * the basis is 1/√n, rows 2k − 1 and 2k are cos and sin of 2πkj/n times √(2/n); for even n the last is cos(πj)/√n.
 */
import { multiply, rowMajor, transposed } from './plain';

/** What transforms all rows of x into result; tables are made here, once. */
export function planTransform(n: number): (x: Float32Array, result: Float32Array) => void {
  return Number.isInteger(Math.log2(n)) ? planPowerOfTwo(n) : planProduct(n);
}

function planProduct(n: number): (x: Float32Array, result: Float32Array) => void {
  const basis = transposed(rowMajor(basisOf(n), n));
  return (x, result) => multiply(rowMajor(x, n), basis, result, [x.length / n, n, n]);
}

function basisOf(n: number): Float32Array {
  return Float32Array.from({ length: n * n }, (_, at) => {
    const [row, j] = [Math.floor(at / n), at % n];
    if (row === 0) return 1 / Math.sqrt(n);
    const k = Math.ceil(row / 2);
    const angle = (2 * Math.PI * ((k * j) % n)) / n;
    if (2 * k === n) return Math.cos(angle) / Math.sqrt(n);
    return Math.sqrt(2 / n) * (row % 2 === 1 ? Math.cos(angle) : Math.sin(angle));
  });
}

/** Cooley and Tukey 1965, decimation in time; two rows at once as real and imaginary part, taken apart at the end. */
function planPowerOfTwo(n: number): (x: Float32Array, result: Float32Array) => void {
  const bits = Math.log2(n);
  const reversed = Uint32Array.from({ length: n }, (_, i) => reverseBits(i, bits));
  const cosines = Float64Array.from({ length: n / 2 }, (_, i) => Math.cos((2 * Math.PI * i) / n));
  const sines = Float64Array.from({ length: n / 2 }, (_, i) => Math.sin((2 * Math.PI * i) / n));
  const re = new Float64Array(n);
  const im = new Float64Array(n);

  function butterflies(): void {
    for (let half = 1; half < n; half *= 2) {
      const turn = n / (2 * half);
      for (let start = 0; start < n; start += 2 * half) {
        for (let k = 0, t = 0, a = start; k < half; k++, t += turn, a++) {
          const b = a + half;
          const [c, s] = [cosines[t], sines[t]];
          const x = re[b] * c + im[b] * s;
          const y = im[b] * c - re[b] * s;
          re[b] = re[a] - x;
          im[b] = im[a] - y;
          re[a] += x;
          im[a] += y;
        }
      }
    }
  }

  return (x, result) => {
    const rows = x.length / n;
    for (let row = 0; row < rows; row += 2) {
      const first = row * n;
      // A last row without a partner is its own.
      const second = row + 1 < rows ? first + n : first;
      for (let j = 0; j < n; j++) {
        re[reversed[j]] = x[first + j];
        im[reversed[j]] = x[second + j];
      }
      butterflies();
      untangle(re, im, result, first, second);
    }
  };
}

/** Z = X + iY of two real rows: X_k = (Z_k + Z̄_{n−k})/2, Y_k = (Z_k − Z̄_{n−k})/2i; cosines are the real parts, sines minus the imaginary ones. */
function untangle(
  re: Float64Array,
  im: Float64Array,
  result: Float32Array,
  first: number,
  second: number,
): void {
  const n = re.length;
  const end = 1 / Math.sqrt(n);
  const inner = Math.sqrt(2 / n) / 2;
  result[second] = im[0] * end;
  result[first] = re[0] * end;
  for (let k = 1; 2 * k < n; k++) {
    const m = n - k;
    result[second + 2 * k - 1] = (im[k] + im[m]) * inner;
    result[second + 2 * k] = (re[k] - re[m]) * inner;
    result[first + 2 * k - 1] = (re[k] + re[m]) * inner;
    result[first + 2 * k] = (im[m] - im[k]) * inner;
  }
  result[second + n - 1] = im[n / 2] * end;
  result[first + n - 1] = re[n / 2] * end;
}

function reverseBits(value: number, bits: number): number {
  let result = 0;
  for (let k = 0; k < bits; k++) result = 2 * result + ((value >> k) & 1);
  return result;
}
