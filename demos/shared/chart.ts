/**
 * A chart over training steps: one column array per line, log axes that survive zeros and gaps, names at the
 * lines' ends, a stored run in grey underneath, phase markers, a time cursor shared by all charts and views.
 */
import type { RunEvent } from '../../src/lab/record';
import {
  isNarrow,
  noMarks,
  plotOptions,
  type ChartMarks,
  type ChartSpec,
  type LineSpec,
  type Rule,
} from './chart-options';
import { createPlot, type Plot, type PlotData, type PlotOptions } from './plot';
import { pickSource, showReadout } from './readout';
import { createTable } from './table';
import { make } from './dom';
import {
  drawEndLabels,
  drawMarkers,
  drawPaths,
  drawShade,
  type EndLabel,
  type Marker,
  type Path,
} from './layers';
import { clampToFloor, linearRange, logRange, mostOf, tightLogRange, tightRange } from './scales';
import { lineOf, pickRows, strandsOf, withError, type Columns, type Line } from './series';
import { coalesce, type Signal } from './signal';
import { theme } from './theme';

/** A finished run drawn in grey as what to expect. */
export interface StoredCurves {
  readonly columns: Columns;
  readonly events: readonly RunEvent[];
}

export interface Chart {
  readonly element: HTMLElement;
  setRun(columns: Columns, events: readonly RunEvent[], total: number): void;
  setStored(stored: StoredCurves | null): void;
  setMarks(marks: ChartMarks): void;
  setTitle(text: string): void;
  /** Other lines from now on, where a run decides what there is to draw. */
  setLines(lines: readonly LineSpec[]): void;
  setLog(axis: 'x' | 'y', log: boolean): void;
  isLog(axis: 'x' | 'y'): boolean;
  /** Horizontal place of a step in pixels from the left edge of `element`. */
  placeOf(step: number): number;
  /** Left edge and width of the plotting area in pixels from the left edge of `element`. */
  area(): { left: number; width: number };
  onLayout(listener: () => void): void;
  canvas(): HTMLCanvasElement;
  /** The chart as an SVG document; `made` stands below it. */
  vector(made: string): Promise<string>;
  title(): string;
}

