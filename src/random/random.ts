/**
 * Random sequences on the host, for data, initial values and mini-batches. Everything is a function of (seed,
 * replica, stream, substream) and a position: nothing is shared, nothing needs saving beyond those numbers.
 */
import { BadConfig } from '../gpu/errors';
import { normals } from './normal';
import { multiplyHigh, philox, uniform01 } from './philox';
import type { Stream } from './streams';

/** Last counter word of a host sequence; 0 is taken by numbers addressed by element (philox.ts). */
const SEQUENCE = 1;

export interface Random {
  /** A u32. */
  nextWord(): number;
  /** Uniform in (0, 1), exact in float32. */
  uniform(): number;
  /** Standard normal, a float32 value. */
  normal(): number;
  /** Unbiased integer in [0, bound); bound from 1 to 2^32 − 1. */
  below(bound: number): number;
  /** A uniformly random order of 0 … n − 1. */
  shuffle(n: number): Uint32Array;
}

function requireWord(path: string, value: number): void {
  if (!Number.isInteger(value) || value < 0 || value > 0xffffffff) {
    throw new BadConfig(path, {
      asked: `got ${value}`,
      limit: 'must be a whole number from 0 to 4294967295',
      remedy: 'Choose one in that range',
    });
  }
}

/**
 * A sequence of its own for each (seed, replica, stream, substream); the substream may be an epoch or a step.
 * Its counter is (position, substream, stream, 1): 2^34 words before it repeats. Throws BadConfig for numbers
 * that are not u32.
 */
export function createRandom(seed: number, replica: number, stream: Stream, substream = 0): Random {
  requireWord('seed', seed);
  requireWord('replica', replica);
  requireWord('substream', substream);
  const words = new Uint32Array(4);
  const deviates = new Float32Array(4);
  let position = 0;
  let used = 4;
  let deviatesUsed = 4;

  function fillWords(): void {
    philox(seed, replica, position, substream, stream, SEQUENCE, words);
    position = (position + 1) >>> 0;
    used = 0;
  }

  function nextWord(): number {
    if (used === 4) fillWords();
    return words[used++];
  }

  function normal(): number {
    if (deviatesUsed === 4) {
      fillWords();
      normals(words, deviates);
      used = 4;
      deviatesUsed = 0;
    }
    return deviates[deviatesUsed++];
  }

  /** Multiply-shift with rejection: D. Lemire, "Fast random integer generation in an interval" (2019). */
  function below(bound: number): number {
    const reject = (2 ** 32 - bound) % bound;
    for (;;) {
      const word = nextWord();
      if (Math.imul(word, bound) >>> 0 >= reject) return multiplyHigh(word, bound);
    }
  }

  /** Fisher and Yates, from the end. */
  function shuffle(n: number): Uint32Array {
    const order = Uint32Array.from({ length: n }, (_, i) => i);
    for (let last = n - 1; last > 0; last--) {
      const other = below(last + 1);
      const kept = order[last];
      order[last] = order[other];
      order[other] = kept;
    }
    return order;
  }

  return { nextWord, uniform: () => uniform01(nextWord()), normal, below, shuffle };
}

/**
 * `n` normals of standard deviation `std`, addressed by element as on the device: element i is lane i mod 4 of
 * counter (step, block0 + ⌊i / 4⌋, stream, 0). Pass the running block count as `block0` (⌈n / 4⌉ blocks are used)
 * so that the tensors of one network never share numbers.
 */
export function fillNormal(
  n: number,
  seed: number,
  replica: number,
  stream: Stream,
  block0 = 0,
  std = 1,
  step = 0,
): Float32Array {
  requireWord('seed', seed);
  requireWord('replica', replica);
  const words = new Uint32Array(4);
  const padded = new Float32Array(Math.ceil(n / 4) * 4);
  for (let at = 0, block = block0; at < padded.length; at += 4, block++) {
    normals(philox(seed, replica, step, block, stream, 0, words), padded, at);
  }
  const values = padded.subarray(0, n);
  if (std !== 1) for (let i = 0; i < n; i++) values[i] *= std;
  return values.slice();
}
