/** Signs of a symmetric matrix of exact fractions, by congruence: Sylvester's law of inertia. */
import { add, divide, multiply, signOf, subtract, type Rational } from './rational';

export interface Inertia {
  readonly positive: number;
  readonly negative: number;
  readonly zero: number;
}

/** How many eigenvalues are positive, negative and zero. Cubic in the size. */
export function diagonalise(matrix: readonly (readonly Rational[])[]): Inertia {
  let rest = matrix.map((row) => [...row]);
  const counts = { positive: 0, negative: 0, zero: 0 };
  while (rest.length > 0) {
    let pivot = rest.findIndex((row, i) => signOf(row[i]) !== 0);
    if (pivot < 0) {
      // All of the diagonal is 0: adding column j to column i puts 2·a_ij there, unless all is 0.
      pivot = rest.findIndex((row) => row.some((value) => signOf(value) !== 0));
      if (pivot < 0) return { ...counts, zero: counts.zero + rest.length };
      mix(
        rest,
        pivot,
        rest[pivot].findIndex((value) => signOf(value) !== 0),
      );
    }
    const row = rest[pivot];
    if (signOf(row[pivot]) > 0) counts.positive++;
    else counts.negative++;
    const keep = rest.map((_, i) => i).filter((i) => i !== pivot);
    rest = keep.map((i) => {
      const share = divide(rest[i][pivot], row[pivot]);
      return keep.map((j) => subtract(rest[i][j], multiply(share, row[j])));
    });
  }
  return counts;
}

/** Adds row and column j to row and column i. */
function mix(matrix: Rational[][], i: number, j: number): void {
  matrix[i] = matrix[i].map((value, k) => add(value, matrix[j][k]));
  for (const row of matrix) row[i] = add(row[i], row[j]);
}
