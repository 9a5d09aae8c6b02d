/**
 * What a careful person writes in plain JavaScript over Float32Arrays: one thread, no Wasm. The matrix product works on packed
 * panels and a 4 × 4 tile in locals. Numbers are stored in single precision and added up in JavaScript's double, which
 * engines do twice as fast as with a `Math.fround` around each operation.
 */

/** Where a matrix lies: element (i, j) at `offset + i·row + j·column`. */
export interface Matrix {
  readonly data: Float32Array;
  readonly row: number;
  readonly column: number;
  readonly offset?: number;
}

const TILE = 4;

export function rowMajor(data: Float32Array, columns: number, offset = 0): Matrix {
  return { data, row: columns, column: 1, offset };
}

export function transposed({ data, row, column, offset }: Matrix): Matrix {
  return { data, row: column, column: row, offset };
}

/** c [m, n] dense ← a [m, k] · b [k, n], from `at` on. */
export function multiply(
  a: Matrix,
  b: Matrix,
  c: Float32Array,
  [m, k, n]: readonly [number, number, number],
  at = 0,
): void {
  const panels = Math.ceil(n / TILE);
  const packed = room(0, panels * TILE * k);
  for (let p = 0; p < panels; p++) pack(transposed(b), p * TILE, n, k, packed, p * TILE * k);
  const left = room(1, TILE * k);
  for (let i = 0; i < m; i += TILE) {
    pack(a, i, m, k, left, 0);
    for (let p = 0; p < panels; p++) {
      tile(left, packed, p * TILE * k, k);
      const [rows, columns] = [Math.min(TILE, m - i), Math.min(TILE, n - p * TILE)];
      for (let r = 0; r < rows; r++) {
        const to = at + (i + r) * n + p * TILE;
        for (let q = 0; q < columns; q++) c[to + q] = sums[r * TILE + q];
      }
    }
  }
}

const scratch: Float32Array[] = [];
const sums = new Float32Array(TILE * TILE);

/** Memory that is kept between calls. */
function room(which: number, size: number): Float32Array {
  if (!scratch[which] || scratch[which].length < size) scratch[which] = new Float32Array(size);
  return scratch[which];
}

/** Rows first … first + 3 of a, interleaved: [k, 4], zeros beyond the last row. */
function pack(
  { data, row, column, offset = 0 }: Matrix,
  first: number,
  rows: number,
  k: number,
  to: Float32Array,
  at: number,
): void {
  for (let r = 0; r < TILE; r++) {
    if (first + r >= rows) for (let j = 0; j < k; j++) to[at + j * TILE + r] = 0;
    else {
      let from = offset + (first + r) * row;
      for (let j = 0; j < k; j++, from += column) to[at + j * TILE + r] = data[from];
    }
  }
}

/** The 4 × 4 products of a panel of rows and a panel of columns, into `sums`. */
function tile(a: Float32Array, b: Float32Array, from: number, k: number): void {
  let c00 = 0,
    c01 = 0,
    c02 = 0,
    c03 = 0;
  let c10 = 0,
    c11 = 0,
    c12 = 0,
    c13 = 0;
  let c20 = 0,
    c21 = 0,
    c22 = 0,
    c23 = 0;
  let c30 = 0,
    c31 = 0,
    c32 = 0,
    c33 = 0;
  for (let j = 0, p = 0, q = from; j < k; j++, p += TILE, q += TILE) {
    const b0 = b[q],
      b1 = b[q + 1],
      b2 = b[q + 2],
      b3 = b[q + 3];
    const a0 = a[p],
      a1 = a[p + 1],
      a2 = a[p + 2],
      a3 = a[p + 3];
    c00 += a0 * b0;
    c01 += a0 * b1;
    c02 += a0 * b2;
    c03 += a0 * b3;
    c10 += a1 * b0;
    c11 += a1 * b1;
    c12 += a1 * b2;
    c13 += a1 * b3;
    c20 += a2 * b0;
    c21 += a2 * b1;
    c22 += a2 * b2;
    c23 += a2 * b3;
    c30 += a3 * b0;
    c31 += a3 * b1;
    c32 += a3 * b2;
    c33 += a3 * b3;
  }
  sums[0] = c00;
  sums[1] = c01;
  sums[2] = c02;
  sums[3] = c03;
  sums[4] = c10;
  sums[5] = c11;
  sums[6] = c12;
  sums[7] = c13;
  sums[8] = c20;
  sums[9] = c21;
  sums[10] = c22;
  sums[11] = c23;
  sums[12] = c30;
  sums[13] = c31;
  sums[14] = c32;
  sums[15] = c33;
}
