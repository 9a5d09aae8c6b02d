/** A table of metrics from the file that an earlier session wrote. */
import { parseCsv } from './csv-read';
import { columnNames, type MetricTable } from './table';

/** Fills a table from the CSV of an earlier session, up to `step`. */
export function fillTable(table: MetricTable, csv: string, replicas: number, step: number): void {
  const { columns, rows } = parseCsv(csv);
  const indices = (name: string): number[] =>
    columnNames([name], replicas)
      .slice(1)
      .map((column) => columns.indexOf(column));
  const places = Object.keys(table.values).map((name) => [name, indices(name)] as const);
  for (const row of rows) {
    const at = row[0];
    if (at === null || at > step) continue;
    const measured = places.map(([name, own]) => {
      const found = own.map((column) => row[column] ?? null);
      if (found.every((value) => value === null)) return [name, []] as const;
      return [name, found.map((value) => value ?? NaN)] as const;
    });
    table.add(at, Object.fromEntries(measured));
  }
}
