/** What the tuner chooses from: kernels that add up the same products in the same order. */
import { expect, it } from 'vitest';
import { chooseProduct, type Choice, type Product } from '../../src/ops/matmul/choose';
import { launchProduct } from '../../src/ops/matmul/launch';
import { beginPhase } from '../../src/plan/phase';
import type { Traits } from '../../src/plan/types';
import { describeChoice, equalCandidates } from '../../src/tune/candidates';
import { withProducts } from '../../src/tune/force';
import { fastestOf, makeProduct } from '../../src/tune/measure';

const traits = (barriers: boolean, subgroup?: number): Traits => ({
  barriers,
  subgroup,
  maxWorkgroupsPerDimension: 65535,
  maxInvocations: 256,
  maxWorkgroupBytes: 16384,
  maxStorageBuffers: 8,
  maxBufferBytes: 2 ** 28,
});

const product = (m: number, n: number, k: number, more: Partial<Product> = {}): Product => {
  return { m, n, k, count: 1, layout: 'rows-rows', alongK: [true, false], ...more };
};

const addsInFours = (
  body: Choice['body'],
  overrides: Readonly<Record<string, number>> = {},
): boolean => body === 'registers' || body === 'quads' || overrides['FOURS'] === 1;

it.each([
  [true, undefined],
  [true, 32],
  [false, undefined],
  [false, 4],
])(
  'have the sums of the rule, which comes first; barriers %s, subgroups of %s',
  (barriers, subgroup) => {
    for (const [m, n, k] of [
      [3830, 512, 128],
      [128, 512, 3830],
      [5, 7, 2048],
      [4096, 4096, 4096],
    ]) {
      const own = traits(barriers, subgroup);
      const choices = equalCandidates({ m, n, k, count: 1 }, own);
      const [rule] = choices;
      expect(rule).toEqual(chooseProduct(product(m, n, k), own));
      expect(choices.length).toBeGreaterThan(2);
      expect(new Set(choices.map(describeChoice)).size).toBe(choices.length);
      for (const { body, splits, chunk, own: kernels } of choices) {
        expect([splits, chunk]).toEqual([rule.splits, rule.chunk]);
        expect(addsInFours(body, kernels?.overrides)).toBe(addsInFours(rule.body));
      }
    }
  },
);

it.each<Product>([
  product(12, 20, 8),
  product(13, 21, 9),
  product(1, 8, 8),
  product(9, 13, 17, { count: 3 }),
  product(12, 20, 8, { layout: 'columns-rows', alongK: [false, false] }),
  product(13, 21, 9, { layout: 'rows-columns', alongK: [true, true], count: 2 }),
  product(12, 20, 8, { layout: 'any', alongK: [false, true] }),
  product(12, 20, 8, { layout: 'any', alongK: [true, false] }),
])('are measured on operands that lie as the product’s do: %o', (asked) => {
  const found: Product[] = [];
  const recording = withProducts(traits(true), (one) => {
    found.push(one);
    return null;
  });
  const { a, b, c } = makeProduct(asked);
  launchProduct(beginPhase('test', recording, 1), 'test', a, b, c, asked.count);
  expect(found).toEqual([asked]);
});

it('a choice must be clearly faster than the rule’s', () => {
  const best = (...seconds: number[]) => new Map(seconds.map((one, k) => [k, one]));
  expect(fastestOf(best(1, 0.97, 2))).toBe(0);
  expect(fastestOf(best(1, 0.9, 0.7))).toBe(2);
  expect(
    fastestOf(
      new Map([
        [0, 1],
        [3, 0.5],
      ]),
    ),
  ).toBe(3);
});
