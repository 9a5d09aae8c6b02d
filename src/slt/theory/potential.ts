/**
 * The learning coefficient of a polynomial potential at a point, where one of the rules of normal-crossing.ts
 * provably applies. Everything is exact; what can't be proved is not guessed.
 *
 * The potential is re-expanded about the point as P(w) = K(at + w) − K(at) and split into blocks of variables that
 * share no monomial; λ adds and m − 1 adds over blocks. In a block, the first rule that fits:
 *
 *   monomial × unit   a common monomial with an even power of everything, times something positive at 0
 *   quadratic form    exactly of degree 2 and nowhere negative: rank/2
 *   isolated zero     pure powers of every variable, nothing below the face they span, positive on that face
 *   plane             two variables, exactly quasi-homogeneous, nowhere negative, zeros of known orders
 */
import { undecided, type LearningCoefficient, type Undecided } from './coefficient';
import { addSeparate, normalCrossing, quasiHomogeneous, regularMinimum } from './normal-crossing';
import { solveIsolated, solvePlane } from './newton-face';
import { coefficientOf, expandPotential, splitBlocks } from './polynomial';
import type { Polynomial, PotentialTerm } from './polynomial';
import { diagonalise } from './quadratic-form';
import { divide, fraction, signOf, ZERO, type Rational } from './rational';

/** λ and m of Σ terms at `at`, or the reason why no rule decides them. Throws BadConfig naming `terms` or `at`. */
export function potentialCoefficient(
  terms: readonly PotentialTerm[],
  at: readonly number[] = terms[0]?.powers.map(() => 0) ?? [],
): LearningCoefficient | Undecided {
  const polynomial = expandPotential(terms, at);
  if (polynomial.monomials.some(({ powers }) => degreeOf(powers) === 1)) {
    return undecided('the point is no minimum: the gradient there is not zero');
  }
  const answers: LearningCoefficient[] = [];
  for (const block of splitBlocks(polynomial)) {
    const answer = solveBlock(block);
    if (answer.lambda === null) return answer;
    answers.push(answer);
  }
  return addSeparate(answers);
}

/** The Hessian at the point in exact fractions, of P as expanded. */
export function hessianOf(polynomial: Polynomial): Rational[][] {
  const { variables } = polynomial;
  return Array.from({ length: variables }, (_, i) =>
    Array.from({ length: variables }, (_, j) => {
      const powers = new Array<number>(variables).fill(0);
      powers[i] += 1;
      powers[j] += 1;
      const coefficient = coefficientOf(polynomial, powers);
      return i === j ? divide(coefficient, fraction(1, 2)) : coefficient;
    }),
  );
}

function solveBlock(block: Polynomial): LearningCoefficient | Undecided {
  const { monomials, variables } = block;
  // A variable that K does not depend on.
  if (monomials.length === 0) return quasiHomogeneous([ZERO]);
  const { positive, negative } = diagonalise(hessianOf(block));
  if (negative > 0) {
    return undecided('the point is no minimum: the Hessian there has a negative direction');
  }
  if (positive === variables) return regularMinimum(variables);
  return (
    solveMonomial(block) ??
    (monomials.every(({ powers }) => degreeOf(powers) === 2) ? regularMinimum(positive) : null) ??
    solveIsolated(block) ??
    solvePlane(block) ??
    undecided(
      `no rule decides ${variables === 1 ? 'this power series' : `how these ${variables} variables meet`}: neither a monomial times a unit nor a quasi-homogeneous part that is provably positive`,
    )
  );
}

/** Common monomial × a factor with a constant term; null where the factor has none. */
function solveMonomial({
  monomials,
  variables,
}: Polynomial): LearningCoefficient | Undecided | null {
  const common = Array.from({ length: variables }, (_, i) =>
    Math.min(...monomials.map(({ powers }) => powers[i])),
  );
  const unit = monomials.find(({ powers }) => powers.every((p, i) => p === common[i]));
  if (!unit) return null;
  if (common.some((p) => p % 2 === 1) || signOf(unit.coefficient) < 0) {
    return undecided('the point is no minimum: the potential falls below its value there');
  }
  return normalCrossing(common);
}

function degreeOf(powers: readonly number[]): number {
  return powers.reduce((a, b) => a + b, 0);
}
