/** What a sweep says: how cost grows, where it jumps, where two costs meet. */

export interface Point {
  /** What was swept: replicas, width … */
  readonly x: number;
  /** Of a step. */
  readonly seconds: number;
  /** Arithmetic of a step; x where nobody counted. */
  readonly work: number;
}

/** A doubling of the work that costs more than this many times as much is a cliff. */
export const CLIFF = 2.5;

/** The larger half of the points by x, at least two. */
function largeHalf(points: readonly Point[]): Point[] {
  const sorted = [...points].sort((a, b) => a.x - b.x);
  return sorted.slice(Math.min(Math.floor(sorted.length / 2), Math.max(0, sorted.length - 2)));
}

/**
 * Slope of log seconds over log of x or work in the large half, by least squares: 1 where cost grows as what was swept, 0 where
 * the device is not yet full. Undefined for fewer than two points.
 */
export function fitExponent(points: readonly Point[], over: 'x' | 'work'): number | undefined {
  const half = largeHalf(points);
  const xs = half.map((point) => Math.log2(point[over]));
  const ys = half.map(({ seconds }) => Math.log2(seconds));
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x0, y0] = [mean(xs), mean(ys)];
  const spread = xs.reduce((sum, x) => sum + (x - x0) ** 2, 0);
  if (half.length < 2 || spread === 0) return undefined;
  return xs.reduce((sum, x, k) => sum + (x - x0) * (ys[k] - y0), 0) / spread;
}

export interface Cliff {
  readonly from: number;
  readonly to: number;
  /** Times as much as before. */
  readonly cost: number;
  readonly allowed: number;
}

/** Neighbours between which each doubling of the work costs more than CLIFF times as much. */
export function findCliffs(points: readonly Point[]): Cliff[] {
  const sorted = [...points].sort((a, b) => a.x - b.x);
  return sorted.slice(1).flatMap((point, k) => {
    const before = sorted[k];
    const doublings = Math.max(Math.log2(point.work / before.work), 0);
    const allowed = Math.max(CLIFF ** doublings, CLIFF);
    const cost = point.seconds / before.seconds;
    return cost > allowed ? [{ from: before.x, to: point.x, cost, allowed }] : [];
  });
}

export interface Race {
  readonly x: number;
  /** Seconds of the one that is expected to win in the end, and of the other. */
  readonly late: number;
  readonly early: number;
}

export type Crossing =
  | { readonly kind: 'at'; readonly x: number }
  | { readonly kind: 'before' | 'never'; readonly x: number };

/**
 * Where `late` becomes and stays the faster one: straight lines between points, in logarithms of x and of the ratio. `before`
 * the first point, or `never` up to the last. Null without points.
 */
export function findCrossing(races: readonly Race[]): Crossing | null {
  const sorted = [...races].sort((a, b) => a.x - b.x);
  const lead = sorted.map(({ late, early }) => Math.log2(early / late));
  if (sorted.length === 0) return null;
  const lastLoss = lead.findLastIndex((value) => value < 0);
  if (lastLoss === -1) return { kind: 'before', x: sorted[0].x };
  if (lastLoss === sorted.length - 1) return { kind: 'never', x: sorted[lastLoss].x };
  const [a, b] = [lead[lastLoss], lead[lastLoss + 1]];
  const [low, high] = [Math.log2(sorted[lastLoss].x), Math.log2(sorted[lastLoss + 1].x)];
  return { kind: 'at', x: 2 ** (low + ((0 - a) / (b - a)) * (high - low)) };
}
