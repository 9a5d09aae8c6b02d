/** The discrete Fourier transform of a power of two of complex numbers, for autocovariances. */

/** Bit-reversed order and the twiddle factors e^{−2πik/N}, made once per length. */
export interface FftPlan {
  readonly length: number;
  readonly order: Uint32Array;
  readonly cosines: Float64Array;
  readonly sines: Float64Array;
}

/** `length` is a power of two. */
export function planFft(length: number): FftPlan {
  const order = new Uint32Array(length);
  for (let i = 1; i < length; i++) order[i] = (order[i >> 1] >> 1) | (i & 1 ? length >> 1 : 0);
  const angle = (-2 * Math.PI) / length;
  const half = length >> 1;
  return {
    length,
    order,
    cosines: Float64Array.from({ length: half }, (_, k) => Math.cos(angle * k)),
    sines: Float64Array.from({ length: half }, (_, k) => Math.sin(angle * k)),
  };
}

/** X_k = Σ_t x_t e^{−2πikt/N}, in place, by radix 2. */
export function transform(plan: FftPlan, real: Float64Array, imaginary: Float64Array): void {
  const { length, order, cosines, sines } = plan;
  for (let i = 0; i < length; i++) {
    const j = order[i];
    if (j <= i) continue;
    const re = real[i];
    const im = imaginary[i];
    real[i] = real[j];
    imaginary[i] = imaginary[j];
    real[j] = re;
    imaginary[j] = im;
  }
  for (let half = 1; half < length; half *= 2) {
    const stride = length / (2 * half);
    for (let start = 0; start < length; start += 2 * half) {
      for (let k = 0; k < half; k++) {
        const low = start + k;
        const high = low + half;
        const c = cosines[k * stride];
        const s = sines[k * stride];
        const re = real[high] * c - imaginary[high] * s;
        const im = real[high] * s + imaginary[high] * c;
        real[high] = real[low] - re;
        imaginary[high] = imaginary[low] - im;
        real[low] += re;
        imaginary[low] += im;
      }
    }
  }
}
