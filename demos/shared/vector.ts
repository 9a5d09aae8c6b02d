/** A chart as an SVG of its own: the same places and words as on the screen, colours written out, for papers. */
import type { ChartSpec } from './chart-options';
import { draw } from './dom';
import type { EndLabel, Marker, Path } from './layers';
import type { Plot } from './plot';
import { linearTicks, logTicks } from './scales';
import { colour } from './theme';
import { sayCount, sayPower } from './words';

export interface VectorChart {
  readonly plot: Plot;
  readonly spec: ChartSpec;
  readonly log: { readonly x: boolean; readonly y: boolean };
  readonly title: string;
  readonly lines: readonly (Path & { readonly colour: string; readonly width: number })[];
  readonly labels: readonly EndLabel[];
  readonly markers: readonly Marker[];
  /** What made it, below the chart. */
  readonly made: string;
}

const top = 40;
const sans = 'system-ui, Helvetica, Arial, sans-serif';

export function writeVector(chart: VectorChart): string {
  const { plot, spec, log, lines, labels, markers } = chart;
  const { ratio } = plot;
  const [left, head] = [plot.box.left / ratio, plot.box.top / ratio + top];
  const [width, height] = [plot.box.width / ratio, plot.box.height / ratio];
  const x = (step: number): number => left + plot.place(step, 'x');
  const y = (value: number): number => head + plot.place(value, 'y');
  const [whole, tall] = [plot.width, plot.height + top + 28];
  const svg = draw('svg', {
    xmlns: 'http://www.w3.org/2000/svg',
    width: whole,
    height: tall,
    viewBox: `0 0 ${whole} ${tall}`,
    'font-family': sans,
    'font-size': 12.5,
  });
  const text = (at: readonly [number, number], words: string, more = {}): void => {
    svg.append(draw('text', { x: at[0], y: at[1], fill: colour('ink-soft'), ...more }, words));
  };
  const [fromX, toX] = plot.ends.x;
  const ticksX = (): number[] => {
    if (spec.x !== undefined) return spec.x.ticks(fromX, toX, width);
    return log.x ? logTicks(fromX, toX, 7) : linearTicks(fromX, toX, 6);
  };
  svg.append(draw('rect', { width: whole, height: tall, fill: colour('paper') }));
  text([0, 20], chart.title, { 'font-family': 'serif', 'font-size': 18, fill: colour('ink') });
  const [fromY, toY] = plot.ends.y;
  for (const tick of log.y ? logTicks(fromY, toY, 5) : linearTicks(fromY, toY, 4)) {
    svg.append(rule([left, y(tick)], [left + width, y(tick)], 'grid'));
    const exponent = Math.log10(tick);
    const words = log.y
      ? exponent % 1 === 0
        ? sayPower(exponent)
        : String(tick)
      : spec.tick(tick);
    text([left - 8, y(tick) + 4], words, { 'text-anchor': 'end' });
  }
  svg.append(rule([left, head + height], [left + width, head + height], 'rule'));
  for (const tick of ticksX()) {
    text([x(tick), head + height + 20], (spec.x?.say ?? sayCount)(tick), {
      'text-anchor': 'middle',
    });
  }
  for (const { step, label } of markers) {
    svg.append(rule([x(step), head], [x(step), head + height], 'marker', '2 3'));
    text([x(step) - 2, head - 4], label);
  }
  for (const line of lines) {
    const points = line.steps.flatMap((step, row) => {
      const value = line.values[row];
      if (value === null || value === undefined || (log.x && step <= 0)) return [];
      return [`${x(step).toFixed(2)},${y(value).toFixed(2)}`];
    });
    svg.append(
      draw('polyline', {
        points: points.join(' '),
        fill: 'none',
        stroke: colour(line.colour),
        'stroke-width': line.width,
        'stroke-dasharray': line.dash.length > 0 ? line.dash.join(' ') : undefined,
      }),
    );
  }
  for (const { step, value, text: words, colour: name } of labels) {
    text([x(step) + 7, y(value) + 4], words, { fill: colour(name) });
  }
  text([0, tall - 8], chart.made, { 'font-size': 11 });
  return new XMLSerializer().serializeToString(svg);
}

function rule(
  from: readonly [number, number],
  to: readonly [number, number],
  name: string,
  dash?: string,
): SVGLineElement {
  return draw('line', {
    x1: from[0],
    y1: from[1],
    x2: to[0],
    y2: to[1],
    stroke: colour(name),
    'stroke-dasharray': dash,
  });
}
