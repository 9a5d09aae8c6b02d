/** Reads metrics as src/lab/csv.ts writes them. */
import { BadCheckpoint } from '../gpu/errors';
import type { CsvTable } from './csv';

/**
 * Reads a table that Cusp wrote. A last line without its newline is what a run leaves that was stopped while
 * writing: it is dropped. Throws BadCheckpoint naming line and column for anything else that is out of order.
 */
export function parseCsv(text: string): CsvTable {
  const complete = text.slice(0, text.lastIndexOf('\n') + 1);
  const records = splitRecords(complete);
  const columns = records[0]?.cells ?? [];
  if (columns[0] !== 'step') refuse(1, 'the first column must be step');
  if (new Set(columns).size !== columns.length) refuse(1, 'a column occurs twice');
  const rows = records.slice(1).map(({ line, cells }) => {
    if (cells.length !== columns.length) {
      refuse(line, `${cells.length} cells in ${columns.length} columns`);
    }
    return cells.map((cell, at) => parseNumber(cell, line, columns[at]));
  });
  return { columns, rows };
}

const NUMBER = /^-?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?|Infinity)$|^NaN$/i;

function parseNumber(cell: string, line: number, column: string): number | null {
  if (cell === '' && column !== 'step') return null;
  const value = NUMBER.test(cell) ? Number(cell) : undefined;
  if (value === undefined) refuse(line, `column ${column}: ${JSON.stringify(cell)} is no number`);
  if (column === 'step' && !(Number.isSafeInteger(value) && value >= 0)) {
    refuse(line, `step ${cell} must be a whole number`);
  }
  return value;
}

/** Splits into records and cells by RFC 4180: quoted cells may hold commas, newlines and doubled quotes. */
function splitRecords(text: string): { line: number; cells: string[] }[] {
  const records: { line: number; cells: string[] }[] = [];
  let line = 1;
  let start = line;
  let cells: string[] = [];
  let at = 0;
  while (at < text.length) {
    let cell: string;
    if (text[at] === '"') {
      const close = closingQuote(text, at, start);
      cell = text.slice(at + 1, close).replaceAll('""', '"');
      line += cell.split('\n').length - 1;
      at = close + 1;
    } else {
      const end = at + text.slice(at).search(/[,\r\n]/);
      cell = text.slice(at, end);
      if (cell.includes('"')) refuse(line, 'a quote inside an unquoted cell');
      at = end;
    }
    cells.push(cell);
    if (text[at] === ',') {
      at++;
      // The text ends in a newline, so a cell always follows a comma.
      continue;
    }
    if (text[at] === '\r') at++;
    if (text[at] !== '\n') refuse(line, 'text after a closing quote');
    at++;
    records.push({ line: start, cells });
    cells = [];
    line++;
    start = line;
  }
  return records;
}

function closingQuote(text: string, open: number, line: number): number {
  let at = open + 1;
  for (;;) {
    const quoteAt = text.indexOf('"', at);
    if (quoteAt < 0) refuse(line, 'a quoted cell without its closing quote');
    if (text[quoteAt + 1] !== '"') return quoteAt;
    at = quoteAt + 2;
  }
}

function refuse(line: number, limit: string): never {
  const remedy = 'Metrics must be a file that Cusp wrote; use another copy or start a new run';
  throw new BadCheckpoint({ asked: `metrics line ${line}`, limit, remedy });
}
