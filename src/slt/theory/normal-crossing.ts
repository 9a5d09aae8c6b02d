/**
 * Rules that give a learning coefficient in closed form (Watanabe, Algebraic Geometry and Statistical Learning
 * Theory, 2009; Lin, Algebraic Methods for Evaluating Integrals in Bayesian Statistics, 2011). λ is where the zeta
 * function ∫ K(w)^z φ(w) dw has its largest pole −λ, m the order of that pole.
 */
import { decided, type LearningCoefficient } from './coefficient';
import { compare, equals, fraction, least, sum, type Rational } from './rational';

/**
 * ∏ w_i^powers_i under a prior density ∏ |w_i|^priors_i near 0: λ = min (priors_i + 1)/powers_i over the variables
 * that occur, m = how many attain it. Powers are the exponents 2k_i of K. RangeError where no variable occurs.
 */
export function normalCrossing(
  powers: readonly number[],
  priors: readonly number[] = powers.map(() => 0),
): LearningCoefficient {
  const poles = powers.flatMap((power, i) => (power > 0 ? [fraction(priors[i] + 1, power)] : []));
  if (poles.length === 0) throw new RangeError('normalCrossing: no variable has a power above 0');
  const lambda = least(poles);
  return decided(lambda, poles.filter((pole) => equals(pole, lambda)).length);
}

/** K = Σ K_j in separate variables: λ = Σ λ_j, m = 1 + Σ (m_j − 1). */
export function addSeparate(parts: readonly LearningCoefficient[]): LearningCoefficient {
  return decided(
    sum(parts.map(({ exact }) => exact)),
    parts.reduce((m, part) => m + part.multiplicity - 1, 1),
  );
}

/** K = ∏ K_j in separate variables: λ = min λ_j, m = Σ m_j of those that attain it. */
export function multiplySeparate(parts: readonly LearningCoefficient[]): LearningCoefficient {
  const lambda = least(parts.map(({ exact }) => exact));
  const attaining = parts.filter(({ exact }) => equals(exact, lambda));
  return decided(
    lambda,
    attaining.reduce((m, { multiplicity }) => m + multiplicity, 0),
  );
}

/** K(t^{q_1} w_1, …) = t·K(w), positive off the origin: λ = Σ q_i, m = 1. */
export function quasiHomogeneous(weights: readonly Rational[]): LearningCoefficient {
  return decided(sum(weights), 1);
}

/**
 * The same where K also vanishes off the origin, there like u^p in the distance u from a smooth zero set: after the
 * weighted blow-up K is t·u^p with Jacobian t^{Σq − 1}, so that λ = min(Σ q_i, 1/p over all p), and m counts the
 * factors that meet at the minimum: 2 where Σ q_i = 1/p.
 */
export function quasiHomogeneousPlane(
  weights: readonly Rational[],
  orders: readonly number[],
): LearningCoefficient {
  const blownUp = sum(weights);
  if (orders.length === 0) return decided(blownUp, 1);
  const transverse = fraction(1, Math.max(...orders));
  const order = compare(blownUp, transverse);
  return order < 0 ? decided(blownUp, 1) : decided(transverse, order === 0 ? 2 : 1);
}

/** (‖w‖²)^k in n dimensions: n/(2k), m = 1. */
export function powerOfNorm(dimensions: number, k: number): LearningCoefficient {
  return decided(fraction(dimensions, 2 * k), 1);
}

/** A regular minimum with this many identifiable parameters: d/2, m = 1. */
export function regularMinimum(dimensions: number): LearningCoefficient {
  return decided(fraction(dimensions, 2), 1);
}
