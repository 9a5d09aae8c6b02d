/** Metrics as the page holds them: columns that grow, and what a chart needs of them. */
export interface Columns {
  readonly steps: number[];
  /** `values[name][row]` holds one number per replica, as the worker sends them. */
  readonly values: Map<string, number[][]>;
}

/** One line of a chart, a number per step; `low` and `high` span the replicas and are null with one replica. */
export interface Line {
  readonly middle: (number | null)[];
  readonly low: (number | null)[] | null;
  readonly high: (number | null)[] | null;
}

export function createColumns(): Columns {
  return { steps: [], values: new Map() };
}

/**
 * Appends rows. Rows at or before the last step held are dropped: after a restore the worker repeats the steps since
 * its checkpoint, and they are the same.
 */
export function appendRows(
  columns: Columns,
  steps: readonly number[],
  values: Readonly<Record<string, readonly (readonly number[])[]>>,
): void {
  steps.forEach((step, row) => {
    const last = columns.steps.at(-1);
    if (last !== undefined && step <= last) return;
    const index = columns.steps.length;
    columns.steps.push(step);
    for (const [name, rows] of Object.entries(values)) {
      let column = columns.values.get(name);
      if (column === undefined) {
        column = [];
        columns.values.set(name, column);
      }
      while (column.length < index) column.push([]);
      column[index] = [...(rows[row] ?? [])];
    }
  });
}

/** The line of a metric: the median over its replicas, with their span. Absent or non-finite numbers are gaps. */
export function lineOf(columns: Columns, name: string): Line {
  const column = columns.values.get(name) ?? [];
  const replicas = column.reduce((most, row) => Math.max(most, row.length), 0);
  const sorted = columns.steps.map((_, index) =>
    (column[index] ?? []).filter((value) => Number.isFinite(value)).sort((a, b) => a - b),
  );
  return {
    middle: sorted.map(median),
    low: replicas > 1 ? sorted.map((row) => row[0] ?? null) : null,
    high: replicas > 1 ? sorted.map((row) => row.at(-1) ?? null) : null,
  };
}

/** The line with a band of ± another metric, where that is a number. */
export function withError(line: Line, columns: Columns, error: string | undefined): Line {
  if (error === undefined) return line;
  const { middle: errors } = lineOf(columns, error);
  const edge = (sign: number): (number | null)[] =>
    line.middle.map((value, row) => {
      const size = errors[row] ?? null;
      return value === null || size === null ? null : value + sign * size;
    });
  return { middle: line.middle, low: edge(-1), high: edge(1) };
}

/** A line per replica of a metric. */
export function strandsOf(
  columns: Columns,
  name: string,
): { steps: readonly number[]; values: (number | null)[]; dash: readonly number[] }[] {
  const column = columns.values.get(name) ?? [];
  const replicas = column.reduce((most, row) => Math.max(most, row.length), 0);
  return Array.from({ length: replicas }, (_, replica) => ({
    steps: columns.steps,
    values: column.map((row) => {
      const value = row[replica];
      return value !== undefined && Number.isFinite(value) ? value : null;
    }),
    dash: [],
  }));
}

function median(row: readonly number[]): number | null {
  if (row.length === 0) return null;
  const half = row.length >> 1;
  const upper = row[half] ?? 0;
  return row.length % 2 === 1 ? upper : ((row[half - 1] ?? upper) + upper) / 2;
}

/**
 * Rows to draw when there are more of them than `most`: of each stretch the rows with the smallest and the largest
 * number of any line, so that no spike is lost. Returns ascending row indices, the first and the last among them.
 */
export function pickRows(
  lines: readonly (readonly (number | null)[])[],
  rows: number,
  most: number,
): number[] {
  if (rows <= most) return Array.from({ length: rows }, (_, index) => index);
  const picked = new Set<number>([0, rows - 1]);
  const stretches = Math.max(1, Math.floor(most / (2 * Math.max(1, lines.length))));
  for (let stretch = 0; stretch < stretches; stretch++) {
    const from = Math.floor((stretch * rows) / stretches);
    const to = Math.floor(((stretch + 1) * rows) / stretches);
    for (const line of lines) {
      let lowest = -1;
      let highest = -1;
      for (let row = from; row < to; row++) {
        const value = line[row];
        if (value === null || value === undefined) continue;
        if (lowest < 0 || value < (line[lowest] as number)) lowest = row;
        if (highest < 0 || value > (line[highest] as number)) highest = row;
      }
      if (lowest >= 0) picked.add(lowest).add(highest);
    }
  }
  return [...picked].sort((a, b) => a - b);
}

/** The last finite number of a metric and its step. */
export function lastOf(columns: Columns, name: string): { step: number; value: number } | null {
  const { middle } = lineOf(columns, name);
  for (let row = middle.length - 1; row >= 0; row--) {
    const value = middle[row];
    if (value !== null && value !== undefined) return { step: columns.steps[row] ?? 0, value };
  }
  return null;
}

/** Row of the largest step not after this one, or −1. */
export function rowAt(steps: readonly number[], step: number): number {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const half = (low + high) >> 1;
    if ((steps[half] as number) <= step) low = half + 1;
    else high = half;
  }
  return low - 1;
}
