/** What charts are told, and how they look as plots: hair lines, few ticks, no box, no legend. */
import type { RunEvent } from '../../src/lab/record';
import type { PlotOptions } from './plot';
import { linearTicks, logTicks } from './scales';
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

/** What the chart adds to its spec when it is drawn. */
export interface PlotState extends Pick<
  PlotOptions,
  'width' | 'height' | 'group' | 'under' | 'over' | 'moved'
> {
  readonly log: { readonly x: boolean; readonly y: boolean };
  readonly range: { readonly x: () => [number, number]; readonly y: () => [number, number] };
}

export const noMarks: ChartMarks = { rules: [], shade: null };

export function isNarrow(spec: ChartSpec, width: number): boolean {
  return width < (spec.narrowBelow ?? narrowWidth);
}

/** Below this width only the short names of live lines stand at the right, and events have no names. */
export const narrowWidth = 520;

export function plotOptions(spec: ChartSpec, state: PlotState): PlotOptions {
  const { log, range, ...rest } = state;
  const { width } = state;
  const narrow = isNarrow(spec, width);
  return {
    ...rest,
    // On a narrow screen only the short names of live lines stand there.
    room: narrow ? [8, 36] : [spec.topRoom, spec.labelRoom],
    x: {
      log: log.x,
      range: range.x,
      ticks: (from, to) =>
        spec.x !== undefined
          ? spec.x.ticks(from, to, width)
          : log.x
            ? logTicks(from, to, 7)
            : linearTicks(from, to, width < 420 ? 3 : 6),
      say: spec.x?.say ?? sayCount,
    },
    y: {
      log: log.y,
      range: range.y,
      ticks: (from, to) =>
        log.y ? logTicks(from, to, 5) : linearTicks(from, to, spec.height < 240 ? 4 : 5),
      say: log.y ? sayLogTick : spec.tick,
    },
    lines: spec.lines.map((line) => ({
      colour: line.colour,
      width: line.width ?? 1.75,
      dash: line.dash,
      points: line.points ?? false,
      spansGaps: line.sparse ?? false,
    })),
  };
}

function sayLogTick(value: number): string {
  const exponent = Math.log10(value);
  const whole = Math.round(exponent);
  return Math.abs(exponent - whole) < 1e-6 ? sayPower(whole) : String(value);
}
