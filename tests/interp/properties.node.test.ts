/** What measures must not depend on, what they follow, and closed forms of single tables. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BadConfig, ShapeMismatch } from '../../src/gpu/errors';
import { measureTables, type PlainSubject } from '../../src/interp/reference';
import type { MeasureValues } from '../../src/interp/types';
import { createRandom } from '../../src/random/random';
import { streams } from '../../src/random/streams';
import { expectSame, evaluateMeasures } from './compare';
import { measureTraced, randomTables, traceTables } from './tables';

const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const moduli = fc.constantFrom(5, 7, 9);
const RUNS = { numRuns: 12 };

function expectClose(actual: MeasureValues, expected: MeasureValues, but: readonly string[] = []) {
  const compare = (name: string, x: number, y: number): void =>
    expect(Math.abs(x - y), `${name}: ${x}, not ${y}`).toBeLessThan(
      1e-9 * Math.max(1, Math.abs(y)),
    );
  for (const [name, value] of Object.entries(expected.scalars))
    if (!but.includes(name)) compare(name, actual.scalars[name], value);
  for (const [name, values] of Object.entries(expected.views))
    if (!but.includes(name))
      values.forEach((value, i) => compare(name, actual.views[name][i], value));
}

const names = ({ scalars, views }: MeasureValues, keep: RegExp): string[] =>
  [...Object.keys(scalars), ...Object.keys(views)].filter((name) => !keep.test(name));

describe('tables of any numbers', () => {
  it('measure the same traced and by the twin', () =>
    fc.assert(
      fc.asyncProperty(
        fc.record({
          seed: seeds,
          p: fc.constantFrom(5, 7, 9, 11),
          beyond: fc.integer({ min: 0, max: 2 }),
          hidden: fc.integer({ min: 1, max: 6 }),
          heads: fc.integer({ min: 0, max: 2 }),
          pinned: fc.option(fc.uniqueArray(fc.constantFrom(1, 2), { minLength: 1 })),
        }),
        async ({ seed, p, beyond, hidden, heads, pinned }) => {
          const plain = randomTables(seed, { p, classes: p + beyond, hidden, heads });
          const options = { keys: pinned, seed: 0 };
          const { measures, data } = traceTables(plain, options);
          expectSame(
            measures,
            await evaluateMeasures(measures, data),
            measureTables(plain, options),
          );
        },
      ),
      RUNS,
    ));

  it('do not depend on the order of neurons, but for the list of them', () =>
    fc.assert(
      fc.asyncProperty(seeds, moduli, async (seed, p) => {
        const plain = randomTables(seed, { p, hidden: 6 });
        const order = [...createRandom(seed, 1, streams.probe).shuffle(6)];
        const columns = (x: ArrayLike<number>): Float64Array =>
          Float64Array.from(x, (_, i) => x[i - (i % 6) + order[i % 6]]);
        const moved: PlainSubject = {
          ...plain,
          neurons: columns(plain.neurons),
          readout: columns(plain.readout),
          input: Float64Array.from(
            plain.input!,
            (_, i) => plain.input![order[Math.floor(i / p)] * p + (i % p)],
          ),
        };
        const [before, after] = [await measureTraced(plain), await measureTraced(moved)];
        expectClose(after, before, ['neurons']);
        order.forEach((from, to) => {
          expect(after.views['neurons'][to]).toBe(before.views['neurons'][from]);
          expect(after.views['neurons'][6 + to]).toBeCloseTo(before.views['neurons'][6 + from], 12);
        });
      }),
      RUNS,
    ));

  it('scale with the logits where they are coefficients, and not where they are shares', () =>
    fc.assert(
      fc.asyncProperty(
        seeds,
        moduli,
        fc.double({ min: 0.1, max: 10, noNaN: true }),
        async (seed, p, by) => {
          const plain = randomTables(seed, { p });
          const scaled = { ...plain, logits: Float64Array.from(plain.logits, (x) => by * x) };
          const [before, after] = [await measureTraced(plain), await measureTraced(scaled)];
          const shares =
            /^(logit_fve|logit_cosines|key_|distance_|restricted_accuracy|gini|entropy|neurons|readout)/;
          expectClose(after, before, names(before, shares));
          before.views['logit_coefficients'].forEach((weight, k) =>
            expect(after.views['logit_coefficients'][k]).toBeCloseTo(by * weight, 9),
          );
        },
      ),
      RUNS,
    ));

  it('know nothing of what a pair adds to all its logits alike', () =>
    fc.assert(
      fc.asyncProperty(seeds, moduli, async (seed, p) => {
        const plain = randomTables(seed, { p });
        const random = createRandom(seed, 1, streams.probe);
        const shift = Array.from({ length: p * p }, () => 3 * random.normal());
        const logits = Float64Array.from(plain.logits, (x, i) => x + shift[Math.floor(i / p)]);
        const [before, after] = [
          await measureTraced(plain),
          await measureTraced({ ...plain, logits }),
        ];
        expectClose(
          after,
          before,
          names(before, /loss|excluded|ablation|accuracy|coefficients|key_/),
        );
      }),
      RUNS,
    ));

  it('do not depend on which operand is called a', () =>
    fc.assert(
      fc.asyncProperty(seeds, moduli, async (seed, p) => {
        const plain = randomTables(seed, { p, heads: 1 });
        const turn = (row: number): number => (row % p) * p + Math.floor(row / p);
        const rows = (x: ArrayLike<number>): Float64Array => {
          const columns = x.length / (p * p);
          return Float64Array.from(
            x,
            (_, i) => x[turn(Math.floor(i / columns)) * columns + (i % columns)],
          );
        };
        const turned: PlainSubject = {
          ...plain,
          logits: rows(plain.logits),
          neurons: rows(plain.neurons),
          attention: rows(plain.attention!),
          train: Array.from(plain.train, turn),
          test: Array.from(plain.test, turn),
        };
        expectClose(await measureTraced(turned), await measureTraced(plain));
      }),
      RUNS,
    ));

  it('take pinned frequencies whatever their order, all of them for every one, the found ones for the rule', () =>
    fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const plain = randomTables(seed, { p: 11 });
        const pinned = (keys: number[] | null) => measureTraced(plain, { keys, seed: 0 });
        expect(await pinned([4, 1, 4])).toEqual(await pinned([1, 4]));
        const all = await pinned([1, 2, 3, 4, 5]);
        expect(all.scalars['key_count']).toBe(5);
        expect(all.scalars['excluded_loss']).toBeCloseTo(all.scalars['excluded_loss_all'], 10);
        const found = await pinned(null);
        const keys = [...found.views['key_frequencies']].flatMap((on, k) => (on ? [k + 1] : []));
        const weights = found.views['logit_coefficients'];
        const meanSquare = weights.reduce((sum, x) => sum + x ** 2, 0) / 5;
        weights.forEach((weight, k) =>
          expect(keys.includes(k + 1)).toBe(weight > 0 && weight ** 2 >= meanSquare / 2),
        );
        if (keys.length > 0) expectClose(await pinned(keys), found);
      }),
      RUNS,
    ));
});

describe('single tables', () => {
  const p = 11;
  const plain = randomTables(4, { p, hidden: 3, heads: 2 });
  const w = (k: number): number => (2 * Math.PI * k) / p;
  const table = (columns: number, f: (a: number, b: number, c: number) => number): Float64Array =>
    Float64Array.from({ length: p * p * columns }, (_, i) => {
      const row = Math.floor(i / columns);
      return f(Math.floor(row / p), row % p, i % columns);
    });
  const measured = async (change: Partial<PlainSubject>): Promise<MeasureValues[]> => {
    const subject = { ...plain, ...change };
    return [await measureTraced(subject), measureTables(subject, { keys: null, seed: 0 })];
  };

  it('products of waves of one frequency are neurons that it explains in full', async () => {
    const of = [2, 5, 3];
    const neurons = table(3, (a, b, n) => Math.cos(w(of[n]) * a + n) * Math.sin(w(of[n]) * b) + 4);
    for (const { scalars, views } of await measured({ neurons })) {
      expect(scalars['explained_neurons']).toBe(1);
      expect([...views['neurons'].subarray(0, 3)]).toEqual(of);
      for (const fraction of views['neurons'].subarray(3)) expect(fraction).toBeCloseTo(1, 10);
    }
  });

  it('silent neurons are of no frequency and spoil nothing', async () => {
    for (const { scalars, views } of await measured({ neurons: table(3, () => 0) })) {
      expect([...views['neurons']]).toEqual([1, 1, 1, 0, 0, 0]);
      expect(scalars['explained_neurons']).toBe(0);
      for (const value of Object.values(scalars)) expect(value).not.toBeNaN();
    }
  });

  it('right logits of the difference alone have distance irrelevance 0, of the sum alone 1', async () => {
    const ofDifference = table(
      p,
      (a, b, c) => Number((a + b) % p === c) * Math.cos(w(3) * (a - b)),
    );
    for (const { scalars } of await measured({ logits: ofDifference }))
      expect(scalars['distance_irrelevance']).toBeCloseTo(0, 7);
    const ofSum = table(p, (a, b, c) => Number((a + b) % p === c) * c ** 2);
    for (const { scalars } of await measured({ logits: ofSum }))
      expect(scalars['distance_irrelevance']).toBeCloseTo(1, 10);
  });

  it('attention is periodic by the linear share of its variance', async () => {
    // Variances 0.3²/2 and 0.1²/2 linear at frequency 2, 0.2²/4 in a product; the other head is linear at 4.
    const maps = [
      table(
        1,
        (a, b) =>
          0.5 +
          0.3 * Math.cos(w(2) * a) +
          0.1 * Math.sin(w(2) * b) +
          0.2 * Math.cos(w(2) * a) * Math.cos(w(2) * b),
      ),
      table(1, (a) => 0.5 + 0.2 * Math.sin(w(4) * a)),
    ];
    const attention = Float64Array.from(maps.flatMap((map) => [...map]));
    const linear = 0.05 / (0.05 + 0.01);
    for (const { scalars, views } of await measured({ attention })) {
      expect(views['attention_spectrum'][1]).toBeCloseTo(linear, 10);
      expect(views['attention_spectrum'][5 + 3]).toBeCloseTo(1, 10);
      expect(scalars['attention_periodicity']).toBeCloseTo((linear + 1) / 2, 10);
    }
  });

  it('equal weights at all frequencies have the largest entropy, ln K', async () => {
    // A single one among zeros has √(2/p) at every frequency.
    const readout = Float64Array.from({ length: p * 3 }, (_, i) => Number(i < 3));
    for (const { scalars } of await measured({ readout })) {
      expect(scalars['entropy_out']).toBeCloseTo(Math.log(5), 10);
      expect(scalars['entropy_out_code']).toBeCloseTo(Math.log(4), 10);
    }
  });
});

describe('what cannot be measured', () => {
  const options = { keys: null, seed: 0 };
  it('is refused by name', () => {
    const plain = randomTables(1, { p: 7, heads: 1 });
    const trace =
      (change: object, given: object = {}) =>
      () =>
        traceTables({ ...plain, ...change }, { ...options, ...given });
    expect(() => traceTables(randomTables(1, { p: 8 }), options)).toThrow(BadConfig);
    expect(() => traceTables(randomTables(1, { p: 3 }), options)).toThrow(
      /got 3: .*odd modulus of at least 5/,
    );
    for (const key of [0, 4, 1.5])
      expect(trace({}, { keys: [1, key] })).toThrow(`got ${key}: frequencies of p = 7 are 1 to 3`);
    expect(trace({ neurons: new Float64Array(49 * 4) })).toThrow(ShapeMismatch);
    expect(trace({ neurons: new Float64Array(49 * 4) })).toThrow(/^neurons: .*; give/);
    expect(trace({ input: new Float64Array(7 * 4) })).toThrow(/^input: /);
    expect(
      trace({ classes: 6, readout: new Float64Array(30), logits: new Float64Array(49 * 6) }),
    ).toThrow(/^logits: /);
  });
});
