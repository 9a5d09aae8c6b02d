/** Sweeps as lines: units a second against what grows, a line for each who did the work, and where two of them cross. */
import { findCrossing, type Crossing } from '../../benches/fit';
import type { Result, Row } from '../../benches/run';
import { formatNumber, formatRate, formatSeconds } from '../../benches/table';
import { logRange, tightLogRange } from '../shared/scales';
import type { Line, Mark, Scene } from './scene';

/** As `benches/kernel.ts` names them, which would bring the kernels along. */
export const PLAIN = 'plain float32 loop';
export const REFERENCE = 'float64 reference';

interface Point {
  readonly size: number;
  readonly rate: number;
  /** Quartiles of the rate. */
  readonly spread: readonly [number, number];
  readonly row: Row;
}

/** Points by who did the work, smallest size first; the control and failed rows left out. */
export function linesOf({ rows }: Pick<Result, 'rows'>): ReadonlyMap<string, readonly Point[]> {
  const lines = new Map<string, Point[]>();
  for (const row of rows) {
    const { place, rate, seconds, items = 1 } = row;
    if (!place || rate === undefined || !seconds || row.contender.startsWith('control:')) continue;
    const spread = [items / seconds.upper, items / seconds.lower] as const;
    const point = { size: place.size, rate, spread, row };
    lines.set(place.who, [...(lines.get(place.who) ?? []), point]);
  }
  for (const points of lines.values()) points.sort((a, b) => a.size - b.size);
  return lines;
}

/** Where the GPU overtakes the plain loop, in units of one replica's work; null where the sweep has not both. */
export function crossingOf(result: Pick<Result, 'rows'>): Crossing | null {
  const lines = linesOf(result);
  const rateAt = (who: string, size: number): number | undefined =>
    lines.get(who)?.find((point) => point.size === size)?.rate;
  const races = (lines.get('GPU') ?? []).flatMap(({ size, rate }) => {
    const other = rateAt(PLAIN, size);
    return other === undefined ? [] : [{ x: size, late: 1 / rate, early: 1 / other }];
  });
  return findCrossing(races);
}

/** Null where nothing of the sweep was measured. */
export function sweepScene(result: Result): Scene | null {
  const lines = linesOf(result);
  const all = [...lines.values()].flat();
  const [first] = all;
  if (first === undefined) return null;
  const axis = first.row.place?.axis ?? 'size';
  const sizes = all.map(({ size }) => size);
  const [low, high] = [Math.min(...sizes), Math.max(...sizes)];
  const crossing = crossingOf(result);
  const title = sayFinding(result, lines, axis, crossing);
  return {
    title,
    x: { range: low === high ? logRange(sizes, 1) : tightLogRange(sizes, 1e-9), label: axis },
    y: {
      range: tightLogRange(
        all.flatMap(({ spread }) => spread),
        1e-9,
      ),
      label: `${result.unit}/s`,
    },
    lines: [...lines].map(([who, points]) => lineOf(who, points)),
    marks: [...lines].flatMap(([who, points]) =>
      points.map((point) => markOf(result, who, axis, point)),
    ),
    notes: [],
    ...(crossing?.kind === 'at' && {
      crossing: { x: crossing.x, text: `crossing at ${formatSize(crossing.x)}` },
    }),
    described: `${result.title}: ${title}.`,
  };
}

const CPU = [PLAIN, REFERENCE];

function lineOf(who: string, points: readonly Point[]): Line {
  const colour = CPU.includes(who) ? 'norm' : who === 'general' ? 'train' : 'lambda';
  const dash = who === REFERENCE ? [2, 3] : who === PLAIN ? [6, 3] : [];
  const label = { [PLAIN]: 'plain loop', [REFERENCE]: 'float64' }[who] ?? who;
  return { colour, dash, label, points: points.map(({ size, rate }) => [size, rate] as const) };
}

function markOf({ unit }: Result, who: string, axis: string, point: Point): Mark {
  const { size, rate, spread, row } = point;
  const median = row.seconds ? ` · ${formatSeconds(row.seconds.median)} a run` : '';
  return {
    ...{ x: size, y: rate, spread },
    kind: CPU.includes(who) ? 'cpu' : who === 'general' ? 'variant' : 'kernel',
    said: `${who}, ${axis} ${formatSize(size)} · ${formatRate(rate)} ${unit}/s${median}`,
  };
}

function sayFinding(
  { unit }: Result,
  lines: ReadonlyMap<string, readonly Point[]>,
  axis: string,
  crossing: Crossing | null,
): string {
  if (crossing !== null) {
    const x = formatSize(crossing.x);
    return {
      at: `The GPU overtakes a plain loop at ${axis} ${x}`,
      before: `The GPU is ahead of a plain loop from ${axis} ${x} on, the smallest tried`,
      never: `A plain loop stays ahead of the GPU up to ${axis} ${x}, the largest tried`,
    }[crossing.kind];
  }
  const [points = []] = lines.values();
  const [from, to] = [points[0], points.at(-1)];
  if (from === undefined || to === undefined || from === to) return `${unit} a second`;
  const ratio = formatNumber(to.rate / from.rate);
  return `From ${axis} ${formatSize(from.size)} to ${formatSize(to.size)}: ${ratio} times the ${unit} a second`;
}

function formatSize(size: number): string {
  return size < 10 && size % 1 !== 0 ? size.toFixed(1) : Math.round(size).toLocaleString('en');
}
