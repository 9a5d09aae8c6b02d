/** What a theory answers: a learning coefficient λ with its multiplicity m, or why it has none to give. */
import { toNumber, type Rational } from './rational';

export interface LearningCoefficient {
  readonly lambda: number;
  /** λ as the fraction it is. */
  readonly exact: Rational;
  readonly multiplicity: number;
}

/** No rule decides. `reason` is a sentence without its full stop. */
export interface Undecided {
  readonly lambda: null;
  readonly exact: null;
  readonly multiplicity: null;
  readonly reason: string;
}

export function decided(exact: Rational, multiplicity: number): LearningCoefficient {
  return { lambda: toNumber(exact), exact, multiplicity };
}

export function undecided(reason: string): Undecided {
  return { lambda: null, exact: null, multiplicity: null, reason };
}

/**
 * λ − (m − 1)/ln(nβ): how nβ·E[L − L0] approaches λ for a flat prior (Watanabe 2009, from the free energy
 * λ ln nβ − (m − 1) ln ln nβ). For nβ > 1; NaN at and below 1, where the law says nothing.
 */
export function finiteLaw(lambda: number, multiplicity: number, nbeta: number): number {
  if (multiplicity === 1) return lambda;
  return nbeta > 1 ? lambda - (multiplicity - 1) / Math.log(nbeta) : NaN;
}
