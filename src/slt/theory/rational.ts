/**
 * Exact fractions of whole numbers of any size, as immutable records: learning coefficients are fractions,
 * and a theory that rounds can't be compared for equality.
 */
import { BadConfig } from '../../gpu/errors';

/** In lowest terms, denominator positive. Make one with `fraction`. */
export interface Rational {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** numerator / denominator in lowest terms. Both whole numbers; a denominator of 0 is a RangeError. */
export function fraction(numerator: bigint | number, denominator: bigint | number = 1n): Rational {
  const [above, below] = [BigInt(numerator), BigInt(denominator)];
  if (below === 0n) throw new RangeError(`fraction: ${above}/0 is no number`);
  const divisor = greatestCommonDivisor(above, below) * (below < 0n ? -1n : 1n);
  return { numerator: above / divisor, denominator: below / divisor };
}

export const ZERO = /* @__PURE__ */ fraction(0);
export const ONE = /* @__PURE__ */ fraction(1);

export function add(a: Rational, b: Rational): Rational {
  return fraction(
    a.numerator * b.denominator + b.numerator * a.denominator,
    a.denominator * b.denominator,
  );
}

export function subtract(a: Rational, b: Rational): Rational {
  return add(a, negate(b));
}

export function negate(a: Rational): Rational {
  return { numerator: -a.numerator, denominator: a.denominator };
}

export function multiply(a: Rational, b: Rational): Rational {
  return fraction(a.numerator * b.numerator, a.denominator * b.denominator);
}

/** a / b; RangeError where b is 0. */
export function divide(a: Rational, b: Rational): Rational {
  return fraction(a.numerator * b.denominator, a.denominator * b.numerator);
}

/** a to a whole power of at least 0. */
export function power(a: Rational, exponent: number): Rational {
  return {
    numerator: a.numerator ** BigInt(exponent),
    denominator: a.denominator ** BigInt(exponent),
  };
}

/** −1, 0 or 1. */
export function signOf(a: Rational): number {
  return a.numerator > 0n ? 1 : a.numerator < 0n ? -1 : 0;
}

/** Negative where a < b, 0 where equal, positive where a > b. */
export function compare(a: Rational, b: Rational): number {
  return signOf(subtract(a, b));
}

export function equals(a: Rational, b: Rational): boolean {
  return a.numerator === b.numerator && a.denominator === b.denominator;
}

export function sum(values: readonly Rational[]): Rational {
  return values.reduce(add, ZERO);
}

/** The smallest of at least one. */
export function least(values: readonly Rational[]): Rational {
  return values.reduce((a, b) => (compare(a, b) <= 0 ? a : b));
}

/** The smallest whole number not below a. */
export function ceiling(a: Rational): bigint {
  const quotient = a.numerator / a.denominator; // rounds towards 0
  return quotient * a.denominator < a.numerator ? quotient + 1n : quotient;
}

/** The nearest float64 while both parts are below 2^53, else within a few ULP. */
export function toNumber({ numerator, denominator }: Rational): number {
  const limit = 1n << 53n;
  const small = (numerator < 0n ? -numerator : numerator) < limit && denominator < limit;
  if (small) return Number(numerator) / Number(denominator);
  // Scaled so that the quotient keeps at least 64 bits.
  const lengthOf = (n: bigint) => (n < 0n ? -n : n).toString(2).length;
  const shift = Math.max(0, 64 + lengthOf(denominator) - lengthOf(numerator));
  const quotient = (numerator << BigInt(shift)) / denominator;
  return shift <= 1000
    ? Number(quotient) * 2 ** -shift
    : Number(quotient) * 2 ** -1000 * 2 ** (1000 - shift);
}

/** "13/2", or "6" for a whole number. */
export function format({ numerator, denominator }: Rational): string {
  return denominator === 1n ? `${numerator}` : `${numerator}/${denominator}`;
}

/**
 * A float64 as the decimal a person would write for it: 0.1 is 1/10, not 3602879701896397/2^55. So that
 * (x − 0.1)² typed as x² − 0.2x + 0.01 vanishes at 0.1. Throws BadConfig for what is not finite.
 */
export function fromDecimal(value: number): Rational {
  const parts = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value));
  if (!parts) throw new BadConfig('', { asked: `got ${value}`, limit: 'must be a finite number' });
  const [, sign, whole, decimals = '', exponent = '0'] = parts;
  const digits = BigInt(`${whole}${decimals}`) * (sign ? -1n : 1n);
  const places = Number(exponent) - decimals.length;
  return places >= 0
    ? fraction(digits * 10n ** BigInt(places))
    : fraction(digits, 10n ** BigInt(-places));
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}
