/**
 * The binary operations of the grokking papers: Power, Burda, Edwards, Babuschkin and Misra, "Grokking" (2022),
 * appendix A.1.1; Nanda et al. (2023) for a + b; Liu et al. and the ticket papers for the others.
 * All results are whole numbers from 0 to p − 1; with p ≤ 1,024 no product leaves the exact integers.
 */
import { multiplyHigh, philox } from '../random/philox';
import { streams } from '../random/streams';
import { S5_ORDER, composeS5, invertS5 } from './permutations';

export interface Operation {
  /** How it reads on a page. */
  readonly formula: string;
  readonly commutative: boolean;
  /** Needs inverses: the modulus must be prime. */
  readonly field?: boolean;
  /** Leaves out pairs with b = 0. */
  readonly skipsZero?: boolean;
  /** Acts on the permutations of five things: the "modulus" is the 120 elements. */
  readonly permutations?: boolean;
  compute(a: number, b: number, p: number): number;
}

/** b⁻¹ modulo a prime p by the extended Euclidean algorithm; b from 1 to p − 1. */
function invert(b: number, p: number): number {
  let [r0, r1, t0, t1] = [p, b, 0, 1];
  while (r1 !== 0) {
    const quotient = Math.floor(r0 / r1);
    [r0, r1, t0, t1] = [r1, r0 - quotient * r1, t1, t0 - quotient * t1];
  }
  return (t0 + p) % p;
}

export const operations = {
  add: {
    formula: 'a + b',
    commutative: true,
    compute: (a, b, p) => (a + b) % p,
  },
  subtract: {
    formula: 'a − b',
    commutative: false,
    compute: (a, b, p) => (a - b + p) % p,
  },
  multiply: {
    formula: 'a · b',
    commutative: true,
    compute: (a, b, p) => (a * b) % p,
  },
  divide: {
    formula: 'a / b, b ≠ 0',
    commutative: false,
    field: true,
    skipsZero: true,
    compute: (a, b, p) => (a * invert(b, p)) % p,
  },
  'sum-of-squares': {
    formula: 'a² + b²',
    commutative: true,
    compute: (a, b, p) => (a * a + b * b) % p,
  },
  'sum-and-product': {
    formula: 'a·b + a + b',
    commutative: true,
    compute: (a, b, p) => (a * b + a + b) % p,
  },
  'x2+xy+y2': {
    formula: 'a² + a·b + b²',
    commutative: true,
    compute: (a, b, p) => (a * a + a * b + b * b) % p,
  },
  'x2+xy+y2+x': {
    formula: 'a² + a·b + b² + a',
    commutative: false,
    compute: (a, b, p) => (a * a + a * b + b * b + a) % p,
  },
  'x3+xy': {
    formula: 'a³ + a·b',
    commutative: false,
    compute: (a, b, p) => (a * a * a + a * b) % p,
  },
  'x3+xy2+y': {
    formula: 'a³ + a·b² + b',
    commutative: false,
    compute: (a, b, p) => (a * a * a + a * b * b + b) % p,
  },
  'parity-branch': {
    formula: 'a / b if b is odd, a − b if b is even',
    commutative: false,
    field: true,
    compute: (a, b, p) => (b % 2 === 1 ? (a * invert(b, p)) % p : (a - b + p) % p),
  },
  random: {
    formula: 'a random answer for every pair',
    commutative: false,
    // One fixed table whatever the seed of a run, which chooses the split: nothing to understand, only to memorise.
    compute: (a, b, p) => multiplyHigh(philox(0, 0, a, b, streams.data, 2)[0], p),
  },
  s5: {
    formula: 'a ∘ b in S₅',
    commutative: false,
    permutations: true,
    compute: (a, b) => composeS5(a, b),
  },
  's5-conjugate': {
    formula: 'a ∘ b ∘ a⁻¹ in S₅',
    commutative: false,
    permutations: true,
    compute: (a, b) => composeS5(composeS5(a, b), invertS5(a)),
  },
  's5-sandwich': {
    formula: 'a ∘ b ∘ a in S₅',
    commutative: false,
    permutations: true,
    compute: (a, b) => composeS5(composeS5(a, b), a),
  },
} as const satisfies Record<string, Operation>;

export type OperationName = keyof typeof operations;
export const operationNames = /* @__PURE__ */ Object.keys(operations) as OperationName[];
export { S5_ORDER };

export function isPrime(n: number): boolean {
  if (n < 2) return false;
  for (let divisor = 2; divisor * divisor <= n; divisor++) if (n % divisor === 0) return false;
  return true;
}
