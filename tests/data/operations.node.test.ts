import { describe, expect, test } from 'vitest';
import { isPrime, operations } from '../../src/data/operations';
import { S5_ORDER, composeS5, invertS5, s5Elements } from '../../src/data/permutations';

const big = (value: bigint, p: number) => Number(((value % BigInt(p)) + BigInt(p)) % BigInt(p));

/** Definitions in exact integers; division by search for the c with c·b = a. */
const definitions: Record<string, (a: bigint, b: bigint, p: number) => number> = {
  add: (a, b, p) => big(a + b, p),
  subtract: (a, b, p) => big(a - b, p),
  multiply: (a, b, p) => big(a * b, p),
  divide: (a, b, p) => quotient(a, b, p),
  'sum-of-squares': (a, b, p) => big(a ** 2n + b ** 2n, p),
  'sum-and-product': (a, b, p) => big((a + 1n) * (b + 1n) - 1n, p),
  'x2+xy+y2': (a, b, p) => big(a ** 2n + a * b + b ** 2n, p),
  'x2+xy+y2+x': (a, b, p) => big(a ** 2n + a * b + b ** 2n + a, p),
  'x3+xy': (a, b, p) => big(a ** 3n + a * b, p),
  'x3+xy2+y': (a, b, p) => big(a ** 3n + a * b ** 2n + b, p),
  'parity-branch': (a, b, p) => (b % 2n === 1n ? quotient(a, b, p) : big(a - b, p)),
};

function quotient(a: bigint, b: bigint, p: number): number {
  for (let c = 0; c < p; c++) if (big(BigInt(c) * b, p) === Number(a)) return c;
  throw new Error(`${a} / ${b} has no result modulo ${p}`);
}

test('random is one fixed table whose answers are spread evenly', () => {
  const { compute } = operations.random;
  const p = 53;
  const counts = new Array<number>(p).fill(0);
  for (let a = 0; a < p; a++) for (let b = 0; b < p; b++) counts[compute(a, b, p)]++;
  const chiSquare = counts.reduce((sum, count) => sum + (count - p) ** 2 / p, 0);
  // p − 1 degrees of freedom: mean 52, standard deviation 10.2.
  expect(chiSquare).toBeGreaterThan(52 - 41);
  expect(chiSquare).toBeLessThan(52 + 41);
  expect(compute(3, 5, p)).toBe(compute(3, 5, p));
});

describe('operations modulo p', () => {
  const names = Object.keys(operations).filter(
    (name) => !name.startsWith('s5') && name !== 'random',
  );

  test.each(names)('%s equals its definition', (name) => {
    const operation = operations[name as keyof typeof operations];
    const skipsZero = name === 'divide';
    for (const p of [2, 3, 7, 31]) {
      for (let a = 0; a < p; a++) {
        for (let b = skipsZero ? 1 : 0; b < p; b++) {
          const expected = definitions[name](BigInt(a), BigInt(b), p);
          expect(operation.compute(a, b, p)).toBe(expected);
        }
      }
    }
  });

  test.each(names)('%s stays exact at the largest modulus', (name) => {
    const operation = operations[name as keyof typeof operations];
    const p = 1021;
    for (const [a, b] of [
      [1020, 1020],
      [1020, 1019],
      [511, 1020],
      [0, 1],
    ]) {
      // prettier-ignore
      const expected = definitions[name](BigInt(a), BigInt(b), p);
      expect(operation.compute(a, b, p)).toBe(expected);
    }
  });

  test.each(Object.keys(operations))('%s is marked commutative if and only if it is', (name) => {
    const operation = operations[name as keyof typeof operations];
    const p = name.startsWith('s5') ? 120 : 13;
    let symmetric = true;
    for (let a = 1; a < p; a++) {
      for (let b = 1; b < a; b++) {
        symmetric &&= operation.compute(a, b, p) === operation.compute(b, a, p);
      }
    }
    expect(operation.commutative).toBe(symmetric);
  });

  test('primes', () => {
    const primes = Array.from({ length: 32 }, (_, n) => n).filter(isPrime);
    expect(primes).toEqual([2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31]);
  });
});

describe('S5', () => {
  const elements = Array.from({ length: S5_ORDER }, (_, i) => i);

  test('has 120 distinct elements, the first the identity', () => {
    expect(new Set(s5Elements.map((element) => element.join(''))).size).toBe(120);
    expect(s5Elements[0]).toEqual([0, 1, 2, 3, 4]);
  });

  test('composition is "first b, then a"', () => {
    for (const a of elements) {
      for (const b of elements) {
        const composed = s5Elements[operations.s5.compute(a, b)];
        expect(composed).toEqual([0, 1, 2, 3, 4].map((i) => s5Elements[a][s5Elements[b][i]]));
      }
    }
  });

  test('identity and inverses', () => {
    for (const a of elements) {
      expect([composeS5(a, 0), composeS5(0, a)]).toEqual([a, a]);
      expect([composeS5(a, invertS5(a)), composeS5(invertS5(a), a)]).toEqual([0, 0]);
    }
  });

  test('associative on a sample of 20,000 triples', () => {
    for (let i = 0; i < 20_000; i++) {
      const [a, b, c] = [i % 120, (i * 7 + 3) % 120, (i * 31 + Math.floor(i / 120)) % 120];
      expect(composeS5(composeS5(a, b), c)).toBe(composeS5(a, composeS5(b, c)));
    }
  });

  test('is not abelian, and every row and column is a permutation', () => {
    expect(elements.some((a) => composeS5(a, 1) !== composeS5(1, a))).toBe(true);
    for (const a of elements) {
      expect(new Set(elements.map((b) => composeS5(a, b))).size).toBe(120);
      expect(new Set(elements.map((b) => composeS5(b, a))).size).toBe(120);
    }
  });

  test('conjugation keeps the cycle type; x y x is x ∘ y ∘ x', () => {
    const fixedPoints = (x: number) => s5Elements[x].filter((image, i) => image === i).length;
    for (const a of elements) {
      for (const b of elements) {
        const conjugate = operations['s5-conjugate'].compute(a, b);
        expect(fixedPoints(conjugate)).toBe(fixedPoints(b));
        expect(composeS5(conjugate, a)).toBe(composeS5(a, b));
        expect(operations['s5-sandwich'].compute(a, b)).toBe(composeS5(a, composeS5(b, a)));
      }
    }
  });
});