export function createChart(given: ChartSpec, cursor: Signal<number | null>): Chart {
  let spec = given;
  const title = make('figcaption', { class: 'chart-title', id: `${spec.id}-title` }, spec.title);
  const readout = make('p', { class: 'readout', 'aria-live': 'off' });
  const host = make('div', {
    class: 'plot',
    role: 'slider',
    tabindex: 0,
    'aria-labelledby': `${spec.id}-title`,
    'aria-valuemin': 0,
    'aria-valuenow': 0,
    'aria-orientation': 'horizontal',
  });
  const head = make(
    'div',
    { class: 'chart-head' },
    make('p', { class: 'axis' }, spec.axis),
    readout,
  );
  let table = createTable(spec.id, spec.lines, spec.say, spec.counts, spec.x?.say);
  const element = make('figure', { class: 'chart', id: spec.id }, title, head, host, table.element);

  let run: Columns = { steps: [], values: new Map() };
  let events: readonly RunEvent[] = [];
  let stored: StoredCurves | null = null;
  let total = 0;
  let logX = false;
  let logY = spec.logY;
  let plot: Plot | null = null;
  let steps: number[] = [];
  let lines: Line[] = [];
  let storedLines: Line[] = [];
  let strands: Path[] = [];
  let storedStrands: Path[] = [];
  let marks: ChartMarks = noMarks;
  const layoutListeners: (() => void)[] = [];

  const clamped = (line: readonly (number | null)[]): (number | null)[] =>
    logY ? line.map((value) => clampToFloor(value, spec.floor)) : [...line];
  const storedSteps = (): readonly number[] => stored?.columns.steps ?? [];
  const lastStep = (): number =>
    Math.max(total, run.steps.at(-1) ?? 0, total === 0 ? (storedSteps().at(-1) ?? 0) : 0, 1);

  function rangeX(): [number, number] {
    if (!logX) return [0, lastStep()];
    const first = [...run.steps, ...storedSteps()].filter((step) => step > 0);
    const low =
      first.length === 0 ? 1 : Math.min(...first.slice(0, 1), ...storedSteps().slice(1, 2));
    return [Math.max(1, low), Math.max(lastStep(), low + 1)];
  }

  function rangeY(): [number, number] {
    if (spec.limits !== undefined && spec.limits !== 'tight' && !logY) return [...spec.limits];
    const all = [...lines, ...storedLines].flatMap((line) => [
      ...line.middle,
      ...(line.low ?? []),
      ...(line.high ?? []),
    ]);
    for (const { values } of [...strands, ...storedStrands]) all.push(...mostOf(values));
    all.push(...marks.rules.map(({ value }) => value));
    const tight = spec.limits === 'tight';
    if (logY) return tight ? tightLogRange(all, spec.floor) : logRange(all, spec.floor);
    return tight ? tightRange(all) : linearRange(all);
  }

  /** What the plot draws: the run's rows, then the stored run's later steps, empty, so that the cursor reaches them. */
  function columns(): PlotData {
    const rows = pickRows(
      lines.map((line) => line.middle),
      run.steps.length,
      4000,
    ).filter((row) => !logX || (run.steps[row] as number) > 0);
    const last = run.steps.at(-1) ?? -1;
    const later = storedSteps().filter((step) => step > last && (!logX || step > 0));
    steps = [...rows.map((row) => run.steps[row] as number), ...later];
    const column = (line: readonly (number | null)[] | null): (number | null)[] => {
      const own = line === null ? rows.map(() => null) : rows.map((row) => line[row] ?? null);
      return [...clamped(own), ...later.map(() => null)];
    };
    const values = lines.map(({ middle, low, high }) => ({
      middle: column(middle),
      low: column(low),
      high: column(high),
    }));
    return { steps, values };
  }

  function measure(): void {
    const none: Columns = { steps: [], values: new Map() };
    const before = stored?.columns ?? none;
    lines = spec.lines.map(({ metric, error }) => withError(lineOf(run, metric), run, error));
    storedLines = spec.lines.map(({ metric }) => lineOf(before, metric));
    const { strands: each } = spec;
    strands = each === undefined ? [] : strandsOf(run, each.metric);
    storedStrands = each === undefined ? [] : strandsOf(before, each.metric);
  }

  function options(width: number): PlotOptions {
    return plotOptions(spec, {
      width,
      height: heightAt(width),
      log: { x: logX, y: logY },
      range: { x: rangeX, y: rangeY },
      group: cursor,
      under: drawUnder,
      over: drawOver,
      moved: (row) => cursor.set(row === null ? null : (steps[row] ?? null)),
    });
  }

  const heightAt = (width: number): number => Math.min(spec.height, Math.max(170, width * 0.66));

  function drawUnder(self: Plot): void {
    const { ratio } = self;
    if (marks.shade !== null) drawShade(self, marks.shade);
    drawPaths(self, storedStrands, ratio, { colour: 'stored', width: 0.6, opacity: 0.5 });
    drawPaths(self, storedPaths(), ratio);
    const { strands: each } = spec;
    if (each !== undefined) {
      drawPaths(self, strands, ratio, { colour: each.colour, width: 0.6, opacity: 0.38 });
    }
    for (const rule of marks.rules) {
      const style = { colour: rule.colour, width: 1.25, opacity: 1 };
      drawPaths(self, [rulePath(rule)], ratio, style);
    }
  }

  const rulePath = ({ value, dash }: Rule): Path => {
    const [from, to] = rangeX();
    return { steps: [from, to], values: clamped([value, value]), dash };
  };

  function storedPaths(): Path[] {
    return storedLines.map((line, index) => ({
      steps: storedSteps(),
      values: clamped(line.middle),
      dash: spec.lines[index]?.dash ?? [],
    }));
  }

  function drawOver(self: Plot): void {
    const { ratio } = self;
    const alive = run.steps.length > 0;
    const marked = alive ? events : (stored?.events ?? []);
    const narrow = isNarrow(spec, self.width);
    const markers = markersOf(marked).map((mark) => (narrow ? { ...mark, label: '' } : mark));
    drawMarkers(self, markers, ratio, alive ? 'live' : 'stored');
    const late = narrow || (alive && (run.steps.at(-1) ?? 0) > lastStep() * 0.7);
    const grey = late ? [] : endLabels(storedSteps(), storedLines, true);
    // Rules and lines end at the same edge when the run is over: one call keeps their names apart.
    drawEndLabels(self, [...grey, ...endLabels(run.steps, lines, false), ...ruleLabels()], ratio);
  }

  function ruleLabels(): EndLabel[] {
    const at = rangeX()[1];
    return marks.rules.map(({ value, label, colour }) => ({
      step: at,
      value,
      text: label,
      colour: `${colour}-ink`,
    }));
  }

  function endLabels(at: readonly number[], of: readonly Line[], grey: boolean): EndLabel[] {
    return of.flatMap((line, index) => {
      const own = spec.lines[index];
      const values = clamped(line.middle);
      const row = values.findLastIndex((value) => value !== null);
      const value = values[row];
      if (own === undefined || value === null || value === undefined) return [];
      const name = grey ? (own.storedLabel ?? `${own.label}, stored`) : own.label;
      const ink = grey ? 'stored-ink' : `${own.colour}-ink`;
      return [{ step: at[row] ?? 0, value, text: name, colour: ink }];
    });
  }

  async function vector(made: string): Promise<string> {
    const { writeVector } = await import('./vector');
    if (plot === null) throw new Error('the chart is not drawn yet');
    const own = spec.lines.map((line, index) => ({
      steps: run.steps,
      values: clamped(lines[index]?.middle ?? []),
      dash: line.dash,
      colour: line.colour,
      width: 1.75,
    }));
    const grey = storedPaths().map((path) => ({ ...path, colour: 'stored', width: 1.25 }));
    const thin = strands.map((path) => ({
      ...path,
      colour: spec.strands?.colour ?? 'stored',
      width: 0.4,
    }));
    const rules = marks.rules.map((rule) => ({
      ...rulePath(rule),
      colour: rule.colour,
      width: 1.25,
    }));
    const alive = run.steps.length > 0;
    return writeVector({
      plot,
      spec,
      log: { x: logX, y: logY },
      title: title.textContent ?? '',
      lines: [...thin, ...grey, ...rules, ...own],
      labels: [
        ...endLabels(
          ...(alive ? ([run.steps, lines] as const) : ([storedSteps(), storedLines] as const)),
          !alive,
        ),
        ...ruleLabels(),
      ],
      markers: markersOf(alive ? events : (stored?.events ?? [])),
      made,
    });
  }

  function markersOf(marked: readonly RunEvent[]): Marker[] {
    return marked.flatMap((event) => {
      const name = event.replica === 0 ? spec.nameEvent(event) : null;
      return name === null ? [] : [{ step: event.step, label: name }];
    });
  }

  function laidOut(): void {
    for (const listener of layoutListeners) listener();
  }

  function build(): void {
    const width = host.clientWidth;
    if (width === 0) return;
    plot?.destroy();
    measure();
    plot = createPlot(options(width), columns(), host);
    laidOut();
    say();
  }

  const refresh = coalesce(() => {
    if (plot === null) {
      build();
      return;
    }
    measure();
    plot.setData(columns());
    say();
    table.update(run, stored?.columns ?? null);
  });

  function say(): void {
    const from = pickSource(run, stored?.columns ?? null, cursor.get());
    showReadout(readout, spec, from);
    host.setAttribute('aria-valuemax', String(lastStep()));
    host.setAttribute('aria-valuenow', String(from.columns.steps[from.row] ?? 0));
    host.setAttribute('aria-valuetext', readout.textContent ?? '');
  }

  host.addEventListener('keydown', (event) => {
    const moves: Record<string, number> = {
      ArrowLeft: -1,
      ArrowRight: 1,
      PageDown: -10,
      PageUp: 10,
    };
    const by = moves[event.key];
    const edge = event.key === 'Home' ? 0 : event.key === 'End' ? steps.length - 1 : null;
    if (plot === null || (by === undefined && edge === null) || steps.length === 0) return;
    event.preventDefault();
    const from = plot.row ?? steps.length - 1;
    plot.point(edge ?? Math.min(steps.length - 1, Math.max(0, from + (by ?? 0))));
  });
  host.addEventListener('blur', () => plot?.point(null));
  cursor.watch(say);
  theme.watch(() => requestAnimationFrame(build));
  new ResizeObserver(() => {
    const width = host.clientWidth;
    if (plot === null) build();
    else if (width > 0 && Math.abs(width - plot.width) > 0.5) {
      // Margins differ by width, so a crossing of the border means building anew.
      if (isNarrow(spec, width) !== isNarrow(spec, plot.width)) build();
      else {
        plot.setSize(width, heightAt(width));
        laidOut();
      }
    }
  }).observe(host);

  return {
    element,
    setRun(next, marks, steps) {
      run = next;
      events = marks;
      total = steps;
      refresh();
    },
    setStored(next) {
      stored = next;
      refresh();
    },
    setMarks(next) {
      if (JSON.stringify(next) === JSON.stringify(marks)) return;
      marks = next;
      refresh();
    },
    setTitle(text) {
      if (title.textContent !== text) title.textContent = text;
    },
    setLines(next) {
      if (JSON.stringify(next) === JSON.stringify(spec.lines)) return;
      spec = { ...spec, lines: next };
      const other = createTable(spec.id, spec.lines, spec.say, spec.counts, spec.x?.say);
      table.element.replaceWith(other.element);
      table = other;
      table.update(run, stored?.columns ?? null);
      build();
    },
    setLog(axis, log) {
      if (axis === 'x') logX = log;
      else logY = log;
      build();
      laidOut();
    },
    isLog: (axis) => (axis === 'x' ? logX : logY),
    placeOf(step) {
      if (plot === null) return 0;
      const low = logX ? rangeX()[0] : 0;
      return plot.box.left / plot.ratio + plot.place(Math.max(step, low), 'x');
    },
    area: () => ({
      left: plot ? plot.box.left / plot.ratio : 0,
      width: plot ? plot.box.width / plot.ratio : 0,
    }),
    onLayout: (listener) => void layoutListeners.push(listener),
    canvas: () => (plot as Plot).ctx.canvas,
    vector,
    title: () => title.textContent ?? '',
  };
}
