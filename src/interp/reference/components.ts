/**
 * Principal components by one-sided Jacobi rotations (Hestenes; Golub and Van Loan, "Matrix Computations", section 8.6.3): columns are
 * turned in pairs until all are orthogonal, and then are the components.
 */

const ENOUGH = 1e-15;
const MOST_SWEEPS = 60;

/** Scores of the `count` largest components of centred rows [rows, columns], largest first; zeros beyond the rank. */
export function principalComponents(
  centred: ArrayLike<number>,
  rows: number,
  columns: number,
  count: number,
): Float64Array[] {
  const vectors = Array.from({ length: Math.max(columns, count) }, (_, c) =>
    Float64Array.from({ length: rows }, (_, n) => (c < columns ? centred[n * columns + c] : 0)),
  );
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let turned = false;
    for (let i = 0; i < columns; i++)
      for (let j = i + 1; j < columns; j++) turned = turnApart(vectors[i], vectors[j]) || turned;
    if (!turned) break;
  }
  return vectors.sort((x, y) => dot(y, y) - dot(x, x)).slice(0, count);
}

/** Turns two vectors in their plane until they are orthogonal; false where they are. */
function turnApart(x: Float64Array, y: Float64Array): boolean {
  const [xx, yy, xy] = [dot(x, x), dot(y, y), dot(x, y)];
  if (xy === 0 || Math.abs(xy) <= ENOUGH * Math.sqrt(xx * yy)) return false;
  const zeta = (yy - xx) / (2 * xy);
  const tangent = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.hypot(1, zeta));
  const cosine = 1 / Math.hypot(1, tangent);
  const sine = cosine * tangent;
  for (let n = 0; n < x.length; n++) {
    const [u, v] = [x[n], y[n]];
    x[n] = cosine * u - sine * v;
    y[n] = sine * u + cosine * v;
  }
  return true;
}

function dot(x: Float64Array, y: Float64Array): number {
  return x.reduce((sum, value, n) => sum + value * y[n], 0);
}
