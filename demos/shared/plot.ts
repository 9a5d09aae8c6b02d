/**
 * Lines over a shared horizontal axis on a canvas: scales, hair-line axes, bands, lines with gaps and dashes, dots, and a cursor that
 * all plots of one group show. What else a chart draws (layers.ts) goes under the lines or over them.
 */
import { make } from './dom';
import { createPlotCursor } from './plot-cursor';
import { colour } from './theme';

export interface PlotAxis {
  readonly log: boolean;
  readonly range: () => readonly [number, number];
  readonly ticks: (from: number, to: number) => readonly number[];
  readonly say: (value: number) => string;
}

export interface PlotLine {
  /** Name of a custom property. */
  readonly colour: string;
  readonly width: number;
  readonly dash: readonly number[];
  /** A dot at each value. */
  readonly points: boolean;
  /** Goes on over places without a value. */
  readonly spansGaps: boolean;
}

type Column = readonly (number | null)[];

/** A line's values at the steps, and the edges of its band where it has one. */
export interface PlotValues {
  readonly middle: Column;
  readonly low: Column;
  readonly high: Column;
}

export interface PlotOptions {
  readonly width: number;
  readonly height: number;
  /** Room around the plotting area and its axes, in pixels: top, right. */
  readonly room: readonly [number, number];
  readonly x: PlotAxis;
  readonly y: PlotAxis;
  readonly lines: readonly PlotLine[];
  /** Plots of one group show one cursor. */
  readonly group: object;
  readonly under: (plot: Plot) => void;
  readonly over: (plot: Plot) => void;
  /** The row under the pointer, or null when it has left. */
  readonly moved: (row: number | null) => void;
}

export interface PlotData {
  readonly steps: readonly number[];
  readonly values: readonly PlotValues[];
}

export interface Plot {
  readonly ctx: CanvasRenderingContext2D;
  readonly width: number;
  readonly height: number;
  /** Pixels of the canvas per pixel of the page. */
  readonly ratio: number;
  /** The plotting area in pixels of the canvas. */
  readonly box: { readonly left: number; readonly top: number; width: number; height: number };
  /** Ends of the horizontal and vertical axis as they were drawn. */
  readonly ends: { readonly x: readonly [number, number]; readonly y: readonly [number, number] };
  readonly options: PlotOptions;
  readonly data: PlotData;
  /** Row under the cursor. */
  readonly row: number | null;
  /** Pixels of the page from the left or top edge of the plotting area; with `canvas` pixels of the canvas from its edge. */
  place(value: number, axis: 'x' | 'y', canvas?: boolean): number;
  setData(data: PlotData): void;
  setSize(width: number, height: number): void;
  /** Puts the cursor of the group at a row, or takes it away. */
  point(row: number | null): void;
  destroy(): void;
}

const LEFT = 46;
const BOTTOM = 26;
const FONT = 12.5;

