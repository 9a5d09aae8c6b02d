/** Replicas of a stage as entries among all networks of a run in stages: rows and events change places here. */
import type { StagedModel } from './experiments/types';
import type { RunEvent } from './record';
import { createTable, type MetricTable } from './table';

type Row = Readonly<Record<string, readonly number[]>>;

export interface StageEntries {
  /** A row of stage k with its values in their places, NaN in all others. */
  widen(k: number, row: Row): Row;
  /** Events of stage k; none of chains. */
  rename(k: number, events: readonly RunEvent[]): RunEvent[];
  /** Rows of the table of stage k, as CSV, into the table of all. */
  addRows(k: number, csv: string): Promise<void>;
}

export function placeEntries(
  { stages, entries, columns }: StagedModel,
  table: MetricTable,
): StageEntries {
  function widen(k: number, row: Row): Row {
    return Object.fromEntries(
      columns.map((name) => {
        const values = new Array<number>(entries.length).fill(NaN);
        stages[k].entries.forEach(
          (entry, replica) => (values[entry] = row[name]?.[replica] ?? NaN),
        );
        return [name, values] as const;
      }),
    );
  }

  return {
    widen,
    rename: (k, events) =>
      stages[k].entries.length === 0
        ? []
        : events.map((event) => ({ ...event, replica: stages[k].entries[event.replica] })),
    async addRows(k, csv) {
      if (csv === '') return;
      const { fillTable } = await import('./table-fill');
      const { length } = stages[k].entries;
      const own = createTable(columns, length);
      fillTable(own, csv, length, Infinity);
      own.steps.forEach((at, row) => {
        const values = columns.map((name) => [name, own.values[name][row]] as const);
        table.add(at, widen(k, Object.fromEntries(values)));
      });
    },
  };
}
