/**
 * Eigenvectors of a small symmetric matrix, on the host in float64: Householder's reduction to three diagonals, then the QL algorithm with
 * implicit shifts (Golub and Van Loan, "Matrix Computations", sections 8.3.1 and 8.3.3). About 4n³ operations.
 */

/** Rotations that one eigenvalue may take before the matrix is taken for broken: real ones need two or three. */
const MOST_ROUNDS = 60;

/**
 * Unit eigenvectors of the `count` largest eigenvalues of a symmetric matrix [n, n], largest first. Eigenvectors of equal eigenvalues
 * are some basis of their space. Numbers that are not finite give vectors of NaN.
 */
export function principalVectors(matrix: Float64Array, n: number, count: number): Float64Array[] {
  if (!matrix.every(Number.isFinite))
    return Array.from({ length: count }, () => new Float64Array(n).fill(NaN));
  const { diagonal, beside, vectors } = tridiagonalise(matrix, n);
  diagonalise(diagonal, beside, vectors, n);
  const order = [...diagonal.keys()].sort((a, b) => diagonal[b] - diagonal[a]);
  return order
    .slice(0, count)
    .map((k) => Float64Array.from({ length: n }, (_, i) => vectors[k * n + i]));
}

interface Tridiagonal {
  readonly diagonal: Float64Array;
  /** beside[k] joins k and k + 1; the last is 0. */
  readonly beside: Float64Array;
  /** Row k is the k-th basis vector. */
  readonly vectors: Float64Array;
}

function tridiagonalise(matrix: Float64Array, n: number): Tridiagonal {
  const a = matrix.slice();
  const vectors = new Float64Array(n * n);
  for (let k = 0; k < n; k++) vectors[k * n + k] = 1;
  const v = new Float64Array(n);
  const w = new Float64Array(n);
  for (let k = 0; k < n - 2; k++) {
    if (!findReflection(a, n, k, v)) continue;
    // A − v·wᵀ − w·vᵀ with w = 2·(A·v − v·(vᵀ·A·v)) is A between two reflections.
    let along = 0;
    for (let i = k; i < n; i++) {
      let total = 0;
      for (let j = k + 1; j < n; j++) total += a[i * n + j] * v[j];
      w[i] = total;
      along += v[i] * total;
    }
    for (let i = k; i < n; i++) w[i] = 2 * (w[i] - v[i] * along);
    for (let i = k; i < n; i++)
      for (let j = k; j < n; j++) a[i * n + j] -= v[i] * w[j] + w[i] * v[j];
    for (let column = 0; column < n; column++) {
      let total = 0;
      for (let i = k + 1; i < n; i++) total += v[i] * vectors[i * n + column];
      for (let i = k + 1; i < n; i++) vectors[i * n + column] -= 2 * v[i] * total;
    }
  }
  return {
    diagonal: Float64Array.from({ length: n }, (_, k) => a[k * n + k]),
    beside: Float64Array.from({ length: n }, (_, k) => (k < n - 1 ? a[(k + 1) * n + k] : 0)),
    vectors,
  };
}

/** Unit v whose reflection clears column k below its first element under the diagonal; false where that is clear. */
function findReflection(a: Float64Array, n: number, k: number, v: Float64Array): boolean {
  v.fill(0);
  for (let i = k + 1; i < n; i++) v[i] = a[i * n + k];
  if (v.subarray(k + 2).every((x) => x === 0)) return false;
  const length = Math.hypot(...v);
  v[k + 1] += v[k + 1] < 0 ? -length : length;
  const norm = Math.hypot(...v);
  for (let i = k + 1; i < n; i++) v[i] /= norm;
  return true;
}

/** Eigenvalues into `diagonal`, eigenvectors into the rows of `vectors`. */
function diagonalise(
  diagonal: Float64Array,
  beside: Float64Array,
  vectors: Float64Array,
  n: number,
): void {
  for (let first = 0; first < n; first++) {
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const last = blockEnd(diagonal, beside, first, n);
      if (last === first) break;
      sweep(diagonal, beside, vectors, n, first, last);
    }
  }
}

/** Last index of the block from `first` on that no negligible element splits. */
function blockEnd(diagonal: Float64Array, beside: Float64Array, first: number, n: number): number {
  for (let m = first; m < n - 1; m++) {
    const size = Math.abs(diagonal[m]) + Math.abs(diagonal[m + 1]);
    if (Math.abs(beside[m]) <= Number.EPSILON * size) return m;
  }
  return n - 1;
}

/** One implicit QL step with Wilkinson's shift, from the end of the block up. */
function sweep(
  d: Float64Array,
  e: Float64Array,
  vectors: Float64Array,
  n: number,
  first: number,
  last: number,
): void {
  const ratio = (d[first + 1] - d[first]) / (2 * e[first]);
  const root = Math.hypot(ratio, 1);
  let g = d[last] - d[first] + e[first] / (ratio + (ratio < 0 ? -root : root));
  let [sine, cosine, shift] = [1, 1, 0];
  for (let i = last - 1; i >= first; i--) {
    const f = sine * e[i];
    const b = cosine * e[i];
    const r = Math.hypot(f, g);
    e[i + 1] = r;
    if (r === 0) {
      // Split on the way: what is left is two smaller blocks.
      d[i + 1] -= shift;
      e[last] = 0;
      return;
    }
    sine = f / r;
    cosine = g / r;
    g = d[i + 1] - shift;
    const t = (d[i] - g) * sine + 2 * cosine * b;
    shift = sine * t;
    d[i + 1] = g + shift;
    g = cosine * t - b;
    rotate(vectors, n, i, sine, cosine);
  }
  d[first] -= shift;
  e[first] = g;
  e[last] = 0;
}

function rotate(vectors: Float64Array, n: number, i: number, sine: number, cosine: number): void {
  for (let column = 0; column < n; column++) {
    const upper = vectors[i * n + column];
    const lower = vectors[(i + 1) * n + column];
    vectors[(i + 1) * n + column] = sine * upper + cosine * lower;
    vectors[i * n + column] = cosine * upper - sine * lower;
  }
}
