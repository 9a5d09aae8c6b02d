/**
 * What a measured acceptance says about the bias of the step size, on the one target where both are known exactly: the
 * isotropic quadratic U = ½a‖w‖² in d dimensions, at stationarity. There SGLD with step ε inflates λ̂ by the factor
 * 1/(1 − εa/4) in every dimension, while acceptance falls with d: "0.9 is healthy" is wrong without the dimension. A
 * proxy elsewhere: real curvatures differ, and the stiffest directions rule both numbers.
 *
 * Write h = εa. One step gives ln(acceptance) = (h/8)(a‖w‖² − a‖w'‖²), so all depends on how w is distributed:
 *
 * `exact`       w from the target (a chain that accepts and rejects). Detailed balance gives E[acceptance] =
 *               2·P(‖w'‖ < ‖w‖), a ratio of correlated normals: P(|T_d| > √d·h^{3/2}/8), T_d Student's with d degrees.
 * `unadjusted`  w from SGLD's own stationary law, of variance 1/(a(1 − h/4)). Its steps are reversible, the exponent is
 *               c·S with c = h^{3/2}/(4√(1 − h/4)) and S a sum of d products of two independent normals, symmetric about
 *               0: E[acceptance] = ½ + ½E[e^{−c|S|}], which *never falls below ½*, however large the bias.
 */
import { BadConfig } from '../../gpu/errors';
import { requireCount } from './checks';
import { studentTwoSided } from './distributions';
import { known, unknown, type Quantity } from './quantity';

export type AcceptanceOf = 'exact' | 'unadjusted';

/** From here on, h = εa, plain SGLD on a quadratic diverges. */
export const UNSTABLE = 4;

/** λ̂(ε)/λ̂(0) − 1 = (h/4)/(1 − h/4) of SGLD on a quadratic; Infinity from h = 4 on. */
export function inflationOf(stepTimesCurvature: number): number {
  const quarter = stepTimesCurvature / UNSTABLE;
  return quarter < 1 ? quarter / (1 - quarter) : Infinity;
}

/**
 * E[e^{−c|S|}] = (2/π)∫₀^∞ c/(c² + t²)·(1 + t²)^{−d/2} dt, from the characteristic function (1 + t²)^{−d/2} of S. With
 * t = e^u the trapezoidal rule converges exponentially; this step leaves 1e-13.
 */
function meanSymmetricAcceptance(c: number, dimension: number): number {
  if (c === 0) return 1;
  const step = 1 / 8;
  const scale = Math.min(c, 1 / Math.sqrt(dimension));
  const beyond = Math.max(c, 1);
  let sum = 0;
  for (let u = Math.log(scale) - 36; ; u += step) {
    const t = Math.exp(u);
    const term = (c / (c * c + t * t)) * t * Math.exp(-0.5 * dimension * Math.log1p(t * t));
    sum += term;
    if (t > scale && (term < 1e-17 * sum || t > 1e9 * beyond)) break;
  }
  return (2 / Math.PI) * step * sum;
}

/** Expected acceptance for h = εa ≥ 0 (below 4 for `unadjusted`) in dimension d ≥ 1. */
export function stationaryAcceptance(
  stepTimesCurvature: number,
  dimension: number,
  of: AcceptanceOf,
): number {
  const h = stepTimesCurvature;
  if (h === 0) return 1;
  if (of === 'exact') return studentTwoSided((Math.sqrt(dimension) * h ** 1.5) / 8, dimension);
  const c = h ** 1.5 / (4 * Math.sqrt(1 - h / UNSTABLE));
  return 0.5 + 0.5 * meanSymmetricAcceptance(c, dimension);
}

export interface StepBias {
  /** h = εa that would give this acceptance. */
  readonly stepTimesCurvature: Quantity;
  /** By how much λ̂ is inflated at that h, as a share: 0.05 is five per cent. */
  readonly inflation: Quantity;
}

/**
 * Inverts the above by bisection. `acceptance` is a mean over many steps, `dimension` the number of sampled parameters.
 * Null with the reason where no stable step gives so low an acceptance. Throws BadConfig for an acceptance outside
 * [0, 1] or a dimension below 1.
 */
export function impliedStepBias(
  acceptance: number,
  dimension: number,
  of: AcceptanceOf = 'unadjusted',
): StepBias {
  if (!(acceptance >= 0 && acceptance <= 1)) {
    throw new BadConfig('acceptance', {
      asked: `got ${acceptance}`,
      limit: 'must be from 0 to 1',
      remedy: 'Pass a mean of acceptance probabilities',
    });
  }
  requireCount('dimension', dimension, 1);
  let low = 0;
  let high = UNSTABLE * (1 - 1e-9);
  const least = stationaryAcceptance(high, dimension, of);
  if (acceptance <= least) {
    const none = unknown(
      `an acceptance of ${acceptance.toPrecision(2)} is below what any stable step gives on a quadratic`,
    );
    return { stepTimesCurvature: none, inflation: none };
  }
  for (let halving = 0; halving < 50; halving++) {
    const middle = (low + high) / 2;
    if (stationaryAcceptance(middle, dimension, of) > acceptance) low = middle;
    else high = middle;
  }
  // An acceptance of 1 to rounding leaves nothing to resolve: the step has no visible bias.
  const h = acceptance === 1 ? 0 : (low + high) / 2;
  return { stepTimesCurvature: known(h), inflation: known(inflationOf(h)) };
}
