/** The buttons of a chart over training steps: its picture, and the numbers of its lines. */
import type { Chart } from './chart';
import type { LineSpec } from './chart-options';
import { createTools } from './figure-tools';
import type { Maker } from './made';
import { lineOf, type Columns } from './series';

export interface ChartToolsOptions {
  readonly name: string;
  readonly chart: Chart;
  /** A function where a run decides what there is to draw. */
  readonly lines: readonly LineSpec[] | (() => readonly LineSpec[]);
  readonly maker: Maker;
  /** What is drawn: the run, or the stored one alone. */
  readonly source: () => { readonly columns: Columns; readonly stored: object | null };
}

export function createChartTools(options: ChartToolsOptions): HTMLElement {
  const { name, chart, maker, source } = options;
  const last = (): number | null => source().columns.steps.at(-1) ?? null;
  return createTools({
    name,
    title: () => chart.title(),
    canvas: () => chart.canvas(),
    numbers() {
      const { columns } = source();
      if (columns.steps.length === 0) return null;
      const lines = typeof options.lines === 'function' ? options.lines() : options.lines;
      const values = lines.map(({ metric }) => lineOf(columns, metric).middle);
      return {
        columns: [
          'step',
          ...lines.map(({ metric, label }) =>
            typeof options.lines === 'function' ? label : metric,
          ),
        ],
        rows: columns.steps.map((step, row) => [step, ...values.map((line) => line[row] ?? null)]),
      };
    },
    made: () => maker.made(last(), source().stored),
    stem: () => maker.stem(name, null, source().stored),
  });
}
