/**
 * The Metropolis test of a Langevin step (MALA: G. O. Roberts and R. L. Tweedie, "Exponential convergence of Langevin
 * distributions", Bernoulli 2 (1996)). With potential U = nβ·L + (γ/2)‖w − w*‖² + …, the proposal is Gaussian with mean
 * w − (ε/2)∇U(w) and variance ε. Taken on two neighbouring points of SGLD it measures how far a step is from exact.
 */
import { BadConfig } from '../../gpu/errors';
import { requirePositive } from './checks';

export interface LangevinStep {
  /** ε */
  readonly stepSize: number;
  /** w and w', [P] each. */
  readonly from: ArrayLike<number>;
  readonly to: ArrayLike<number>;
  /** U(w) and U(w'), on the same batch. */
  readonly potentialFrom: number;
  readonly potentialTo: number;
  /** ∇U(w) and ∇U(w'), [P] each: of the whole potential, prior included, on the same batch. */
  readonly gradientFrom: ArrayLike<number>;
  readonly gradientTo: ArrayLike<number>;
}

/** ‖to − from + (ε/2)·gradient‖²: −2ε times the log density of the step, up to a constant. */
function squaredDeviation(
  from: ArrayLike<number>,
  to: ArrayLike<number>,
  gradient: ArrayLike<number>,
  stepSize: number,
): number {
  let sum = 0;
  for (let i = 0; i < from.length; i++) {
    sum += (to[i] - from[i] + 0.5 * stepSize * gradient[i]) ** 2;
  }
  return sum;
}

/**
 * U(w) − U(w') + ln q(w | w') − ln q(w' | w), not cut at 0; the probability of acceptance is e^min(0, this). −∞ when the
 * proposal has no finite potential or gradient. Throws BadConfig for ε that is not positive and for arrays of different
 * lengths.
 */
export function logAcceptance(step: LangevinStep): number {
  requirePositive('stepSize', step.stepSize);
  const { from, to, gradientFrom, gradientTo, stepSize } = step;
  const lengths = [from.length, to.length, gradientFrom.length, gradientTo.length];
  if (lengths.some((length) => length !== lengths[0])) {
    throw new BadConfig('step', {
      asked: `points and gradients of ${lengths.join(', ')} numbers`,
      limit: 'all must have the same length',
      remedy: 'Pass the same parameters of both points',
    });
  }
  const there = squaredDeviation(from, to, gradientFrom, stepSize);
  const back = squaredDeviation(to, from, gradientTo, stepSize);
  const result = step.potentialFrom - step.potentialTo + (there - back) / (2 * stepSize);
  return Number.isNaN(result) || !Number.isFinite(back) ? -Infinity : result;
}

/** min(1, e^logAcceptance). */
export function acceptanceProbability(step: LangevinStep): number {
  return Math.exp(Math.min(0, logAcceptance(step)));
}
