/**
 * Polynomials in one variable with exact coefficients: their real roots counted by multiplicity, by Yun's square-free
 * factors and Sturm's theorem. A coefficient list is [constant, linear, …] without trailing zeros; [] is 0.
 */
import {
  divide,
  fraction,
  multiply,
  negate,
  signOf,
  subtract,
  ZERO,
  type Rational,
} from './rational';

export type Coefficients = readonly Rational[];

/** Multiplicities of the distinct real roots, in ascending order. RangeError for the zero polynomial. */
export function rootMultiplicities(p: Coefficients): number[] {
  const trimmed = trim(p);
  if (trimmed.length === 0) throw new RangeError('rootMultiplicities: 0 vanishes everywhere');
  return squareFree(trimmed).flatMap((factor, i) =>
    new Array<number>(countRealRoots(factor)).fill(i + 1),
  );
}

/** Number of distinct real roots. */
export function countRealRoots(p: Coefficients): number {
  const chain: Coefficients[] = [trim(p), differentiate(p)];
  while (chain[chain.length - 1].length > 0) {
    const [above, below] = chain.slice(-2);
    chain.push(divideWithRest(above, below).rest.map(negate));
  }
  chain.pop();
  // Far to the right the sign is the leading coefficient's; far to the left odd degrees turn it.
  const right = chain.map((one) => signOf(one[one.length - 1]));
  const left = chain.map((one, i) => (one.length % 2 === 0 ? -right[i] : right[i]));
  return countChanges(left) - countChanges(right);
}

function countChanges(signs: readonly number[]): number {
  return signs.filter((sign, i) => i > 0 && sign !== signs[i - 1]).length;
}

/** Yun 1976: p = ∏ f_i^i with square-free f_i, the list [f_1, f_2, …]. */
function squareFree(p: Coefficients): Coefficients[] {
  const slope = differentiate(p);
  let common = greatestCommonDivisor(p, slope);
  let rest = divideWithRest(p, common).quotient;
  let extra = minus(divideWithRest(slope, common).quotient, differentiate(rest));
  const factors: Coefficients[] = [];
  while (rest.length > 1) {
    common = greatestCommonDivisor(rest, extra);
    factors.push(common);
    rest = divideWithRest(rest, common).quotient;
    extra = minus(divideWithRest(extra, common).quotient, differentiate(rest));
  }
  return factors;
}

function greatestCommonDivisor(p: Coefficients, q: Coefficients): Coefficients {
  let [a, b] = [trim(p), trim(q)];
  while (b.length > 0) [a, b] = [b, makeMonic(divideWithRest(a, b).rest)];
  return makeMonic(a);
}

/** Leading coefficient 1: keeps the numbers of a remainder sequence short. */
function makeMonic(p: Coefficients): Coefficients {
  return p.length === 0 ? p : p.map((c) => divide(c, p[p.length - 1]));
}

function divideWithRest(p: Coefficients, q: Coefficients) {
  const rest = [...p];
  const quotient: Rational[] = new Array<Rational>(Math.max(0, p.length - q.length + 1)).fill(ZERO);
  for (let k = quotient.length - 1; k >= 0; k--) {
    const share = divide(rest[k + q.length - 1], q[q.length - 1]);
    quotient[k] = share;
    for (let j = 0; j < q.length; j++) rest[k + j] = subtract(rest[k + j], multiply(share, q[j]));
  }
  return { quotient: trim(quotient), rest: trim(rest) };
}

function differentiate(p: Coefficients): Coefficients {
  return trim(p.slice(1).map((c, i) => multiply(c, fraction(i + 1))));
}

function minus(p: Coefficients, q: Coefficients): Coefficients {
  const length = Math.max(p.length, q.length);
  return trim(Array.from({ length }, (_, i) => subtract(p[i] ?? ZERO, q[i] ?? ZERO)));
}

function trim(p: Coefficients): Coefficients {
  let length = p.length;
  while (length > 0 && signOf(p[length - 1]) === 0) length--;
  return p.slice(0, length);
}
