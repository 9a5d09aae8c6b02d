/** The gallery's small chart as SVG: a stored run's losses with their names. */
import { draw } from './dom';
import { logRange } from './scales';
import { lineOf } from './series';
import type { StoredRun } from './stored';

const [width, height, room] = [320, 150, 40];

/** Train and test loss on a log axis, with the named events as hair lines. */
export function drawSparkline(stored: StoredRun, marks: readonly string[]): SVGSVGElement {
  const { columns, events } = stored;
  const train = lineOf(columns, 'train_loss').middle;
  const test = lineOf(columns, 'test_loss').middle;
  const [low, high] = logRange([...train, ...test], 1e-9);
  const last = columns.steps.at(-1) ?? 1;
  const x = (step: number): number => 2 + ((width - room - 2) * step) / last;
  const share = (value: number): number => Math.log(value / low) / Math.log(high / low);
  const y = (value: number): number => 6 + (height - 20) * (1 - share(Math.max(value, low)));
  const svg = draw('svg', {
    viewBox: `0 0 ${width} ${height}`,
    role: 'img',
    'aria-label': 'Train and test loss of a stored run, on a logarithmic axis.',
  });
  svg.append(
    draw('line', { class: 'axis-line', x1: 2, x2: width - room, y1: height - 8, y2: height - 8 }),
  );
  for (const { step } of events.filter(({ name }) => marks.includes(name))) {
    svg.append(
      draw('line', { class: 'event-line', x1: x(step), x2: x(step), y1: 4, y2: height - 8 }),
    );
  }
  for (const [name, line] of [
    ['train', train],
    ['test', test],
  ] as const) {
    const points = line.flatMap((value, row) =>
      value === null ? [] : [`${x(columns.steps[row] ?? 0).toFixed(1)},${y(value).toFixed(1)}`],
    );
    svg.append(draw('polyline', { class: `line-${name}`, points: points.join(' ') }));
    const end = line.findLast((value) => value !== null) ?? low;
    svg.append(draw('text', { class: `text-${name}`, x: width - room + 6, y: y(end) + 4 }, name));
  }
  return svg;
}
