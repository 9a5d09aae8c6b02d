/**
 * Networks of one hidden layer whose learning coefficient is that of a Vandermonde matrix type singularity
 * (Aoyagi & Nagata, Learning coefficient of generalization error in Bayesian estimation and Vandermonde matrix-type
 * singularity, Neural Computation 24, 2012), with the true function zero:
 *
 *     k the largest with 2H ≥ Q·k(k − 1) + 2k,   λ = (Q·k(k + 1) + 2H)/(4(1 + kQ)),   m = 2 iff equal
 *
 * Q = 2 is Σ a_h tanh(b_h x) without biases on one input and output: there k² ≤ H and λ = (H + k² + k)/(4k + 2).
 */
import { BadConfig } from '../../gpu/errors';
import { decided, type LearningCoefficient } from './coefficient';
import { gaussLegendre, type Quadrature } from './quadrature';
import { fraction } from './rational';

const MOST_UNITS = 1_000_000;
const MOST_STEP = 1000;

/** λ and m of H tanh units, true function zero. Throws BadConfig naming `hidden`. */
export function tanhCoefficient(hidden: number): LearningCoefficient {
  return vandermondeCoefficient(hidden, 2);
}

/** λ and m of the family with H units and step Q. Throws BadConfig naming `hidden` or `step`. */
export function vandermondeCoefficient(hidden: number, step: number): LearningCoefficient {
  for (const [path, value, most] of [
    ['hidden', hidden, MOST_UNITS],
    ['step', step, MOST_STEP],
  ] as const) {
    if (Number.isInteger(value) && value >= 1 && value <= most) continue;
    throw new BadConfig(path, {
      asked: `got ${value}`,
      limit: `must be a whole number from 1 to ${most}`,
    });
  }
  const threshold = (k: number) => step * k * (k - 1) + 2 * k;
  let k = 1;
  while (threshold(k + 1) <= 2 * hidden) k++;
  const lambda = fraction(step * k * (k + 1) + 2 * hidden, 4 * (1 + k * step));
  return decided(lambda, threshold(k) === 2 * hidden ? 2 : 1);
}

/** Points of `tanhQuadrature`: E tanh²(bx) is right to 1e-9 for |b| up to 2, to 3e-5 up to 4. */
export const TANH_POINTS = 32;

/**
 * Inputs x ~ U[−2, 2] as a sum: Gauss–Legendre nodes on [−2, 2] and weights that sum to 1, so that
 * E f(x) = Σ weights·f(nodes).
 */
export function tanhQuadrature(points = TANH_POINTS): Quadrature {
  const { nodes, weights } = gaussLegendre(points, -2, 2);
  return { nodes, weights: weights.map((weight) => weight / 4) };
}
