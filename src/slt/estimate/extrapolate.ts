/**
 * λ̂ at step size zero. SGLD's bias is linear in ε to first order (λ̂(ε) = λ̂(0)/(1 − εa/4) on a quadratic), so a straight
 * line through estimates at several ε meets ε = 0 at the unbiased value, if the points do lie on a line: where slow mixing
 * lowers the small-ε estimates, or the second order matters, they do not, and the flag says so.
 */
import { BadConfig } from '../../gpu/errors';
import { requirePositive } from './checks';
import { chiSquareTail } from './distributions';

export interface StepSizePoint {
  readonly stepSize: number;
  /** λ̂ at this step size. */
  readonly value: number;
  readonly standardError: number;
}

export interface Extrapolation {
  /** λ̂ at ε = 0, and its standard error as far as the line holds. */
  readonly value: number;
  readonly standardError: number;
  /** Change of λ̂ per unit of ε. */
  readonly slope: number;
  /** Σ((λ̂ − line)/error)², points − 2 degrees of freedom, and the probability of one so large; null for two points. */
  readonly chiSquare: number | null;
  readonly significance: number | null;
  /** False when that probability is below 1 %: leave out the largest ε or sample longer. Null for two points. */
  readonly onLine: boolean | null;
}

/** A line fitted to points is refused below this probability. */
const REFUSE = 0.01;

/**
 * Weighted least squares, weights 1/error². Two points give Richardson's extrapolation (ε₂·λ̂₁ − ε₁·λ̂₂)/(ε₂ − ε₁), which
 * nothing checks. Throws BadConfig for fewer than two distinct step sizes, and for steps or errors that are not
 * positive.
 */
export function extrapolateStepSize(points: readonly StepSizePoint[]): Extrapolation {
  points.forEach((point, i) => {
    requirePositive(`points[${i}].stepSize`, point.stepSize);
    requirePositive(`points[${i}].standardError`, point.standardError);
    if (!Number.isFinite(point.value)) {
      throw new BadConfig(`points[${i}].value`, {
        asked: `got ${point.value}`,
        limit: 'must be finite',
        remedy: 'Leave out the step sizes whose chains diverged',
      });
    }
  });
  if (new Set(points.map((point) => point.stepSize)).size < 2) {
    throw new BadConfig('points', {
      asked: `${points.length} estimates at one step size`,
      limit: 'a line needs two different ones',
      remedy: 'Sweep the step size',
    });
  }
  const weights = points.map((point) => point.standardError ** -2);
  const sum = (of: (point: StepSizePoint) => number) =>
    points.reduce((total, point, i) => total + weights[i] * of(point), 0);
  const total = sum(() => 1);
  const centre = sum((point) => point.stepSize) / total;
  const mean = sum((point) => point.value) / total;
  const squares = sum((point) => (point.stepSize - centre) ** 2);
  const slope = sum((point) => (point.stepSize - centre) * point.value) / squares;
  const value = mean - slope * centre;
  const chiSquare = sum((point) => (point.value - value - slope * point.stepSize) ** 2);
  const freedom = points.length - 2;
  const significance = freedom > 0 ? chiSquareTail(chiSquare, freedom) : null;
  return {
    value,
    standardError: Math.sqrt(1 / total + centre ** 2 / squares),
    slope,
    chiSquare: freedom > 0 ? chiSquare : null,
    significance,
    onLine: significance === null ? null : significance >= REFUSE,
  };
}
