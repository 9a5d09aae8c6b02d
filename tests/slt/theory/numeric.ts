/** What the theory tests compare with: numbers got by other means. */

/** ∫ f over [a, b] by the midpoint rule, error O(1/points²). */
export function midpoint(f: (x: number) => number, a: number, b: number, points = 4000): number {
  const width = (b - a) / points;
  let total = 0;
  for (let i = 0; i < points; i++) total += f(a + (i + 0.5) * width);
  return total * width;
}

/** Uniform in [−1, 1), the same for the same seed. */
export function drawer(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

/** Normal deviates, by Box–Muller. */
export function normalDrawer(seed: number): () => number {
  const draw = drawer(seed);
  return () =>
    Math.sqrt(-2 * Math.log((draw() + 1) / 2 + 1e-12)) * Math.cos(Math.PI * (draw() + 1));
}

/** The eigenvalues of a symmetric matrix, ascending, by Jacobi's rotations. */
export function eigenvalues(matrix: readonly (readonly number[])[]): number[] {
  const A = matrix.map((row) => [...row]);
  const n = A.length;
  for (let sweep = 0; sweep < 40; sweep++) {
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        if (Math.abs(A[p][q]) < 1e-15) continue;
        const theta = (A[q][q] - A[p][p]) / (2 * A[p][q]);
        const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
        const c = 1 / Math.hypot(t, 1);
        const s = t * c;
        for (let k = 0; k < n; k++) [A[k][p], A[k][q]] = rotate(A[k][p], A[k][q], c, s);
        for (let k = 0; k < n; k++) [A[p][k], A[q][k]] = rotate(A[p][k], A[q][k], c, s);
      }
    }
  }
  return A.map((row, i) => row[i]).sort((a, b) => a - b);
}

function rotate(a: number, b: number, c: number, s: number): [number, number] {
  return [c * a - s * b, s * a + c * b];
}
