/** How the charts look, as options of uPlot: hair lines, few ticks, no box, no legend, colours read when drawn. */
import type uPlot from 'uplot';
import type { RunEvent } from '../../src/lab/record';
import { linearTicks, logTicks } from './scales';
import { colour } from './theme';
import { sayCount, sayPower } from './words';

export interface LineSpec {
  readonly metric: string;
  readonly label: string;
  /** Name of a custom property: `train`, `test`, `norm` … */
  readonly colour: string;
  readonly dash: readonly number[];
  /** Metric of the line's error: its band is the line ± this. Without one the band spans the replicas. */
  readonly error?: string;
  /** Measured at some rows only: the line goes on over those between, and they are read as the last measured one. */
  readonly sparse?: boolean;
  /** In pixels; 1.75 unless given. */
  readonly width?: number;
  /** A dot at each measured place, where there are few. */
  readonly points?: boolean;
  /** Left out of the words under the cursor, where lines are many. */
  readonly unread?: boolean;
  /** What the stored run's line is called; its label with “stored” unless given. */
  readonly storedLabel?: string;
}

export interface ChartSpec {
  readonly id: string;
  /** What the vertical axis shows, with its unit. */
  readonly axis: string;
  readonly title: string;
  readonly lines: readonly LineSpec[];
  readonly logY: boolean;
  /** Smallest number a log axis shows. */
  readonly floor: number;
  /** Ends of the vertical axis; `tight` fits it to the lines, without zero. */
  readonly limits?: readonly [number, number] | 'tight';
  readonly height: number;
  /** Room for labels right of the plot, in pixels. */
  readonly labelRoom: number;
  /** Room for the names of events above the plot, in pixels. */
  readonly topRoom: number;
  readonly say: (value: number) => string;
  readonly tick: (value: number) => string;
  /** The words at an event's marker; empty for a bare hair line, null for no marker. */
  readonly nameEvent: (event: RunEvent) => string | null;
  /** What the horizontal axis counts, in the readout's words: `step` unless given. */
  readonly counts?: string;
  /** A horizontal axis of something else than steps. */
  readonly x?: AxisX;
  /** Below this width labels are dropped; `narrowWidth` unless given. */
  readonly narrowBelow?: number;
  /** A metric whose replicas are drawn as thin lines of their own, under everything else. */
  readonly strands?: { readonly metric: string; readonly colour: string };
}

export interface AxisX {
  readonly ticks: (from: number, to: number, width: number) => number[];
  readonly say: (value: number) => string;
  /** Charts of one key share the cursor. */
  readonly key: string;
}

/** A level across the chart, named at its right end. */
export interface Rule {
  readonly value: number;
  readonly label: string;
  readonly colour: string;
  readonly dash: readonly number[];
}

export interface ChartMarks {
  readonly rules: readonly Rule[];
  /** A stretch of the horizontal axis that does not count: burn-in. */
  readonly shade: readonly [number, number] | null;
}

export interface PlotState {
  readonly width: number;
  readonly height: number;
  readonly log: { readonly x: boolean; readonly y: boolean };
  readonly range: { readonly x: () => [number, number]; readonly y: () => [number, number] };
  readonly hooks: uPlot.Hooks.Arrays;
}

export const noMarks: ChartMarks = { rules: [], shade: null };

export function isNarrow(spec: ChartSpec, width: number): boolean {
  return width < (spec.narrowBelow ?? narrowWidth);
}

/** Below this width only the short names of live lines stand at the right, and events have no names. */
export const narrowWidth = 520;

/** Three series a line: its middle, and the low and high edge of its band. */
export function plotOptions(spec: ChartSpec, state: PlotState): uPlot.Options {
  const { width, height, log, range, hooks } = state;
  const quiet = {
    stroke: () => colour('ink-soft'),
    font: '12.5px system-ui, sans-serif',
    ticks: { show: false },
    border: { show: false },
    // uPlot's own filter would blank all but a few decades.
    filter: (_: uPlot, splits: number[]) => splits,
  };
  return {
    width,
    height,
    // On a narrow screen only the short names of live lines stand there.
    padding: [
      isNarrow(spec, width) ? 8 : spec.topRoom,
      isNarrow(spec, width) ? 36 : spec.labelRoom,
      0,
      0,
    ],
    legend: { show: false },
    cursor: {
      y: false,
      drag: { x: false, y: false },
      sync: { key: spec.x?.key ?? 'cusp' },
      points: { size: 7, width: 1.5 },
    },
    scales: {
      x: { time: false, distr: log.x ? 3 : 1, range: () => range.x() },
      y: { distr: log.y ? 3 : 1, range: () => range.y() },
    },
    axes: [
      {
        ...quiet,
        size: 26,
        gap: 6,
        grid: { show: false },
        ticks: { show: true, size: 4, width: 1, stroke: () => colour('rule') },
        border: { show: true, width: 1, stroke: () => colour('rule') },
        splits: (_, __, from, to) =>
          spec.x !== undefined
            ? spec.x.ticks(from, to, width)
            : log.x
              ? logTicks(from, to, 7)
              : linearTicks(from, to, width < 420 ? 3 : 6),
        values: (_, splits) => splits.map(spec.x?.say ?? sayCount),
      },
      {
        ...quiet,
        size: 46,
        gap: 8,
        grid: { show: true, width: 1, stroke: () => colour('grid') },
        splits: (_, __, from, to) =>
          log.y ? logTicks(from, to, 5) : linearTicks(from, to, spec.height < 240 ? 4 : 5),
        values: (_, splits) =>
          splits.map((split) => (log.y ? sayLogTick(split) : spec.tick(split))),
      },
    ],
    series: [
      {},
      ...spec.lines.flatMap((line): uPlot.Series[] => [
        {
          label: line.label,
          scale: 'y',
          stroke: () => colour(line.colour),
          width: line.width ?? 1.75,
          dash: [...line.dash],
          points: line.points === true ? { show: true, size: 6, width: 1.5 } : { show: false },
          spanGaps: line.sparse ?? false,
        },
        edgeOf(line),
        edgeOf(line),
      ]),
    ],
    bands: spec.lines.map((line, index) => ({
      series: [3 * index + 3, 3 * index + 2] as uPlot.Band.Bounds,
      fill: () => `color-mix(in srgb, ${colour(line.colour)} 16%, transparent)`,
    })),
    hooks,
  };
}

/** Low or high edge of a band. */
function edgeOf({ sparse }: LineSpec): uPlot.Series {
  return {
    scale: 'y',
    stroke: 'transparent',
    points: { show: false },
    spanGaps: sparse ?? false,
  };
}

function sayLogTick(value: number): string {
  const exponent = Math.log10(value);
  const whole = Math.round(exponent);
  return Math.abs(exponent - whole) < 1e-6 ? sayPower(whole) : String(value);
}
