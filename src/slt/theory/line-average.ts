/**
 * ∫ e^{−U} and the mean of K under e^{−U} on a line, for a polynomial K and U = nβ·K + (γ/2)x², whatever the scales.
 *
 * The line is cut at all roots of U′ and U″: on each piece U is monotone and bends one way, so that its mass sits at
 * one end, as wide or as narrow as may be. Each piece is cut short where e^{−U} has fallen by e^{−45} and given to
 * the tanh-sinh rule, which resolves ends of any width.
 */
import { tanhSinh } from './quadrature';
import { differentiate, evaluate, realRoots, trim } from './real-roots';

export interface LineAverage {
  /** ln ∫ e^{−U} dx. */
  readonly logMass: number;
  /** Mean of K. */
  readonly mean: number;
}

/** e^{−45} = 3e-20 of the largest density counts as nothing. */
export const NEGLIGIBLE = 45;

/** `density`: nodes of the rule per unit of its variable. Null where the integral does not exist. */
export function averageOnLine(
  K: readonly number[],
  nbeta: number,
  localization: number,
  density: number,
): LineAverage | null {
  const U = K.map((c) => nbeta * c);
  while (U.length < 3) U.push(0);
  U[2] += localization / 2;
  const trimmed = trim(U);
  const grows = trimmed.length % 2 === 1 && trimmed.length > 1 && trimmed[trimmed.length - 1] > 0;
  if (!grows) return null;
  const joints = findJoints(trimmed);
  const energy = (x: number) => nbeta * evaluate(K, x) + (localization / 2) * x * x;
  const bottom = Math.min(...joints.map(energy));
  const height = (x: number) => energy(x) - bottom;
  const ends = [
    [findEnd(height, joints[0], -1), joints[0]],
    ...joints.slice(1).map((x, i) => [joints[i], x]),
    [joints[joints.length - 1], findEnd(height, joints[joints.length - 1], 1)],
  ];
  const { fromStart, fromEnd, weights } = tanhSinh(density);
  let mass = 0;
  let moment = 0;
  for (const [a, b] of ends) {
    const piece = cutShort(height, a, b);
    if (!piece) continue;
    const [start, end] = piece;
    const length = end - start;
    for (let i = 0; i < weights.length; i++) {
      const x = fromStart[i] < 0.5 ? start + length * fromStart[i] : end - length * fromEnd[i];
      const k = evaluate(K, x);
      // Above 0 is only rounding, where nβ·K nearly cancels.
      const fall = Math.min(0, bottom - nbeta * k - (localization / 2) * x * x);
      const share = weights[i] * length * Math.exp(fall);
      mass += share;
      moment += share * k;
    }
  }
  return mass > 0
    ? { logMass: Math.log(mass) - bottom, mean: moment / mass }
    : { logMass: -Infinity, mean: 0 };
}

/** Roots of U′ and U″, at least one. */
function findJoints(U: readonly number[]): number[] {
  const slope = differentiate(U);
  const roots = [...realRoots(slope), ...realRoots(differentiate(slope))];
  const joints = [...new Set(roots)].sort((a, b) => a - b);
  return joints.length > 0 ? joints : [0];
}

/** Beyond the outermost joint U rises for good: a point there that is high enough, not much too far. */
export function findEnd(height: (x: number) => number, from: number, side: 1 | -1): number {
  let reach = Math.max(1, Math.abs(from));
  if (height(from + side * reach) < NEGLIGIBLE) {
    while (height(from + side * reach) < NEGLIGIBLE && reach < 1e150) reach *= 2;
    return from + side * reach;
  }
  while (height(from + (side * reach) / 2) > NEGLIGIBLE && reach > 1e-150) reach /= 2;
  return from + side * reach;
}

/** The part of a monotone piece that is not negligible, within a few percent; null where nothing is. */
function cutShort(
  height: (x: number) => number,
  a: number,
  b: number,
): readonly [number, number] | null {
  const [left, right] = [height(a), height(b)];
  if (Math.min(left, right) > NEGLIGIBLE) return null;
  if (Math.max(left, right) <= NEGLIGIBLE) return [a, b];
  const [low, toHigh] = left <= right ? [a, b - a] : [b, a - b];
  let outside = 1;
  while (height(low + (toHigh * outside) / 2) > NEGLIGIBLE && outside > 1e-300) outside /= 2;
  // A cut much too far out costs more nodes than these few evaluations: U may be x¹².
  let inside = outside / 2;
  for (let round = 0; round < 5; round++) {
    const middle = (inside + outside) / 2;
    if (height(low + toHigh * middle) > NEGLIGIBLE) outside = middle;
    else inside = middle;
  }
  const end = low + toHigh * outside;
  return low < end ? [low, end] : [end, low];
}
