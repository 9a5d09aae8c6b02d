/** Quasi-homogeneous parts of a polynomial at 0 and their positivity, decided exactly. */
import { undecided, type LearningCoefficient, type Undecided } from './coefficient';
import { quasiHomogeneous, quasiHomogeneousPlane } from './normal-crossing';
import type { Monomial, Polynomial } from './polynomial';
import {
  add,
  compare,
  fraction,
  multiply,
  ONE,
  signOf,
  sum,
  ZERO,
  type Rational,
} from './rational';
import { countRealRoots, rootMultiplicities } from './sturm';

/**
 * An isolated zero: with p_i the lowest pure power of variable i and weights 1/p_i, no monomial has weighted degree
 * below 1, and the part of degree exactly 1 is positive off the origin. What lies above is smaller near 0 and
 * changes nothing. Null where this can't be shown.
 */
export function solveIsolated({ variables, monomials }: Polynomial): LearningCoefficient | null {
  const weights: Rational[] = [];
  for (let i = 0; i < variables; i++) {
    const pure = monomials
      .filter(({ powers }) => powers.every((p, j) => (j === i ? p > 0 : p === 0)))
      .map(({ powers }) => powers[i]);
    if (pure.length === 0) return null;
    weights.push(fraction(1, Math.min(...pure)));
  }
  if (monomials.some(({ powers }) => compare(weigh(powers, weights), ONE) < 0)) return null;
  const face = monomials.filter(({ powers }) => compare(weigh(powers, weights), ONE) === 0);
  return isPositive(face, variables) ? quasiHomogeneous(weights) : null;
}

/**
 * Two variables, all monomials on one line q·powers = 1 with q > 0: the zeros off the origin lie on the orbits
 * through roots of K(x, ±1) and on the axis y = 0, and their orders give λ. Undecided with the reason where K is
 * negative somewhere near; null where this is no such polynomial.
 */
export function solvePlane({
  variables,
  monomials,
}: Polynomial): LearningCoefficient | Undecided | null {
  if (variables !== 2 || monomials.length < 2) return null;
  const weights = findWeights(monomials);
  if (!weights) return null;
  const orders = [Math.min(...monomials.map(({ powers }) => powers[1]))].filter((p) => p > 0);
  for (const y of [1, -1]) {
    const line = restrict(monomials, y);
    const roots = rootMultiplicities(line);
    if (signOf(line[line.length - 1]) < 0 || line.length % 2 === 0 || roots.some((p) => p % 2)) {
      return undecided('the point is no minimum: the potential falls below its value there');
    }
    orders.push(...roots);
  }
  return quasiHomogeneousPlane(weights, orders);
}

/** Positive off the origin, for a part that has pure powers of every variable. False where it can't be shown. */
function isPositive(face: readonly Monomial[], variables: number): boolean {
  const even = ({ coefficient, powers }: Monomial) =>
    signOf(coefficient) > 0 && powers.every((p) => p % 2 === 0);
  if (face.every(even)) return true;
  if (variables !== 2) return false;
  const pure = face.filter(({ powers }) => powers[1] === 0);
  // Off the axis y = 0 every orbit passes y = ±1; on it the pure power of x decides.
  return (
    pure.every(even) &&
    [1, -1].every((y) => {
      const line = restrict(face, y);
      return signOf(line[line.length - 1]) > 0 && countRealRoots(line) === 0;
    })
  );
}

/** Coefficients of K(x, y) by powers of x, for y = ±1. */
function restrict(monomials: readonly Monomial[], y: number): Rational[] {
  const line: Rational[] = [];
  for (const { coefficient, powers } of monomials) {
    const value = y < 0 && powers[1] % 2 ? multiply(coefficient, fraction(-1)) : coefficient;
    while (line.length <= powers[0]) line.push(ZERO);
    line[powers[0]] = add(line[powers[0]], value);
  }
  return line;
}

/** The q > 0 with q·powers = 1 for every monomial of two variables, if there is one. */
function findWeights(monomials: readonly Monomial[]): Rational[] | null {
  const [[a, b], [c, d]] = [monomials[0].powers, monomials[1].powers];
  const determinant = a * d - b * c;
  if (determinant === 0) return null;
  const weights = [fraction(d - b, determinant), fraction(a - c, determinant)];
  const fits = monomials.every(({ powers }) => compare(weigh(powers, weights), ONE) === 0);
  return fits && weights.every((q) => signOf(q) > 0) ? weights : null;
}

function weigh(powers: readonly number[], weights: readonly Rational[]): Rational {
  return sum(powers.map((p, i) => multiply(weights[i], fraction(p))));
}
