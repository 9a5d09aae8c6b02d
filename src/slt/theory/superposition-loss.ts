/**
 * The toy model of superposition (Elhage et al. 2022, in the form of arXiv 2310.06301): its expected loss in
 * closed form and the gradient of it, in float64.
 *
 * Inputs x = μ·e_i, i uniform among c features, μ ~ U[0, 1]; f(x) = ReLU(WᵀWx + b); L = E‖x − f(x)‖². With
 * G = WᵀW,
 *
 *     L = (1/c) Σ_i [ self(G_ii, b_i) + Σ_{j≠i} cross(G_ij, b_j) ]
 *     cross(g, b) = ∫₀¹ relu(gμ + b)² dμ,    self(g, b) = ∫₀¹ (μ − relu(gμ + b))² dμ
 *
 * The ReLU cuts [0, 1] in two; on each part the integrand is the square of a linear function with values p and
 * q at the ends, whose integral is length · (p² + pq + q²)/3. Nothing is divided by g or g − 1 where those
 * vanish, and nothing is subtracted that nearly cancels.
 */
import { ShapeMismatch } from '../../gpu/errors';

/** Parameters of the model: `W` row-major [hidden, features], `b` [features]. */
export interface SuperpositionGradient {
  readonly loss: number;
  readonly W: Float64Array;
  readonly b: Float64Array;
}

/** An integral over μ and its derivatives with respect to g and b. */
interface Piece {
  value: number;
  slope: number;
  offset: number;
}

/** Expected loss; `W` row-major [hidden, features], `b` [features]. Throws ShapeMismatch. */
export function superpositionLoss(
  features: number,
  hidden: number,
  W: ArrayLike<number>,
  b: ArrayLike<number>,
): number {
  return superpositionGradient(features, hidden, W, b).loss;
}

/** Expected loss with its gradient in `W` and `b`. Throws ShapeMismatch. */
export function superpositionGradient(
  features: number,
  hidden: number,
  W: ArrayLike<number>,
  b: ArrayLike<number>,
): SuperpositionGradient {
  if (W.length !== hidden * features || b.length !== features) {
    throw new ShapeMismatch(
      `superpositionLoss: W has ${W.length} numbers and b ${b.length}, must be ${hidden} × ${features} and ${features}`,
    );
  }
  const gradient = { W: new Float64Array(W.length), b: new Float64Array(features) };
  const piece: Piece = { value: 0, slope: 0, offset: 0 };
  let total = 0;
  for (let i = 0; i < features; i++) {
    for (let j = 0; j < features; j++) {
      let g = 0;
      for (let h = 0; h < hidden; h++) g += W[h * features + i] * W[h * features + j];
      if (i === j) integrateSelf(g, b[j], piece);
      else integrateCross(g, b[j], piece);
      total += piece.value;
      gradient.b[j] += piece.offset / features;
      // g = Σ_h W_hi W_hj; for i = j both lines add to the same element, as they should.
      for (let h = 0; h < hidden; h++) {
        gradient.W[h * features + i] += (piece.slope * W[h * features + j]) / features;
        gradient.W[h * features + j] += (piece.slope * W[h * features + i]) / features;
      }
    }
  }
  return { loss: total / features, ...gradient };
}

/** cross(g, b) into `out`. */
export function integrateCross(g: number, b: number, out: Piece): void {
  out.value = out.slope = out.offset = 0;
  const [start, end] = activeInterval(g, b);
  if (end > start) addSquare(start, end, g, b, out);
}

/** self(g, b) into `out`. Where the unit is on, the error is −((g − 1)μ + b); where it is off, μ. */
export function integrateSelf(g: number, b: number, out: Piece): void {
  out.value = out.slope = out.offset = 0;
  const [start, end] = activeInterval(g, b);
  if (end <= start) {
    out.value = 1 / 3;
    return;
  }
  addSquare(start, end, g - 1, b, out);
  out.value += start ** 3 / 3 + ((1 - end) * (1 + end + end * end)) / 3;
}

/** The part of [0, 1] where gμ + b > 0; empty as [0, 0]. */
function activeInterval(g: number, b: number): readonly [number, number] {
  if (b >= 0) return [0, g + b >= 0 ? (b > 0 || g > 0 ? 1 : 0) : -b / g];
  return g + b > 0 ? [-b / g, 1] : [0, 0];
}

/** Adds ∫ (sμ + b)² dμ over [start, end] and its derivatives ∫ 2(sμ + b)μ dμ and ∫ 2(sμ + b) dμ. */
function addSquare(start: number, end: number, s: number, b: number, out: Piece): void {
  const length = end - start;
  const p = s * start + b;
  const q = s * end + b;
  out.value += (length * (p * p + p * q + q * q)) / 3;
  out.slope += (length * (2 * p * start + p * end + q * start + 2 * q * end)) / 3;
  out.offset += length * (p + q);
}
