/** The real orthonormal Fourier transform in float64; coefficients as in src/ops/dft/basis.ts. */
import type { Reference } from '../../graph/types';
import { rootsOfUnity } from '../dft/basis';
import type { FourierAttributes } from '../dft/fourier';

export const fourier: Reference<FourierAttributes> = ([x], { inverse }) => {
  const n = x.shape.at(-1)!;
  const result = new Float64Array(x.data.length);
  for (let at = 0; at < result.length; at += n) {
    const row = x.data.slice(at, at + n);
    result.set(inverse ? synthesiseRow(row) : analyseRow(row), at);
  }
  return result;
};

/** Coefficients of a row of x, whose length n is a power of two; n·log n steps. */
export function analyseRow(x: Float64Array): Float64Array {
  const n = x.length;
  const re = x.slice();
  const im = new Float64Array(n);
  fastTransform(re, im);
  const unit = 1 / Math.sqrt(n);
  const y = new Float64Array(n);
  y[0] = re[0] * unit;
  y[n - 1] = re[n / 2] * unit;
  for (let k = 1; 2 * k < n; k++) {
    y[2 * k - 1] = Math.SQRT2 * unit * re[k];
    y[2 * k] = -Math.SQRT2 * unit * im[k];
  }
  return y;
}

/** The inverse of `analyseRow`. */
export function synthesiseRow(y: Float64Array): Float64Array {
  const n = y.length;
  const unit = 1 / Math.sqrt(n);
  const re = new Float64Array(n);
  const im = new Float64Array(n);
  re[0] = y[0] * unit;
  re[n / 2] = y[n - 1] * unit;
  // Σ_k z_k·e^(+2πikj/n) is real, so it is the forward transform of the conjugate spectrum.
  for (let k = 1; 2 * k < n; k++) {
    re[k] = re[n - k] = Math.SQRT1_2 * unit * y[2 * k - 1];
    im[k] = Math.SQRT1_2 * unit * y[2 * k];
    im[n - k] = -im[k];
  }
  fastTransform(re, im);
  return re;
}

/** Cooley and Tukey's, radix 2, in place: bit reversal, then butterflies of growing span. */
function fastTransform(re: Float64Array, im: Float64Array): void {
  const n = re.length;
  const roots = rootsOfUnity(n);
  for (let i = 0, j = 0; i < n; i++) {
    if (i < j) {
      [re[i], re[j]] = [re[j], re[i]];
      [im[i], im[j]] = [im[j], im[i]];
    }
    let bit = n >> 1;
    while (j & bit) {
      j ^= bit;
      bit >>= 1;
    }
    j |= bit;
  }
  for (let span = 1; span < n; span *= 2) {
    const step = n / (2 * span);
    for (let i = 0; i < n; i++) {
      if (i & span) continue;
      const k = (i % span) * step;
      const [c, s] = [roots[2 * k], roots[2 * k + 1]];
      const other = i + span;
      const [x, y] = [re[other] * c - im[other] * s, re[other] * s + im[other] * c];
      re[other] = re[i] - x;
      im[other] = im[i] - y;
      re[i] += x;
      im[i] += y;
    }
  }
}
