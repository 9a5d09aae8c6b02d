/**
 * One digit from skeleton to pixels: the points of the strokes are shaken, their curves bent by a smooth field and an affine map, and
 * drawn with a round pen. Only + − × ÷ and √ of floats, so that every machine draws the same.
 */
import type { Random } from '../random/random';
import type { Way } from './digit-skeletons';

/** What a digit differs by from its skeleton. At difficulty d each spread is d times this. */
const SPREAD = {
  /** Of each point of a stroke, in heights of a digit. */
  shake: 0.015,
  /** Of the bending field at its 4 × 4 knots. */
  bend: 0.034,
  /** Of the slope of the axes: rotation and slant. */
  turn: 0.08,
  slant: 0.105,
  /** Of the two scales, relative. */
  scale: 0.066,
  /** Of the place, in sides of the image. */
  shift: 0.021,
  /** Of the width of the pen, relative. */
  pen: 0.14,
  /** Of the pixels. */
  noise: 0.065,
} as const;

const HASTE = { least: 0.6, more: 2 } as const;

/** Height of a digit in sides of the image, as the 20 of 28 pixels of MNIST. */
const HEIGHT = 0.71;
/** Width of the pen in heights of a digit. */
const PEN = 0.105;
/** Straight pieces between two points of a stroke. */
const PIECES = 6;
const KNOTS = 4;

type Point = readonly [x: number, y: number];

/** Writes side² values, 0 for paper and 1 for ink, to `out` from `at`. */
export function drawDigit(
  way: Way,
  { side, difficulty, random }: { side: number; difficulty: number; random: Random },
  out: Float32Array,
  at: number,
): void {
  // Two spreads are the most: a rare far number would put the digit off the paper.
  const haste = difficulty * drawHaste(random);
  const spread = (of: number): number => haste * of * Math.max(-2, Math.min(2, random.normal()));
  const shaken = way.map((stroke) =>
    stroke.map(([x, y]): Point => [x + spread(SPREAD.shake), y + spread(SPREAD.shake)]),
  );
  const bend = drawField(() => spread(SPREAD.bend));
  const place = drawPlace(spread);
  const pen = PEN * HEIGHT * side * Math.max(0.4, 1 + spread(SPREAD.pen));
  const ink = 1 - 0.25 * Math.min(1, difficulty) * random.uniform();
  for (const stroke of shaken) {
    const curve = sampleCurve(stroke).map((point): Point => {
      const [x, y] = place(bend(point));
      return [x * side, y * side];
    });
    for (let k = 1; k < curve.length; k++)
      drawPiece(curve[k - 1], curve[k], { radius: pen / 2, ink, side }, out, at);
  }
  if (difficulty === 0) return;
  for (let k = at; k < at + side * side; k++) {
    const value = out[k] + difficulty * SPREAD.noise * random.normal();
    out[k] = Math.max(0, Math.min(1, value));
  }
}

/** Most hands are careful and some are not: (a + b·u⁴), of mean 1. Those are what a network learns by heart and errs on. */
function drawHaste(random: Random): number {
  const u = random.uniform();
  return HASTE.least + HASTE.more * (u * u * u * u);
}

/** Displacements at the knots of a square grid, linear between them. */
function drawField(next: () => number): (point: Point) => Point {
  const knots = Float64Array.from({ length: 2 * KNOTS * KNOTS }, next);
  const between = (axis: number, x: number, y: number): number => {
    const scaled = [x, y].map((v) => Math.max(0, Math.min(1, v)) * (KNOTS - 1));
    const [i, j] = scaled.map((v) => Math.min(KNOTS - 2, Math.floor(v)));
    const [u, v] = [scaled[0] - i, scaled[1] - j];
    const knot = (a: number, b: number): number => knots[2 * ((j + b) * KNOTS + i + a) + axis];
    return (
      (1 - v) * ((1 - u) * knot(0, 0) + u * knot(1, 0)) +
      v * ((1 - u) * knot(0, 1) + u * knot(1, 1))
    );
  };
  return ([x, y]) => [x + between(0, x, y), y + between(1, x, y)];
}

/** From the unit square of a skeleton to the unit square of the image. */
function drawPlace(spread: (of: number) => number): (point: Point) => Point {
  const turn = spread(SPREAD.turn);
  const slant = spread(SPREAD.slant);
  const [wide, high] = [1 + spread(SPREAD.scale), 1 + spread(SPREAD.scale)];
  const [right, down] = [spread(SPREAD.shift), spread(SPREAD.shift)];
  // A rotation by the angle whose tangent is `turn`.
  const cos = 1 / Math.sqrt(1 + turn * turn);
  const sin = turn * cos;
  return ([x, y]) => {
    const [u, v] = [HEIGHT * wide * (x - 0.5), HEIGHT * high * (y - 0.5)];
    const w = u - slant * v;
    return [0.5 + right + cos * w - sin * v, 0.5 + down + sin * w + cos * v];
  };
}

/** Points along the Catmull–Rom spline through the points of a stroke. */
function sampleCurve(points: readonly Point[]): Point[] {
  const curve: Point[] = [points[0]];
  for (let k = 1; k < points.length; k++) {
    const [b, c] = [points[k - 1], points[k]];
    const a = points[k - 2] ?? b;
    const d = points[k + 1] ?? c;
    for (let piece = 1; piece <= PIECES; piece++) {
      const t = piece / PIECES;
      const along = (axis: 0 | 1): number => {
        const linear = c[axis] - a[axis];
        const square = 2 * a[axis] - 5 * b[axis] + 4 * c[axis] - d[axis];
        const cube = 3 * (b[axis] - c[axis]) + d[axis] - a[axis];
        return b[axis] + 0.5 * t * (linear + t * (square + t * cube));
      };
      curve.push([along(0), along(1)]);
    }
  }
  return curve;
}

/** Ink where a pixel's centre is within the pen, fading over one pixel at its edge; where strokes meet the darker counts. */
function drawPiece(
  [ax, ay]: Point,
  [bx, by]: Point,
  { radius, ink, side }: { radius: number; ink: number; side: number },
  out: Float32Array,
  at: number,
): void {
  const reach = radius + 0.5;
  const from = (low: number): number => Math.max(0, Math.ceil(low - reach - 0.5));
  const to = (high: number): number => Math.min(side - 1, Math.floor(high + reach - 0.5));
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  for (let row = from(Math.min(ay, by)); row <= to(Math.max(ay, by)); row++) {
    for (let column = from(Math.min(ax, bx)); column <= to(Math.max(ax, bx)); column++) {
      const [px, py] = [column + 0.5 - ax, row + 0.5 - ay];
      const t = length > 0 ? Math.max(0, Math.min(1, (px * dx + py * dy) / length)) : 0;
      const [ex, ey] = [px - t * dx, py - t * dy];
      const cover = ink * Math.max(0, Math.min(1, reach - Math.sqrt(ex * ex + ey * ey)));
      const k = at + row * side + column;
      if (cover > out[k]) out[k] = cover;
    }
  }
}
