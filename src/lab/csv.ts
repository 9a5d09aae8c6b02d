/**
 * Metrics as CSV (RFC 4180, but with \n): a header row, `step` first, decimal points, an empty cell for a value
 * that was not measured, `NaN` and `Infinity` spelled out. Cells are numbers only, so no spreadsheet formula can
 * hide in one; names are quoted where they need it.
 */

export interface CsvTable {
  /** `step` first. */
  readonly columns: readonly string[];
  /** A value per column; null where nothing was measured. The step is never null. */
  readonly rows: readonly (readonly (number | null)[])[];
}

/** The whole table, ending in a newline. */
export function formatCsv({ columns, rows }: CsvTable): string {
  return formatCsvHeader(columns) + rows.map((row) => formatCsvRow(row, columns.length)).join('');
}

/** The header line. Throws RangeError unless `step` comes first and the names are distinct. */
export function formatCsvHeader(columns: readonly string[]): string {
  if (columns[0] !== 'step')
    throw new RangeError(`the first column must be step, not ${columns[0]}`);
  if (new Set(columns).size !== columns.length)
    throw new RangeError('column names must be distinct');
  return `${columns.map(quote).join(',')}\n`;
}

/** One line, for appending while a run goes on. Throws RangeError for a row of another width. */
export function formatCsvRow(row: readonly (number | null)[], width = row.length): string {
  if (row.length !== width)
    throw new RangeError(`a row of ${row.length} cells in ${width} columns`);
  return `${row.map(formatNumber).join(',')}\n`;
}

/** Shortest decimal that reads back as the same double. */
function formatNumber(value: number | null): string {
  if (value === null) return '';
  return Object.is(value, -0) ? '-0' : String(value);
}

function quote(name: string): string {
  return /[",\r\n]/.test(name) || name === '' ? `"${name.replaceAll('"', '""')}"` : name;
}
