/** Polynomials for tests: sums, products and powers of terms. */
import type { PotentialTerm } from '../../../src/slt/theory/polynomial';

/** Each row a coefficient and its powers: x² + 3y⁴ is potential([1, 2, 0], [3, 0, 4]). */
export function potential(...rows: readonly number[][]): PotentialTerm[] {
  return rows.map(([coefficient, ...powers]) => ({ coefficient, powers }));
}

export function product(a: readonly PotentialTerm[], b: readonly PotentialTerm[]): PotentialTerm[] {
  const found = new Map<string, PotentialTerm>();
  for (const left of a) {
    for (const right of b) {
      const powers = left.powers.map((p, i) => p + right.powers[i]);
      const before = found.get(powers.join())?.coefficient ?? 0;
      const coefficient = before + left.coefficient * right.coefficient;
      found.set(powers.join(), { coefficient, powers });
    }
  }
  return [...found.values()];
}

export function power(terms: readonly PotentialTerm[], exponent: number): PotentialTerm[] {
  let result: PotentialTerm[] = [{ coefficient: 1, powers: terms[0].powers.map(() => 0) }];
  for (let i = 0; i < exponent; i++) result = product(result, terms);
  return result;
}

/** ((x − 1)(x² + y²)²)²: zero on the line x = 1 and at the dot 0. */
export const LINE_PLUS_DOT = product(
  power(potential([1, 1, 0], [-1, 0, 0]), 2),
  power(potential([1, 2, 0], [1, 0, 2]), 4),
);
