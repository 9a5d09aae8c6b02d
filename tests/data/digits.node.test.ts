/** Drawn digits: the same everywhere, balanced, prefixes of one another, and told apart by their nearest class mean. */
import { describe, expect, test } from 'vitest';
import { drawDigits, MOST_DIGITS, type DigitsOptions } from '../../src/data/digits';
import { skeletons } from '../../src/data/digit-skeletons';
import { BadConfig } from '../../src/gpu/errors';

const base: DigitsOptions = { count: 200, set: 'train', side: 14, difficulty: 1, seed: 0 };

/** FNV-1a over the bits of the floats. */
function hash(values: Float32Array): string {
  let found = 0x811c9dc5;
  for (const byte of new Uint8Array(values.buffer))
    found = Math.imul(found ^ byte, 0x01000193) >>> 0;
  return found.toString(16);
}

function caught(change: object): BadConfig {
  try {
    drawDigits({ ...base, ...change });
  } catch (error) {
    expect(error).toBeInstanceOf(BadConfig);
    return error as BadConfig;
  }
  throw new Error('accepted');
}

/** Share of `of` whose nearest mean of `by`'s classes is their own. */
function nearestMean(by: DigitsOptions, of: DigitsOptions): number {
  const pixels = by.side ** 2;
  const known = drawDigits(by);
  const means = Array.from({ length: 10 }, () => new Float64Array(pixels));
  known.labels.forEach((label, i) => {
    for (let k = 0; k < pixels; k++)
      means[label][k] += known.images[i * pixels + k] / (by.count / 10);
  });
  const asked = drawDigits(of);
  const right = asked.labels.filter((label, i) => {
    const distances = means.map((mean) =>
      mean.reduce((sum, value, k) => sum + (value - asked.images[i * pixels + k]) ** 2, 0),
    );
    return distances.indexOf(Math.min(...distances)) === label;
  });
  return right.length / of.count;
}

describe('drawn digits', () => {
  test('are these bits on every machine', () => {
    expect(hash(drawDigits({ ...base, count: 20 }).images)).toBe('a9889cbb');
    expect(hash(drawDigits({ ...base, count: 20, side: 28, seed: 7 }).images)).toBe('e82f2bb3');
  });

  test.each([14, 28] as const)('are ink from 0 to 1 on %i pixels, away from the edge', (side) => {
    const { images, labels } = drawDigits({ ...base, side });
    expect(images).toHaveLength(200 * side * side);
    expect(images.every((value) => value >= 0 && value <= 1)).toBe(true);
    const clean = drawDigits({ ...base, side, difficulty: 0 }).images;
    const rows = Array.from({ length: 200 }, (_, i) =>
      clean.subarray(i * side * side, (i + 1) * side * side),
    );
    rows.forEach((image, i) => {
      const ink = image.reduce((sum, value) => sum + value, 0) / image.length;
      expect(ink, `digit ${labels[i]}`).toBeGreaterThan(0.03);
      expect(ink).toBeLessThan(0.25);
      expect(Math.max(...image.subarray(0, side), ...image.subarray(-side))).toBe(0);
    });
  });

  test('are of ten classes, each as often in every ten', () => {
    const { labels } = drawDigits({ ...base, count: 95 });
    for (let from = 0; from < 90; from += 10)
      expect([...labels.subarray(from, from + 10)].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(new Set(labels.subarray(90)).size).toBe(5);
    expect([...labels.subarray(0, 10)]).not.toEqual([...labels.subarray(10, 20)]);
  });

  test('of a larger set begin with those of a smaller', () => {
    const [few, many] = [20, 50].map((count) => drawDigits({ ...base, count }));
    expect(many.images.subarray(0, few.images.length)).toEqual(few.images);
    expect(many.labels.subarray(0, 20)).toEqual(few.labels);
  });

  test('of other sets and seeds are others', () => {
    const kinds = [{}, { set: 'validation' }, { set: 'test' }, { seed: 1 }, { difficulty: 0.5 }];
    const hashes = kinds.map((one) =>
      hash(drawDigits({ ...base, ...one } as DigitsOptions).images),
    );
    expect(new Set(hashes).size).toBe(kinds.length);
  });

  test('without difficulty are the skeletons themselves', () => {
    const { images, labels } = drawDigits({ ...base, difficulty: 0 });
    const ways = new Map<number, Set<string>>();
    labels.forEach((label, i) => {
      const seen = ways.get(label) ?? new Set();
      ways.set(label, seen.add(hash(images.slice(i * 196, (i + 1) * 196))));
    });
    for (const [label, seen] of ways) expect(seen.size).toBe(skeletons[label].length);
  });

  test('grow harder with difficulty', () => {
    const shares = [0, 1, 2].map((difficulty) =>
      nearestMean(
        { ...base, count: 400, difficulty },
        { ...base, count: 200, difficulty, set: 'test' },
      ),
    );
    expect(shares[0]).toBeGreaterThan(0.9);
    expect(shares[1]).toBeLessThan(shares[0]);
    expect(shares[1]).toBeGreaterThan(0.6);
    expect(shares[2]).toBeLessThan(shares[1] - 0.1);
    expect(shares[2]).toBeGreaterThan(0.2);
  });
});

describe('what is refused, and the field it names', () => {
  test.each([
    ['count', { count: 0 }],
    ['count', { count: MOST_DIGITS + 1 }],
    ['count', { count: 1.5 }],
    ['set', { set: 'toString' }],
    ['side', { side: 20 }],
    ['difficulty', { difficulty: -0.1 }],
    ['difficulty', { difficulty: 2.01 }],
    ['difficulty', { difficulty: NaN }],
    ['seed', { seed: -1 }],
  ])('%s: %j', (path, change) => {
    const error = caught(change);
    expect(error.path).toBe(path);
    expect(error.message).not.toContain('\n');
  });
});
