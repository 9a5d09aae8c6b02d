/** Random subspaces: an orthonormal basis on the sampled elements. */
import { createRandom } from '../../random/random';
import { streams } from '../../random/streams';

/** [P, k] row-major: k orthonormal columns that are zero outside the mask, by Gram–Schmidt on normals. */
export function subspaceBasis(mask: Float32Array, dimensions: number, seed: number): Float32Array {
  const stride = mask.length;
  const free = [...mask.keys()].filter((i) => mask[i] !== 0);
  const random = createRandom(seed, 1, streams.probe);
  const columns: Float64Array[] = [];
  for (let k = 0; k < dimensions; k++) {
    const column = Float64Array.from(free, () => random.normal());
    // Twice is enough (Kahan, Parlett): the second pass removes what rounding left of the first.
    for (let pass = 0; pass < 2; pass++) {
      for (const other of columns) {
        const along = column.reduce((sum, value, i) => sum + value * other[i], 0);
        column.forEach((_, i) => (column[i] -= along * other[i]));
      }
    }
    const length = Math.sqrt(column.reduce((sum, value) => sum + value * value, 0));
    columns.push(column.map((value) => value / length));
  }
  const basis = new Float32Array(stride * dimensions);
  columns.forEach((column, k) => free.forEach((i, at) => (basis[i * dimensions + k] = column[at])));
  return basis;
}
