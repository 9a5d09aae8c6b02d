/**
 * Metrics of a run in stages: rows have a value per network of the whole run, and networks come to the same steps one after the other,
 * so that rows are merged by step. For charts each network's metrics become columns of their own, `test_accuracy.3`.
 */
import type { Columns } from './series';

/** Takes rows in; what is not a number there leaves what was measured before. Rows may come again. */
export function mergeRows(
  columns: Columns,
  steps: readonly number[],
  values: Readonly<Record<string, readonly (readonly number[])[]>>,
): void {
  steps.forEach((step, row) => {
    const at = placeOf(columns, step);
    for (const [name, rows] of Object.entries(values)) {
      const found = rows[row] ?? [];
      if (!found.some((value) => Number.isFinite(value))) continue;
      let column = columns.values.get(name);
      if (column === undefined) columns.values.set(name, (column = columns.steps.map(() => [])));
      const before = column[at] ?? [];
      column[at] = found.map((value, entry) =>
        Number.isFinite(value) ? value : (before[entry] ?? NaN),
      );
    }
  });
}

/** Row of a step, made where there is none. */
function placeOf({ steps, values }: Columns, step: number): number {
  const before = steps.findLastIndex((one) => one <= step);
  if (steps[before] === step) return before;
  steps.splice(before + 1, 0, step);
  for (const column of values.values()) column.splice(before + 1, 0, []);
  return before + 1;
}

export const entryMetric = (name: string, entry: number): string => `${name}.${entry}`;

/** A column per metric and network, each with one number a row. */
export function separate(columns: Columns): Columns {
  const values = new Map<string, number[][]>();
  for (const [name, column] of columns.values) {
    const entries = column.reduce((most, row) => Math.max(most, row.length), 0);
    for (let entry = 0; entry < entries; entry++) {
      const own = column.map((row) => {
        const value = row[entry];
        return value !== undefined && Number.isFinite(value) ? [value] : [];
      });
      values.set(entryMetric(name, entry), own);
    }
  }
  return { steps: [...columns.steps], values };
}

/** What one network measured: its own steps and values. `columns` are separated ones. */
export function seriesOf(
  columns: Columns,
  name: string,
  entry: number,
): { readonly steps: readonly number[]; readonly values: readonly number[] } {
  const column = columns.values.get(entryMetric(name, entry)) ?? [];
  const steps: number[] = [];
  const values: number[] = [];
  column.forEach((row, at) => {
    const value = row[0];
    if (value === undefined || !Number.isFinite(value)) return;
    steps.push(columns.steps[at] ?? 0);
    values.push(value);
  });
  return { steps, values };
}

/** Columns `test_loss.0`, `test_loss.1`, … of a file as one column with a value per network. */
export function joinEntries({ steps, values }: Columns): Columns {
  const joined = new Map<string, number[][]>();
  for (const [key, column] of values) {
    const [, name, entry] = /^(.+)\.(\d+)$/.exec(key) ?? [];
    if (name === undefined) continue;
    let rows = joined.get(name);
    if (rows === undefined) joined.set(name, (rows = steps.map(() => [])));
    column.forEach((row, at) => {
      const own = rows[at] as number[];
      while (own.length < Number(entry)) own.push(NaN);
      own[Number(entry)] = row[0] ?? NaN;
    });
  }
  return { steps, values: joined };
}
