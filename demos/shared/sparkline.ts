/** The gallery's small charts as SVG: lines of a stored run with their names. */
import { draw } from './dom';

const [width, height] = [320, 150];
/** Names that end near each other stand so far apart. */
const line = 12;

export interface SparkLine {
  /** Names the colour: `train`, `test`, `lambda`, `stored`. */
  readonly name: string;
  readonly label: string;
  readonly steps: readonly number[];
  readonly values: readonly (number | null)[];
}

export interface Spark {
  readonly lines: readonly SparkLine[];
  /** Ends of the vertical axis. */
  readonly range: readonly [number, number];
  readonly log: boolean;
  readonly last: number;
  /** Hair lines across, up. */
  readonly events: readonly number[];
  readonly rules: readonly { readonly value: number; readonly label: string }[];
  /** For the names at the lines' ends, in units of 320 across; 40 unless given. */
  readonly room?: number;
  /** For those who do not see it. */
  readonly described: string;
}

export function drawSparkline({
  lines,
  range,
  log,
  last,
  events,
  rules,
  room = 40,
  described,
}: Spark): SVGSVGElement {
  const [low, high] = range;
  const x = (step: number): number => 2 + ((width - room - 2) * step) / last;
  const share = (value: number): number =>
    log
      ? Math.log(Math.max(value, low) / low) / Math.log(high / low)
      : (value - low) / (high - low);
  const y = (value: number): number => 6 + (height - 20) * (1 - share(value));
  const svg = draw('svg', {
    viewBox: `0 0 ${width} ${height}`,
    role: 'img',
    'aria-label': described,
  });
  svg.append(
    draw('line', { class: 'axis-line', x1: 2, x2: width - room, y1: height - 8, y2: height - 8 }),
  );
  for (const step of events) {
    svg.append(
      draw('line', { class: 'event-line', x1: x(step), x2: x(step), y1: 4, y2: height - 8 }),
    );
  }
  for (const { value, label } of rules) {
    svg.append(
      draw('line', { class: 'event-line', x1: 2, x2: width - room, y1: y(value), y2: y(value) }),
      draw('text', { class: 'text-norm', x: width - room + 6, y: y(value) + 4 }, label),
    );
  }
  const ends = lines.map(({ name, label, steps, values }) => {
    const row = values.findLastIndex((value) => value !== null);
    return { name, label, x: x(steps[row] ?? 0) + 6, y: y(values[row] ?? low) + 4 };
  });
  for (const [k, { name, steps, values }] of lines.entries()) {
    const points = values.flatMap((value, row) =>
      value === null ? [] : [`${x(steps[row] ?? 0).toFixed(1)},${y(value).toFixed(1)}`],
    );
    svg.append(draw('polyline', { class: `line-${name}`, points: points.join(' ') }));
    spread(ends[k] as End, ends.slice(0, k));
  }
  for (const end of ends) {
    svg.append(draw('text', { class: `text-${end.name}`, x: end.x, y: end.y }, end.label));
  }
  return svg;
}

interface End {
  readonly name: string;
  readonly label: string;
  readonly x: number;
  y: number;
}

/** Moves a name away from those placed before it, to the side that it is on. */
function spread(end: End, placed: readonly End[]): void {
  for (const other of placed) {
    const near = Math.abs(end.x - other.x) < 30 && Math.abs(end.y - other.y) < line;
    if (near) end.y = other.y + (end.y < other.y ? -line : line);
  }
}
