import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { multiplyHigh, philox, uniform01 } from '../../src/random/philox';

const hex = (words: Uint32Array) => Array.from(words, (word) => word.toString(16).padStart(8, '0'));

describe('Philox4x32-10', () => {
  // Random123's kat_vectors: all zeros, all ones, digits of pi.
  test.each([
    [
      [0, 0],
      [0, 0, 0, 0],
      ['6627e8d5', 'e169c58d', 'bc57ac4c', '9b00dbd8'],
    ],
    [
      [0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      ['408f276d', '41c83b0e', 'a20bc7c6', '6d5451fd'],
    ],
    [
      [0xa4093822, 0x299f31d0],
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      ['d16cfe09', '94fdcceb', '5001e420', '24126ea1'],
    ],
  ])('known answer for key %j and counter %j', ([k0, k1], [c0, c1, c2, c3], expected) => {
    expect(hex(philox(k0, k1, c0, c1, c2, c3))).toEqual(expected);
  });

  test('the high product agrees with BigInt', () => {
    const word = fc.integer({ min: 0, max: 0xffffffff });
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(multiplyHigh(a, b)).toBe(Number((BigInt(a) * BigInt(b)) >> 32n));
      }),
      { examples: [[0xffffffff, 0xffffffff]] },
    );
  });

  test('each counter word, each key word and each of their bits matters', () => {
    const base = [7, 1, 100, 5, 2, 0] as const;
    const seen = new Set([hex(philox(...base)).join('')]);
    for (let at = 0; at < 6; at++) {
      for (let bit = 0; bit < 32; bit++) {
        const changed = [...base] as [number, number, number, number, number, number];
        changed[at] = (changed[at] ^ (1 << bit)) >>> 0;
        seen.add(hex(philox(...changed)).join(''));
      }
    }
    expect(seen.size).toBe(1 + 6 * 32);
  });

  test('writes into the array it is given', () => {
    const out = new Uint32Array(4);
    expect(philox(1, 2, 3, 4, 5, 6, out)).toBe(out);
  });
});

describe('uniform01', () => {
  test('stays inside (0, 1) at both ends, symmetric about a half', () => {
    expect(uniform01(0)).toBe(2 ** -24);
    expect(uniform01(0xffffffff)).toBe(1 - 2 ** -24);
  });

  test('is exact in float32', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffffff }), (word) => {
        expect(Math.fround(uniform01(word))).toBe(uniform01(word));
      }),
      { examples: [[0x80000000], [0x7fffffff], [0xfffffe00]] },
    );
  });
});
