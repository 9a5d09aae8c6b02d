/** Numbers behind a picture as a file: a comment line that says what made them, a heading, a row a line. */

export interface NumberTable {
  readonly columns: readonly string[];
  readonly rows: Iterable<readonly (number | string | null)[]>;
}

/** Comma-separated; numbers that are not finite are left empty. */
export function writeNumbers(table: NumberTable, made: string): string {
  const lines = [`# ${made.replaceAll('\n', ' ')}`, table.columns.map(quote).join(',')];
  for (const row of table.rows) lines.push(row.map(writeCell).join(','));
  return `${lines.join('\n')}\n`;
}

/** A matrix cell by cell, `names` being of the row, the column and the value. */
export function* cellsOf(
  rows: number,
  columns: number,
  data: ArrayLike<number>,
): Generator<readonly number[]> {
  for (let index = 0; index < rows * columns; index++) {
    yield [Math.floor(index / columns), index % columns, data[index] ?? NaN];
  }
}

function writeCell(value: number | string | null): string {
  if (typeof value === 'string') return quote(value);
  if (value === null || !Number.isFinite(value)) return '';
  return String(Number(value.toPrecision(7)));
}

function quote(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
