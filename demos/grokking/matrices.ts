/** Snapshots as matrices. */
import type { Matrix } from '../shared/heatmap';
import type { Snapshot } from '../shared/session-state';

/** Slice `index` of the leading axes of a snapshot as a matrix. */
export function matrixOf(snapshot: Snapshot | null, index: number): Matrix | null {
  if (snapshot === null || snapshot.shape.length < 2) return null;
  const [rows, columns] = snapshot.shape.slice(-2) as [number, number];
  const size = rows * columns;
  const data = snapshot.data.subarray(index * size, (index + 1) * size);
  return data.length === size ? { rows, columns, data } : null;
}

/** The cells of a p × p map over (a, b) moved to row a + b, column a − b (mod p); one to one for odd p. */
export function bySumAndDifference(matrix: Matrix | null): Matrix | null {
  if (matrix === null || matrix.rows !== matrix.columns || matrix.rows % 2 === 0) return null;
  const { rows: p, data } = matrix;
  const moved = new Float32Array(p * p);
  for (let a = 0; a < p; a++) {
    for (let b = 0; b < p; b++) {
      moved[((a + b) % p) * p + ((a - b + p) % p)] = data[a * p + b] ?? 0;
    }
  }
  return { rows: p, columns: p, data: moved };
}
