import { describe, expect, it } from 'vitest';
import { concludeCrossing } from '../../benches/crossover';
import { findCliffs, findCrossing, fitExponent } from '../../benches/fit';
import { concludeScaling } from '../../benches/scaling';

const sweep = (xs: readonly number[], cost: (x: number) => number, work = (x: number) => x) =>
  xs.map((x) => ({ x, seconds: cost(x), work: work(x) }));
const row = (contender: string, median: number, flops?: number) => ({
  contender,
  seconds: { lower: median, median, upper: median },
  flops,
});

describe('the exponent of cost', () => {
  it('is that of the large half, whatever launches cost in the small one', () => {
    const points = sweep([1, 2, 4, 8, 16, 32], (x) => (x < 8 ? 1 : x ** 2));
    expect(fitExponent(points, 'x')).toBeCloseTo(2, 9);
  });

  it('is 1 over the work where cost grows as the work, and does not mind the order', () => {
    const points = sweep(
      [64, 16, 32, 128],
      (x) => 3 * x ** 2,
      (x) => 5 * x ** 2,
    );
    expect(fitExponent(points, 'work')).toBeCloseTo(1, 9);
    expect(fitExponent(points, 'x')).toBeCloseTo(2, 9);
  });

  it('is least squares where points scatter', () => {
    const points = sweep([1, 2, 4, 8], (x) => x * (x === 4 ? 2 : 1));
    // log₂ of cost at x = 4 and 8: 3 and 3.
    expect(fitExponent(points, 'x')).toBeCloseTo(0, 9);
  });

  it('wants two points', () => {
    expect(
      fitExponent(
        sweep([1], () => 1),
        'x',
      ),
    ).toBeUndefined();
    expect(fitExponent([], 'x')).toBeUndefined();
  });
});

describe('cliffs', () => {
  it('are doublings that cost more than 2.5 times', () => {
    const points = sweep([1, 2, 4, 8], (x) => ({ 1: 1, 2: 2.4, 4: 6.1, 8: 12 })[x]!);
    expect(findCliffs(points)).toMatchObject([{ from: 2, to: 4, allowed: 2.5 }]);
    expect(findCliffs(points)[0].cost).toBeCloseTo(6.1 / 2.4, 9);
  });

  it('count doublings of the work, so that four times the width squared may cost more', () => {
    const square = (x: number): number => x ** 2;
    expect(findCliffs(sweep([1, 2], (x) => 6 ** Math.log2(x), square))).toEqual([]);
    expect(findCliffs(sweep([1, 2], (x) => 6.5 ** Math.log2(x), square))).toHaveLength(1);
    expect(findCliffs(sweep([1, 4], (x) => 6.5 ** Math.log2(x)))).toHaveLength(1);
  });
});

describe('the crossing', () => {
  it('is interpolated in logarithms', () => {
    const races = [
      { x: 4, late: 4, early: 1 },
      { x: 64, late: 1, early: 4 },
    ];
    const crossing = findCrossing(races);
    expect(crossing).toMatchObject({ kind: 'at' });
    expect(crossing!.x).toBeCloseTo(16, 9);
  });

  it('is the last one, from which on the lead stays', () => {
    const lead = { 1: 2, 2: 0.5, 4: 0.5, 8: 2 };
    const races = Object.entries(lead).map(([x, early]) => ({ x: Number(x), late: 1, early }));
    expect(findCrossing(races)!.x).toBeCloseTo(4 * Math.SQRT2, 9);
  });

  it('says when there is none', () => {
    expect(findCrossing([{ x: 2, late: 1, early: 2 }])).toEqual({ kind: 'before', x: 2 });
    expect(findCrossing([{ x: 2, late: 2, early: 1 }])).toEqual({ kind: 'never', x: 2 });
    expect(findCrossing([])).toBeNull();
  });
});

describe('sentences', () => {
  it('state the crossing of GPU and plain loop', () => {
    const rows = [
      row('width 4: GPU', 4),
      row('width 4: plain float32 loop', 1),
      row('width 64: GPU', 1),
      row('width 64: plain float32 loop', 4),
      { contender: 'width 128: GPU', error: 'failed' },
    ];
    expect(concludeCrossing(rows, 'width', [4, 64, 128])).toEqual([
      'speed of the GPU over the plain loop: 0.250× at 4, 4.00× at 64',
      'the GPU overtakes the plain loop at width 16',
    ]);
  });

  it('flag a cliff, and say so when there is none', () => {
    const even = [row('width 1', 1, 10), row('width 2', 2, 20), row('width 4', 4, 40)];
    expect(concludeScaling(even, 'width', [1, 2, 4])).toEqual([
      'cost of a step grows as width^1.00 in the larger half, as its arithmetic^1.00',
      'no doubling of the work costs more than 2.5×',
    ]);
    const steep = [row('width 1', 1, 10), row('width 2', 2, 20), row('width 4', 8, 40)];
    expect(concludeScaling(steep, 'width', [1, 2, 4])[1]).toMatch(
      /^CLIFF: from width 2 to 4 cost grows 4\.00×/,
    );
  });
});
