/**
 * The metrics of a run: a row per evaluated step, a value per metric and replica. The table of a run in stages has gaps: its rows are
 * filled network by network, NaN stands for what was not measured, and rows lie in the order of their steps.
 */
import { formatCsv } from './csv';

export interface MetricTable {
  readonly steps: readonly number[];
  /** `values[name][row][replica]`; a metric not measured at a row has an empty list there. */
  readonly values: Readonly<Record<string, readonly (readonly number[])[]>>;
  /** A new last row; with gaps merged into the row of this step, wherever that is. */
  add(step: number, row: Readonly<Record<string, readonly number[]>>): void;
  /** Puts values measured later into the row of a step; nothing where there is no such row. */
  amend(step: number, row: Readonly<Record<string, readonly number[]>>): void;
  /** Drops the rows after `step`: what a run restored from an earlier checkpoint will measure again. */
  truncate(step: number): void;
  /** Last measured value of a metric, or null; with gaps the last of each replica. */
  last(name: string): readonly number[] | null;
  toCsv(): string;
}

export interface TableOptions {
  readonly gaps?: boolean;
}

export function createTable(
  names: readonly string[],
  replicas: number,
  { gaps = false }: TableOptions = {},
): MetricTable {
  const steps: number[] = [];
  const values: Record<string, (readonly number[])[]> = Object.fromEntries(
    names.map((name) => [name, []]),
  );
  const blank = (): number[] => new Array<number>(replicas).fill(NaN);

  /** Index of the row of a step, made where there is none. */
  function placeOf(step: number): number {
    const at = steps.findLastIndex((one) => one <= step);
    if (at >= 0 && steps[at] === step) return at;
    steps.splice(at + 1, 0, step);
    for (const name of names) values[name].splice(at + 1, 0, blank());
    return at + 1;
  }

  function merge(step: number, row: Readonly<Record<string, readonly number[]>>): void {
    const at = placeOf(step);
    for (const name of names) {
      const found = row[name] ?? [];
      values[name][at] = values[name][at].map((old, r) =>
        Number.isNaN(found[r] ?? NaN) ? old : found[r],
      );
    }
  }

  return {
    steps,
    values,
    add(step, row) {
      if (gaps) return merge(step, row);
      steps.push(step);
      for (const name of names) values[name].push(row[name] ?? []);
    },
    amend(step, row) {
      const at = steps.indexOf(step);
      if (at < 0) return;
      for (const [name, found] of Object.entries(row)) if (values[name]) values[name][at] = found;
    },
    truncate(step) {
      const keep = steps.findIndex((at) => at > step);
      if (keep < 0) return;
      steps.length = keep;
      for (const name of names) values[name].length = keep;
    },
    last(name) {
      if (!gaps) return values[name]?.findLast((row) => row.length > 0) ?? null;
      if (!values[name] || steps.length === 0) return null;
      return blank().map((none, r) => {
        const row = values[name].findLast((one) => !Number.isNaN(one[r]));
        return row ? row[r] : none;
      });
    },
    toCsv: () =>
      formatCsv({
        columns: columnNames(names, replicas),
        rows: cells(steps, names, values, replicas, gaps),
      }),
  };
}

/** `step`, then `train_loss`, or `train_loss.0`, `train_loss.1`, … where there are replicas. */
export function columnNames(names: readonly string[], replicas: number): string[] {
  const columns = (name: string): string[] =>
    replicas === 1 ? [name] : Array.from({ length: replicas }, (_, r) => `${name}.${r}`);
  return ['step', ...names.flatMap(columns)];
}

function cells(
  steps: readonly number[],
  names: readonly string[],
  values: Readonly<Record<string, readonly (readonly number[])[]>>,
  replicas: number,
  gaps: boolean,
): (number | null)[][] {
  return steps.map((step, row) => [
    step,
    ...names.flatMap((name) => {
      const found = values[name][row];
      return Array.from({ length: replicas }, (_, r) =>
        gaps && Number.isNaN(found[r]) ? null : (found[r] ?? null),
      );
    }),
  ]);
}