export function createPlot(options: PlotOptions, first: PlotData, host: HTMLElement): Plot {
  const canvas = make('canvas');
  const element = make('div', { class: 'plot-area' }, canvas);
  const ctx = canvas.getContext('2d') as CanvasRenderingContext2D;
  const { x, y, lines, room } = options;
  let { width, height } = options;
  let ratio = 1;
  let data = first;
  let box = { left: 0, top: 0, width: 0, height: 0 };
  let ends: { x: readonly [number, number]; y: readonly [number, number] };

  function place(value: number, axis: 'x' | 'y', onCanvas = false): number {
    const measure = options[axis].log ? Math.log10 : (one: number): number => one;
    const [from, to] = ends[axis].map(measure);
    const share = (measure(value) - from) / (to - from);
    const length = axis === 'x' ? share * box.width : (1 - share) * box.height;
    return onCanvas ? length + (axis === 'x' ? box.left : box.top) : length / ratio;
  }

  function draw(): void {
    ratio = devicePixelRatio;
    const inside = [width - LEFT - room[1], height - BOTTOM - room[0]];
    const scaled = (pixels: number): number => Math.round(pixels * ratio);
    canvas.width = scaled(width);
    canvas.height = scaled(height);
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    box = {
      left: scaled(LEFT),
      top: scaled(room[0]),
      width: scaled(Math.max(inside[0], 1)),
      height: scaled(Math.max(inside[1], 1)),
    };
    ends = { x: x.range(), y: y.range() };
    drawAxes();
    options.under(plot);
    ctx.save();
    ctx.beginPath();
    ctx.rect(box.left, box.top, box.width, box.height);
    ctx.clip();
    ctx.lineJoin = 'round';
    lines.forEach((line, k) => drawBand(line, data.values[k]));
    lines.forEach((line, k) => drawLine(line, data.values[k].middle));
    ctx.restore();
    options.over(plot);
    cursor.update();
  }

  function drawAxes(): void {
    const bottom = box.top + box.height;
    ctx.font = `${FONT * ratio}px system-ui, sans-serif`;
    ctx.fillStyle = colour('ink-soft');
    ctx.lineWidth = ratio;
    const hair = (name: string, from: readonly number[], to: readonly number[]): void => {
      ctx.strokeStyle = colour(name);
      ctx.beginPath();
      ctx.moveTo(from[0], from[1]);
      ctx.lineTo(to[0], to[1]);
      ctx.stroke();
    };
    // Hair lines lie on whole pixels.
    const snap = (at: number): number => Math.round(at) + (Math.round(ratio) % 2) / 2;
    ctx.textAlign = 'right';
    ctx.textBaseline = 'middle';
    for (const tick of y.ticks(...ends.y)) {
      const at = snap(place(tick, 'y', true));
      hair('grid', [box.left, at], [box.left + box.width, at]);
      ctx.fillText(y.say(tick), box.left - 8 * ratio, at);
    }
    ctx.textAlign = 'center';
    ctx.textBaseline = 'top';
    for (const tick of x.ticks(...ends.x)) {
      const at = snap(place(tick, 'x', true));
      hair('rule', [at, bottom], [at, bottom + 4 * ratio]);
      ctx.fillText(x.say(tick), at, bottom + 10 * ratio);
    }
    hair('rule', [box.left, snap(bottom)], [box.left + box.width, snap(bottom)]);
  }

  /** Stretches of rows that have values, without breaks where gaps are spanned. */
  function stretches(spansGaps: boolean, ...columns: readonly Column[]): number[][] {
    const found: number[][] = [[]];
    data.steps.forEach((_, row) => {
      if (columns.every((column) => (column[row] ?? null) !== null)) found.at(-1)!.push(row);
      else if (!spansGaps) found.push([]);
    });
    return found.filter((rows) => rows.length > 0);
  }

  function trace(rows: readonly number[], column: Column): void {
    for (const row of rows)
      ctx.lineTo(place(data.steps[row], 'x', true), place(column[row]!, 'y', true));
  }

  function drawBand(line: PlotLine, { low, high }: PlotValues): void {
    ctx.fillStyle = `color-mix(in srgb, ${colour(line.colour)} 16%, transparent)`;
    for (const rows of stretches(line.spansGaps, low, high)) {
      ctx.beginPath();
      trace(rows, high);
      trace([...rows].reverse(), low);
      ctx.fill();
    }
  }

  function drawLine(line: PlotLine, column: Column): void {
    ctx.strokeStyle = colour(line.colour);
    ctx.lineWidth = line.width * ratio;
    ctx.setLineDash(line.dash.map((length) => length * ratio));
    for (const rows of stretches(line.spansGaps, column)) {
      ctx.beginPath();
      trace(rows, column);
      ctx.stroke();
    }
    ctx.setLineDash([]);
    if (!line.points) return;
    ctx.fillStyle = colour('paper');
    ctx.lineWidth = 1.5 * ratio;
    for (const row of stretches(true, column).flat()) {
      const [at, up] = [place(data.steps[row], 'x', true), place(column[row]!, 'y', true)];
      ctx.beginPath();
      ctx.arc(at, up, 3 * ratio, 0, 2 * Math.PI);
      ctx.fill();
      ctx.stroke();
    }
  }

  const plot: Plot = {
    ctx,
    options,
    get width() {
      return width;
    },
    get height() {
      return height;
    },
    get ratio() {
      return ratio;
    },
    get box() {
      return box;
    },
    get ends() {
      return ends;
    },
    get data() {
      return data;
    },
    get row() {
      return cursor.row();
    },
    place,
    setData(next) {
      data = next;
      draw();
    },
    setSize(wide, high) {
      [width, height] = [wide, high];
      draw();
    },
    point: (row) => cursor.point(row),
    destroy() {
      cursor.destroy();
      element.remove();
    },
  };
  const cursor = createPlotCursor(plot, element);
  host.append(element);
  draw();
  return plot;
}
