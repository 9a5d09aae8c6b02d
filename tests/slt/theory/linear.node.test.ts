/** Linear networks and tanh networks: the published formulas, against tables and against each other. */
import { describe, expect, it } from 'vitest';
import { BadConfig } from '../../../src/gpu/errors';
import { finiteLaw } from '../../../src/slt/theory/coefficient';
import { countWeights, linearNetworkCoefficient } from '../../../src/slt/theory/linear-network';
import { equals, format } from '../../../src/slt/theory/rational';
import { reducedRankCoefficient } from '../../../src/slt/theory/reduced-rank';
import {
  tanhCoefficient,
  tanhQuadrature,
  vandermondeCoefficient,
} from '../../../src/slt/theory/tanh';
import { drawer } from './numeric';

function pathOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(BadConfig);
    expect((error as Error).message).not.toMatch(/\n/);
    return (error as BadConfig).path;
  }
  throw new Error('not refused');
}

describe('reduced-rank regression', () => {
  // (input, hidden, output, rank), λ, m
  const rows: [number[], number, number][] = [
    [[2, 1, 2, 0], 1, 2],
    [[2, 2, 2, 0], 1.5, 1],
    [[2, 2, 2, 1], 2, 2],
    [[2, 2, 2, 2], 2, 1],
    [[3, 2, 3, 0], 2.5, 1],
    [[3, 3, 3, 0], 3.5, 2],
    [[3, 3, 3, 1], 4, 1],
    [[3, 3, 3, 2], 4.5, 2],
    [[5, 3, 5, 0], 6.5, 2],
    [[5, 4, 5, 0], 8, 1],
    [[4, 3, 8, 0], 6, 1],
    [[8, 3, 4, 0], 6, 1],
    [[3, 8, 4, 0], 6, 1],
    [[5, 5, 5, 0], 9.5, 2],
    [[5, 5, 5, 1], 10.5, 1],
    [[5, 5, 5, 2], 11.5, 2],
    [[5, 5, 5, 3], 12, 1],
    [[10, 4, 7, 3], 23, 1],
    [[10, 10, 10, 0], 37.5, 1],
    [[10, 10, 10, 4], 45.5, 1],
    [[8, 16, 8, 2], 32, 1],
  ];
  it.each(rows)('%j: λ %d, m %i', ([input, hidden, output, rank], lambda, multiplicity) => {
    const found = reducedRankCoefficient({ input, hidden, output, rank });
    expect([found.lambda, found.multiplicity]).toEqual([lambda, multiplicity]);
  });

  it('refuses sizes that are none', () => {
    const good = { input: 5, hidden: 3, output: 5, rank: 1 };
    expect(pathOf(() => reducedRankCoefficient({ ...good, input: 0 }))).toBe('input');
    expect(pathOf(() => reducedRankCoefficient({ ...good, hidden: 2.5 }))).toBe('hidden');
    expect(pathOf(() => reducedRankCoefficient({ ...good, output: NaN }))).toBe('output');
    expect(pathOf(() => reducedRankCoefficient({ ...good, rank: 4 }))).toBe('rank');
    expect(pathOf(() => reducedRankCoefficient({ ...good, rank: -1 }))).toBe('rank');
  });
});

