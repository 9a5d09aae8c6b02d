/** Polynomials in several variables with exact coefficients: reading them, re-expanding them about a point. */
import { BadConfig } from '../../gpu/errors';
import {
  add,
  fraction,
  fromDecimal,
  multiply,
  power,
  signOf,
  toNumber,
  ZERO,
  type Rational,
} from './rational';

/** coefficient · ∏ w_i^powers_i, as experiments give it. */
export interface PotentialTerm {
  readonly coefficient: number;
  readonly powers: readonly number[];
}

export interface Monomial {
  readonly coefficient: Rational;
  readonly powers: readonly number[];
}

/** A sum of monomials with different powers and coefficients other than 0. */
export interface Polynomial {
  readonly variables: number;
  readonly monomials: readonly Monomial[];
}

const MOST_VARIABLES = 64;
const MOST_TERMS = 1000;
const MOST_DEGREE = 64;
/** After re-expansion about a point. */
const MOST_MONOMIALS = 20_000;

/**
 * Σ terms(at + w) − Σ terms(at) as a polynomial in w: no constant term. Coefficients and coordinates are read as
 * decimals and the expansion is exact, so that a vanishing term vanishes. Throws BadConfig naming `terms` or `at`.
 */
export function expandPotential(
  terms: readonly PotentialTerm[],
  at: readonly number[],
): Polynomial {
  checkPotential(terms, at);
  const count = terms.reduce(
    (total, { powers }) =>
      total + powers.reduce((product, p, i) => product * (at[i] === 0 ? 1 : p + 1), 1),
    0,
  );
  if (count > MOST_MONOMIALS) {
    throw new BadConfig('terms', {
      asked: `re-expanded about the point they are ${count} monomials`,
      limit: `at most ${MOST_MONOMIALS} are allowed`,
      remedy: 'Choose a point with more zeros, or fewer and lower powers',
    });
  }
  const point = at.map(fromDecimal);
  const found = new Map<string, Monomial>();
  for (const { coefficient, powers } of terms) {
    let products: Monomial[] = [{ coefficient: fromDecimal(coefficient), powers: [] }];
    powers.forEach((degree, i) => {
      const row = shiftedPower(point[i], degree);
      products = products
        .flatMap((product) =>
          row.map((share, k) => ({
            coefficient: multiply(product.coefficient, share),
            powers: [...product.powers, k],
          })),
        )
        .filter(({ coefficient: c }) => signOf(c) !== 0);
    });
    for (const product of products) {
      const key = product.powers.join();
      const before = found.get(key)?.coefficient ?? ZERO;
      found.set(key, { ...product, coefficient: add(before, product.coefficient) });
    }
  }
  const monomials = [...found.values()].filter(
    ({ coefficient, powers }) => signOf(coefficient) !== 0 && powers.some((p) => p > 0),
  );
  return { variables: at.length, monomials };
}

/** Throws BadConfig naming `terms` or `at` where these are not a potential and a point of it. */
export function checkPotential(terms: readonly PotentialTerm[], at: readonly number[]): void {
  if (terms.length === 0 || terms.length > MOST_TERMS) {
    throw new BadConfig('terms', {
      asked: `got ${terms.length}`,
      limit: `must be from 1 to ${MOST_TERMS} terms`,
    });
  }
  const variables = terms[0].powers.length;
  if (variables === 0 || variables > MOST_VARIABLES) {
    throw new BadConfig('terms.0.powers', {
      asked: `got ${variables}`,
      limit: `must be from 1 to ${MOST_VARIABLES} powers, one per variable`,
    });
  }
  terms.forEach(({ coefficient, powers }, i) => {
    if (!Number.isFinite(coefficient)) {
      throw new BadConfig(`terms.${i}.coefficient`, {
        asked: `got ${coefficient}`,
        limit: 'must be a finite number',
      });
    }
    if (powers.length !== variables) {
      throw new BadConfig(`terms.${i}.powers`, {
        asked: `got ${powers.length} powers`,
        limit: `must be ${variables} as in the first term`,
        remedy: 'Give every term one power per variable, 0 where it is absent',
      });
    }
    const wrong = powers.find((p) => !Number.isInteger(p) || p < 0 || p > MOST_DEGREE);
    if (wrong !== undefined) {
      throw new BadConfig(`terms.${i}.powers`, {
        asked: `got ${wrong}`,
        limit: `must be whole numbers from 0 to ${MOST_DEGREE}`,
      });
    }
  });
  if (at.length !== variables || at.some((x) => !Number.isFinite(x))) {
    throw new BadConfig('at', {
      asked: `got ${at.length === variables ? at.join(', ') : `${at.length} coordinates`}`,
      limit: `must be ${variables} finite numbers, one per variable`,
    });
  }
}

/** The polynomial in groups of variables that share no monomial, each in its own variables only. */
export function splitBlocks({ variables, monomials }: Polynomial): Polynomial[] {
  const group = Array.from({ length: variables }, (_, i) => i);
  const rootOf = (i: number): number => (group[i] === i ? i : rootOf(group[i]));
  for (const { powers } of monomials) {
    const present = indicesOf(powers);
    for (const i of present) group[rootOf(i)] = rootOf(present[0]);
  }
  const blocks = new Map<number, { members: number[]; monomials: Monomial[] }>();
  for (let i = 0; i < variables; i++) {
    const block = blocks.get(rootOf(i)) ?? { members: [], monomials: [] };
    block.members.push(i);
    blocks.set(rootOf(i), block);
  }
  for (const monomial of monomials) {
    blocks.get(rootOf(indicesOf(monomial.powers)[0]))!.monomials.push(monomial);
  }
  return [...blocks.values()].map((block) => ({
    variables: block.members.length,
    monomials: block.monomials.map(({ coefficient, powers }) => ({
      coefficient,
      powers: block.members.map((i) => powers[i]),
    })),
  }));
}

/** The coefficient of a monomial, 0 where it is absent. */
export function coefficientOf(polynomial: Polynomial, powers: readonly number[]): Rational {
  const key = powers.join();
  return polynomial.monomials.find((one) => one.powers.join() === key)?.coefficient ?? ZERO;
}

/** The same terms with float64 coefficients. */
export function toTerms({ monomials }: Polynomial): PotentialTerm[] {
  return monomials.map(({ coefficient, powers }) => ({
    coefficient: toNumber(coefficient),
    powers,
  }));
}

/** Coefficients of (a + w)^n by powers of w: binomial(n, k)·a^(n−k). */
function shiftedPower(a: Rational, n: number): Rational[] {
  let binomial = 1n;
  return Array.from({ length: n + 1 }, (_, k) => {
    if (k > 0) binomial = (binomial * BigInt(n - k + 1)) / BigInt(k);
    return multiply(fraction(binomial), power(a, n - k));
  });
}

function indicesOf(powers: readonly number[]): number[] {
  return powers.flatMap((p, i) => (p > 0 ? [i] : []));
}
