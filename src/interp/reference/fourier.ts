/** The Fourier basis of functions of one residue and of pairs of residues, by sums over all of them. */

/** Index of a wave: 0 the constant, 2k − 1 and 2k cos and sin of 2πkn/p. */
export type Wave = number;

/** The orthonormal basis function of index `wave` at n = 0 … p − 1. */
export function waveOf(p: number, wave: Wave): Float64Array {
  const k = Math.ceil(wave / 2);
  return Float64Array.from({ length: p }, (_, n) => {
    if (wave === 0) return 1 / Math.sqrt(p);
    const angle = (2 * Math.PI * ((k * n) % p)) / p;
    return Math.sqrt(2 / p) * (wave % 2 === 1 ? Math.cos(angle) : Math.sin(angle));
  });
}

/** K = (p − 1)/2 frequencies, 1 … K. */
export function frequenciesOf(p: number): number[] {
  return Array.from({ length: (p - 1) / 2 }, (_, k) => k + 1);
}

/** Unit functions over the pairs, [p²]. */
export type PairWave = Float64Array;

/** F_i(a)·F_j(b). */
export function productWave(p: number, i: Wave, j: Wave): PairWave {
  const [first, second] = [waveOf(p, i), waveOf(p, j)];
  return overPairs(p, (a, b) => first[a] * second[b]);
}

/** C_k and S_k: cos and sin of w_k(a + b), of length 1. */
export function sumWaves(p: number, k: number): readonly [PairWave, PairWave] {
  const angle = (a: number, b: number): number => (2 * Math.PI * ((k * (a + b)) % p)) / p;
  return [
    overPairs(p, (a, b) => (Math.SQRT2 / p) * Math.cos(angle(a, b))),
    overPairs(p, (a, b) => (Math.SQRT2 / p) * Math.sin(angle(a, b))),
  ];
}

export function overPairs(p: number, f: (a: number, b: number) => number): Float64Array {
  return Float64Array.from({ length: p * p }, (_, row) => f(Math.floor(row / p), row % p));
}

/** ⟨wave, column c⟩ of a table [p², columns]. */
export function along(wave: PairWave, table: ArrayLike<number>, columns: number): Float64Array {
  const result = new Float64Array(columns);
  wave.forEach((weight, row) => {
    for (let c = 0; c < columns; c++) result[c] += weight * table[row * columns + c];
  });
  return result;
}

/** The part of each column of a table [p², columns] that lies along orthonormal waves, [p², columns]. */
export function project(
  waves: readonly PairWave[],
  table: ArrayLike<number>,
  columns: number,
): Float64Array {
  const result = new Float64Array(table.length);
  for (const wave of waves) {
    const weights = along(wave, table, columns);
    wave.forEach((height, row) => {
      for (let c = 0; c < columns; c++) result[row * columns + c] += height * weights[c];
    });
  }
  return result;
}

/** Mean of each column of a table [rows, columns]. */
export function columnMeans(table: ArrayLike<number>, columns: number): Float64Array {
  const means = new Float64Array(columns);
  const rows = table.length / columns;
  for (let row = 0; row < rows; row++)
    for (let c = 0; c < columns; c++) means[c] += table[row * columns + c] / rows;
  return means;
}

/** Σ over rows of (x − mean)², of each column. */
export function columnVariations(table: ArrayLike<number>, columns: number): Float64Array {
  const means = columnMeans(table, columns);
  const result = new Float64Array(columns);
  for (let i = 0; i < table.length; i++)
    result[i % columns] += (table[i] - means[i % columns]) ** 2;
  return result;
}

/** x + sign·y element by element; y may be a row that is repeated. */
export function plus(x: ArrayLike<number>, y: ArrayLike<number>, sign = 1): Float64Array {
  return Float64Array.from(x, (value, i) => value + sign * y[i % y.length]);
}