describe('deep linear networks', () => {
  const rows: [number[], number, number, number][] = [
    [[2, 2, 2, 2], 0, 1.5, 3],
    [[2, 2, 2, 2], 1, 2, 3],
    [[3, 3, 3, 3], 0, 3, 1],
    [[3, 3, 3, 3], 1, 4, 3],
    [[4, 4, 4, 4, 4], 2, 7.5, 5],
    [[5, 5, 5, 5], 0, 8.5, 3],
    [[5, 6, 7, 8, 9], 0, 13, 3],
    [[5, 10, 10, 5], 2, 12.5, 1],
    [[5, 10, 10, 10, 5], 1, 12.5, 1],
    [[8, 4, 8, 4, 8], 2, 16, 1],
    [[6, 12, 6], 2, 18, 1],
    [[6, 6, 6, 6, 6, 6, 6], 2, 15, 9],
    [[9, 9, 9, 9], 3, 34.5, 1],
    [[10, 10, 10, 10], 0, 33.5, 3],
    [[10, 10, 10, 10], 5, 46, 3],
    [[10, 20, 30, 20, 10], 3, 50, 1],
    [[50, 40, 30, 20, 10], 5, 175, 1],
    [[30, 64, 64, 30], 5, 450, 1],
    [[64, 128, 128, 128, 10], 7, 320, 1],
    [[100, 100, 100, 100, 100], 0, 3125, 1],
    [[100, 100, 100, 100, 100], 10, 3481.5, 5],
    [[455, 395, 125, 350, 277, 261, 297], 28, 20546.5, 3],
  ];
  it.each(rows)('%j of rank %i: λ %d, m %i', (widths, rank, lambda, multiplicity) => {
    const found = linearNetworkCoefficient(widths, rank);
    expect([found.lambda, found.multiplicity]).toEqual([lambda, multiplicity]);
  });

  it('agree with reduced-rank regression on all 1808 networks of three layers up to 8', () => {
    let cases = 0;
    for (let input = 1; input <= 8; input++) {
      for (let hidden = 1; hidden <= 8; hidden++) {
        for (let output = 1; output <= 8; output++) {
          for (let rank = 0; rank <= Math.min(input, hidden, output); rank++) {
            const two = reducedRankCoefficient({ input, hidden, output, rank });
            const deep = linearNetworkCoefficient([input, hidden, output], rank);
            const name = `${input},${hidden},${output} of rank ${rank}`;
            expect(equals(two.exact, deep.exact), name).toBe(true);
            expect(two.multiplicity, name).toBe(deep.multiplicity);
            cases++;
          }
        }
      }
    }
    expect(cases).toBe(1808);
  });

  it('λ is a multiple of ½, at most d/2, and knows no order of layers but which are the ends', () => {
    const draw = drawer(3);
    const whole = (most: number) => 1 + Math.floor(((draw() + 1) / 2) * most);
    for (let round = 0; round < 300; round++) {
      const widths = Array.from({ length: 1 + whole(6) }, () => whole(12));
      const rank = whole(Math.min(...widths) + 1) - 1;
      const { exact, lambda, multiplicity } = linearNetworkCoefficient(widths, rank);
      const name = `${widths} of rank ${rank}`;
      expect(2n % exact.denominator, name).toBe(0n);
      expect(lambda, name).toBeLessThanOrEqual(countWeights(widths) / 2);
      const [first, last] = [widths[0], widths[widths.length - 1]];
      const inner = widths.slice(1, -1);
      const shuffled = [...inner].sort(() => draw());
      for (const other of [
        [last, ...inner, first],
        [first, ...shuffled, last],
        [first, ...inner, 1000, last],
      ]) {
        const found = linearNetworkCoefficient(other, rank);
        expect([format(found.exact), found.multiplicity], `${other}`).toEqual([
          format(exact),
          multiplicity,
        ]);
      }
    }
  });

  it('a network of one layer is regular', () => {
    expect(linearNetworkCoefficient([7, 4], 2)).toMatchObject({ lambda: 14, multiplicity: 1 });
  });

  it('refuse sizes that are none', () => {
    for (const widths of [[], [5], [5, 0, 5], [5, -1], [5, 2.5], [5, NaN], [5, 1e9]]) {
      expect(pathOf(() => linearNetworkCoefficient(widths, 0))).toBe('widths');
    }
    for (const rank of [4, -1, 0.5, NaN]) {
      expect(pathOf(() => linearNetworkCoefficient([5, 3, 5], rank))).toBe('rank');
    }
  });
});

describe('tanh networks', () => {
  it.each([
    [1, '1/2', 2],
    [2, '2/3', 1],
    [3, '5/6', 1],
    [4, '1', 2],
    [6, '6/5', 1],
    [8, '7/5', 1],
    [9, '3/2', 2],
    [10, '11/7', 1],
  ])('H = %i: λ %s, m %i', (hidden, lambda, multiplicity) => {
    const found = tanhCoefficient(hidden);
    expect([format(found.exact), found.multiplicity]).toEqual([lambda, multiplicity]);
  });

  it('follow (H + i² + i)/(4i + 2) with i² ≤ H', () => {
    for (let hidden = 1; hidden <= 400; hidden++) {
      const i = Math.floor(Math.sqrt(hidden));
      const found = tanhCoefficient(hidden);
      expect(found.lambda).toBeCloseTo((hidden + i * i + i) / (4 * i + 2), 12);
      expect(found.multiplicity).toBe(i * i === hidden ? 2 : 1);
    }
  });

  it('the family with Q = 1', () => {
    const found = [1, 2, 3, 4, 5, 6, 7, 8].map((hidden) => vandermondeCoefficient(hidden, 1));
    const expected = ['1/2', '3/4', '1', '7/6', '4/3', '3/2', '13/8', '7/4'];
    expect(found.map(({ exact }) => format(exact))).toEqual(expected);
    expect(found.map(({ multiplicity }) => multiplicity)).toEqual([2, 1, 2, 1, 1, 2, 1, 1]);
  });

  it('refuse sizes that are none', () => {
    for (const hidden of [0, -1, 1.5, NaN, 1e9]) {
      expect(pathOf(() => tanhCoefficient(hidden))).toBe('hidden');
    }
    expect(pathOf(() => vandermondeCoefficient(3, 0))).toBe('step');
  });

  it('inputs are a mean over [−2, 2]', () => {
    const { nodes, weights } = tanhQuadrature();
    const mean = (f: (x: number) => number) => nodes.reduce((s, x, i) => s + weights[i] * f(x), 0);
    expect(mean(() => 1)).toBeCloseTo(1, 14);
    expect(mean((x) => x * x)).toBeCloseTo(4 / 3, 13);
    // E tanh² = 1 − tanh(2)/2
    expect(mean((x) => Math.tanh(x) ** 2)).toBeCloseTo(1 - Math.tanh(2) / 2, 13);
  });
});

it('the finite law', () => {
  expect(finiteLaw(1.5, 1, 100)).toBe(1.5);
  expect(finiteLaw(2, 3, 100)).toBeCloseTo(2 - 2 / Math.log(100), 14);
  expect(finiteLaw(2, 3, 1)).toBeNaN();
});
