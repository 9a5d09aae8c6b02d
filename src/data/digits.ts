/**
 * Handwritten-like digits, generated: skeletons of the project's own (digit-skeletons.ts), shaken, bent and drawn with a pen. They stand in
 * for MNIST where a data set has to ship with the code; like the code they are under its licence, MIT.
 */
import { BadConfig } from '../gpu/errors';
import { createRandom } from '../random/random';
import { streams } from '../random/streams';
import { drawDigit } from './digit-pen';
import { skeletons } from './digit-skeletons';

export const DIGIT_SIDES = [14, 28] as const;
/** The sets of one seed. They share no digit, and the size of one says nothing about another. */
export const DIGIT_SETS = ['train', 'validation', 'test'] as const;
/** 188 MB at 28 × 28. */
export const MOST_DIGITS = 60_000;

const CLASSES = 10;
/** Lane of the Philox key for the order of the classes; a set's digits have its number in `DIGIT_SETS`. */
const ORDER_LANE = 16;

export interface DigitsOptions {
  readonly count: number;
  readonly set: (typeof DIGIT_SETS)[number];
  /** Pixels of a row. */
  readonly side: (typeof DIGIT_SIDES)[number];
  /** 0: the skeletons themselves; 1: a LeNet-300-100 gets a few of a hundred wrong; 2: people do. */
  readonly difficulty: number;
  readonly seed: number;
}

export interface Digits {
  /** [count, side²], row by row, 0 for paper to 1 for ink. */
  readonly images: Float32Array;
  /** [count]. */
  readonly labels: Uint32Array;
}

/**
 * Digit i depends on seed, set, side, difficulty and i alone, so that a set is the beginning of every larger one. Each ten in a row are the ten
 * classes in random order. Throws `BadConfig` naming the field.
 */
export function drawDigits(options: DigitsOptions): Digits {
  checkOptions(options);
  const { count, set, side, difficulty, seed } = options;
  const lane = DIGIT_SETS.indexOf(set);
  const images = new Float32Array(count * side * side);
  const labels = new Uint32Array(count);
  let order: Uint32Array = new Uint32Array(0);
  for (let i = 0; i < count; i++) {
    if (i % CLASSES === 0)
      order = createRandom(seed, ORDER_LANE + lane, streams.data, i / CLASSES).shuffle(CLASSES);
    const label = order[i % CLASSES];
    const random = createRandom(seed, lane, streams.data, i);
    const ways = skeletons[label];
    const way = ways[random.below(ways.length)];
    drawDigit(way, { side, difficulty, random }, images, i * side * side);
    labels[i] = label;
  }
  return { images, labels };
}

function checkOptions({ count, set, side, difficulty, seed }: DigitsOptions): void {
  const refuse = (path: string, asked: unknown, limit: string, remedy: string): never => {
    throw new BadConfig(path, { asked: `got ${String(asked)}`, limit, remedy });
  };
  if (!Number.isInteger(count) || count < 1 || count > MOST_DIGITS)
    refuse('count', count, `must be a whole number from 1 to ${MOST_DIGITS}`, 'Choose one');
  if (!DIGIT_SETS.includes(set))
    refuse('set', set, `the sets are ${DIGIT_SETS.join(', ')}`, 'Name one of them');
  if (!DIGIT_SIDES.includes(side))
    refuse('side', side, `digits are drawn on ${DIGIT_SIDES.join(' or ')} pixels`, 'Choose one');
  if (!(difficulty >= 0 && difficulty <= 2))
    refuse('difficulty', difficulty, 'must be from 0 to 2', 'Take 1, the usual');
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff)
    refuse('seed', seed, 'must be a whole number from 0 to 4294967295', 'Choose one');
}
