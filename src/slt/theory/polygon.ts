/**
 * The best regular k-gon of the toy model of superposition: k columns of W at angles 2πj/k with common length
 * and bias, chosen to minimise the loss per embedded feature
 *
 *     f(s, b) = self(s, b) + Σ_{j=1}^{k−1} cross(s·cos(2πj/k), b),    s = length²
 *
 * (arXiv 2310.06301; pieces in superposition-loss.ts). For k = 3 and 4 it is length 1 and bias 0 with no loss
 * at all; from 5 on the bias is negative. f has one minimum with s > 0 (seen on grids for k up to 30).
 */
import { integrateCross, integrateSelf } from './superposition-loss';

export interface Polygon {
  readonly vertices: number;
  /** ‖W_i‖ of every vertex. */
  readonly length: number;
  readonly bias: number;
  /** Loss per embedded feature: L = (k·loss + what the other features cost)/c. */
  readonly loss: number;
}

interface Slope {
  readonly value: number;
  readonly s: number;
  readonly b: number;
}

/** The optimum for `vertices` ≥ 3, to 1e-12. RangeError below 3. */
export function optimalPolygon(vertices: number): Polygon {
  if (!Number.isInteger(vertices) || vertices < 3) {
    throw new RangeError(`optimalPolygon: ${vertices} vertices, must be a whole number from 3`);
  }
  if (vertices <= 4) return { vertices, length: 1, bias: 0, loss: 0 };
  let [s, b] = findStart(vertices);
  for (let round = 0; round < 100; round++) {
    const [ds, db] = stepFrom(vertices, s, b);
    s += ds;
    b += db;
    if (Math.abs(ds) + Math.abs(db) < 1e-14) break;
  }
  return { vertices, length: Math.sqrt(s), bias: b, loss: slopeAt(vertices, s, b).value };
}

/** Cosine and sine of the j-th of k vertices; exact 0 and ±1 on the axes, so that a square has G = 0 and not 6e-17. */
export function vertexDirection(j: number, k: number): readonly [number, number] {
  const quarters = (4 * j) / k;
  if (Number.isInteger(quarters)) {
    const [x, y] = [
      [1, 0],
      [0, 1],
      [-1, 0],
      [0, -1],
    ][quarters % 4];
    return [x, y];
  }
  return [Math.cos((2 * Math.PI * j) / k), Math.sin((2 * Math.PI * j) / k)];
}

/** The lowest point of a coarse grid over the region where the minima of k = 5 … 64 lie. */
function findStart(vertices: number): [number, number] {
  let best: [number, number] = [1, 0];
  let lowest = Infinity;
  for (let i = 1; i <= 60; i++) {
    for (let j = 0; j <= 60; j++) {
      // b as a share of s: the optimal cap opens where s·cos θ > −b.
      const s = i / 20;
      const b = (-s * j) / 60;
      const { value } = slopeAt(vertices, s, b);
      if (value < lowest) [lowest, best] = [value, [s, b]];
    }
  }
  return best;
}

/** Newton's step, with the Hessian from central differences of the exact gradient; halved until f falls. */
function stepFrom(vertices: number, s: number, b: number): [number, number] {
  const here = slopeAt(vertices, s, b);
  const h = 1e-5;
  const [right, left] = [slopeAt(vertices, s + h, b), slopeAt(vertices, s - h, b)];
  const [up, down] = [slopeAt(vertices, s, b + h), slopeAt(vertices, s, b - h)];
  const ss = (right.s - left.s) / (2 * h);
  const bb = (up.b - down.b) / (2 * h);
  const sb = (right.b - left.b + up.s - down.s) / (4 * h);
  const determinant = ss * bb - sb * sb;
  const convex = determinant > 0 && ss > 0;
  let ds = convex ? (sb * here.b - bb * here.s) / determinant : -here.s;
  let db = convex ? (sb * here.s - ss * here.b) / determinant : -here.b;
  // Near the optimum f is flat to rounding: then the step is taken as it is.
  const slack = 1e-15;
  for (let halving = 0; halving < 40; halving++) {
    if (s + ds > 0 && slopeAt(vertices, s + ds, b + db).value <= here.value + slack) break;
    ds /= 2;
    db /= 2;
  }
  return [ds, db];
}

function slopeAt(vertices: number, s: number, b: number): Slope {
  const piece = { value: 0, slope: 0, offset: 0 };
  const total = { value: 0, s: 0, b: 0 };
  for (let j = 0; j < vertices; j++) {
    const [cosine] = vertexDirection(j, vertices);
    if (j === 0) integrateSelf(s, b, piece);
    else integrateCross(s * cosine, b, piece);
    total.value += piece.value;
    total.s += piece.slope * cosine;
    total.b += piece.offset;
  }
  return total;
}
