/** The real orthonormal Fourier basis in float64, as tables for the device. */

/** [n, n]: row 0 is 1/√n, rows 2k − 1 and 2k are √(2/n)·cos and ·sin of 2πkj/n, for even n the last row is (−1)ʲ/√n. */
export function fourierBasis(n: number): Float64Array {
  const basis = new Float64Array(n * n);
  const unit = 1 / Math.sqrt(n);
  const turn = rootsOfUnity(n);
  for (let j = 0; j < n; j++) {
    basis[j] = unit;
    for (let k = 1; 2 * k < n; k++) {
      // kj mod n keeps the angle in one turn, where cos and sin are best.
      const t = (k * j) % n;
      basis[(2 * k - 1) * n + j] = Math.SQRT2 * unit * turn[2 * t];
      basis[2 * k * n + j] = -Math.SQRT2 * unit * turn[2 * t + 1];
    }
    if (n % 2 === 0) basis[(n - 1) * n + j] = j % 2 === 0 ? unit : -unit;
  }
  return basis;
}

/** e^(−2πit/n) for t = 0 … n − 1, as pairs. */
export function rootsOfUnity(n: number): Float64Array {
  const roots = new Float64Array(2 * n);
  for (let t = 0; t < n; t++) {
    roots[2 * t] = Math.cos((2 * Math.PI * t) / n);
    roots[2 * t + 1] = -Math.sin((2 * Math.PI * t) / n);
  }
  return roots;
}
