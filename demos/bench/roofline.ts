/**
 * The roofline (Williams, Waterman and Patterson 2009): arithmetic of a kernel against its arithmetic per byte, below what the
 * adapter can do at most, min(FMA ceiling, intensity · copy ceiling).
 */
import type { Ceilings, Result, Row } from '../../benches/run';
import { formatNumber } from '../../benches/table';
import { logRange } from '../shared/scales';
import { sayShare } from '../shared/words';
import { kindOf, sayRow } from './rows';
import type { Line, Mark, Note, Scene } from './scene';

/** GFLOP/s at most at so many FLOP per byte. */
export function roofAt(intensity: number, { copy, fma }: Ceilings): number {
  return Math.min(fma.gflops, intensity * copy.gbs);
}

/** FLOP per byte from which on arithmetic is the limit. */
export function ridgeOf({ copy, fma }: Ceilings): number {
  return fma.gflops / copy.gbs;
}

/** FLOP per byte; null where a row does not count both. */
export function intensityOf({ flops, bytes }: Row): number | null {
  return flops !== undefined && bytes !== undefined && flops > 0 && bytes > 0
    ? flops / bytes
    : null;
}

/**
 * Rows that count bytes alone have no intensity. Set at any, their distance below the sloping roof is their share of the
 * memory ceiling; they get a strip of their own, a place for each topic.
 */
const STRIP = [1 / 32, 1 / 6] as const;
/** Where the strip ends. */
const STRIP_END = 1 / 5;

interface Placed {
  readonly mark: Mark;
  readonly result: Result;
  readonly row: Row;
}

export function rooflineScene(results: readonly Result[], ceilings: Ceilings): Scene {
  const measured = results.filter(({ name }) => !name.startsWith('ceiling/'));
  const topics = [
    ...new Set(
      measured.filter(({ rows }) => rows.some(countsBytesAlone)).map(({ name }) => topicOf(name)),
    ),
  ];
  const placed = measured.flatMap((result) =>
    result.rows.flatMap((row, at): Placed[] => {
      const x = intensityOf(row) ?? (countsBytesAlone(row) ? stripPlace(topics, result) : null);
      const { gflops, gbs, seconds } = row;
      const y = gflops ?? (x !== null && gbs !== undefined ? gbs * x : undefined);
      if (x === null || !seconds || y === undefined || isControl(row)) return [];
      const kind = kindOf(row, at);
      const mark = { x, y, kind, said: sayRow(result, row) };
      return [{ mark, result, row }];
    }),
  );
  const xs = placed.map(({ mark }) => mark.x);
  const [, far] = logRange([...xs, 4 * ridgeOf(ceilings)], 0.1);
  const near = topics.length > 0 ? STRIP[0] / 1.6 : logRange([...xs, 1], 1e-2)[0];
  const lowest = Math.min(...placed.map(({ mark }) => mark.y), roofAt(near, ceilings) / 2);
  const [low] = logRange([lowest], 1e-6);
  const highest = Math.max(...placed.map(({ mark }) => mark.y), ceilings.fma.gflops);
  const best = leader(placed);
  const roof: Line = {
    colour: 'ink',
    points: [near, ridgeOf(ceilings), far].map((x) => [x, roofAt(x, ceilings)] as const),
  };
  return {
    title: sayLeader(best),
    x: { range: [near, far], label: 'arithmetic per byte, FLOP/B' },
    y: { range: [low, 1.7 * highest], label: 'GFLOP/s' },
    lines: [roof],
    marks: labelTopics(placed),
    notes: roofNotes(ceilings, far, placed),
    ...(topics.length > 0 && { aside: { to: STRIP_END, text: 'only bytes counted' } }),
    described:
      `Roofline: ${formatNumber(ceilings.fma.gflops)} GFLOP/s and ${formatNumber(ceilings.copy.gbs)} GB/s at most, ` +
      `${placed.length} measured rows below. ${sayLeader(best)}`,
  };
}

/** Words on the slope stand where marks are farthest from it. */
function roofNotes(ceilings: Ceilings, far: number, placed: readonly Placed[]): Note[] {
  const { copy, fma } = ceilings;
  const ridge = ridgeOf(ceilings);
  const start = Math.min(STRIP_END, ridge / 8);
  const roomAt = (x: number): number =>
    Math.min(
      ...placed.map(({ mark }) =>
        Math.hypot(Math.log(mark.x / x), Math.log(mark.y / roofAt(x, ceilings)) / 2),
      ),
    );
  const places = [0.35, 0.45, 0.55, 0.65, 0.75].map((share) => start * (ridge / start) ** share);
  const slope = places.reduce((best, x) => (roomAt(x) > roomAt(best) ? x : best));
  return [
    { x: slope, y: roofAt(slope, ceilings), text: `${formatNumber(copy.gbs)} GB/s`, rising: true },
    { x: far, y: fma.gflops, text: `${formatNumber(fma.gflops)} GFLOP/s` },
  ];
}

function countsBytesAlone(row: Row): boolean {
  return row.flops === undefined && row.gbs !== undefined && row.gbs > 0;
}

function stripPlace(topics: readonly string[], { name }: Result): number {
  const [from, to] = STRIP;
  const share = (topics.indexOf(topicOf(name)) + 0.5) / topics.length;
  return from * (to / from) ** share;
}

function topicOf(name: string): string {
  return name.split('/')[0] ?? name;
}

function isControl({ contender }: Row): boolean {
  return contender.startsWith('control:');
}

/** The row of ours nearest to its roof. */
function leader(placed: readonly Placed[]): Placed | undefined {
  const share = ({ row }: Placed): number => row.fractionOfCeiling ?? 0;
  return placed
    .filter(({ mark, row }) => mark.kind === 'kernel' && intensityOf(row) !== null)
    .sort((a, b) => share(b) - share(a))[0];
}

function sayLeader(best: Placed | undefined): string {
  const share = best?.row.fractionOfCeiling;
  if (best === undefined || share === undefined) return 'What this adapter can do at most';
  const { result, row } = best;
  const by = row.boundBy ?? 'arithmetic';
  return `Nearest to its roof: ${result.name}, at ${sayShare(share)} of the ${by} ceiling`;
}

/** The highest mark of ours in each topic carries its name. */
function labelTopics(placed: readonly Placed[]): Mark[] {
  const highest = new Map<string, Placed>();
  for (const one of placed) {
    if (one.mark.kind !== 'kernel') continue;
    const topic = topicOf(one.result.name);
    const known = highest.get(topic);
    if (known === undefined || one.mark.y > known.mark.y) highest.set(topic, one);
  }
  const labelled = new Set([...highest.values()]);
  // Ours last, so that they lie on top.
  const order = ['cpu', 'library', 'variant', 'kernel'];
  return [...placed]
    .sort((a, b) => order.indexOf(a.mark.kind) - order.indexOf(b.mark.kind))
    .map((one) =>
      labelled.has(one) ? { ...one.mark, label: topicOf(one.result.name) } : one.mark,
    );
}
