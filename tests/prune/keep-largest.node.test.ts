import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layOutParameters, type ParameterLayout } from '../../src/graph/layout';
import { createGraph } from '../../src/graph/node';
import { parameter } from '../../src/ops/source';
import { keepLargest } from '../../src/prune';

/** A layout of vectors, named a, b, c, …; those of other lengths than multiples of four leave padding. */
function layoutOf(sizes: readonly number[]): ParameterLayout {
  const graph = createGraph();
  sizes.forEach((size, k) =>
    parameter(graph, String.fromCharCode(97 + k), [size], { kind: 'zeros' }),
  );
  return layOutParameters(graph);
}

const count = (mask: Float32Array, from = 0, size = mask.length): number =>
  mask.subarray(from, from + size).reduce((sum, bit) => sum + bit, 0);

/** Few values, so that most draws have ties. */
const drawn = fc
  .array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 })
  .chain((sizes) => {
    const layout = layoutOf(sizes);
    const all = { minLength: layout.stride, maxLength: layout.stride };
    return fc.record({
      layout: fc.constant(layout),
      scores: fc.array(fc.integer({ min: -3, max: 3 }), all),
      bits: fc.array(fc.constantFrom(0, 1), all),
      pruned: fc.oneof(fc.constantFrom(0, 0.5, 1), fc.double({ min: 0, max: 1, noNaN: true })),
    });
  });

describe('masks of largest scores', () => {
  it('hold the number asked for, the largest scores first, equal ones by index, padding 0', () => {
    fc.assert(
      fc.property(drawn, ({ layout, scores, bits, pruned }) => {
        for (const within of [undefined, Float32Array.from(bits)]) {
          const mask = keepLargest(scores, layout, {
            pruned,
            scope: 'global',
            ...(within && { within }),
          });
          const open = layout.places
            .flatMap(({ offset, size }) => Array.from({ length: size }, (_, k) => offset + k))
            .filter((k) => !within || within[k] === 1);
          const kept = Math.min(open.length, layout.count - Math.round(pruned * layout.count));
          const best = [...open].sort((a, b) => scores[b] - scores[a] || a - b).slice(0, kept);
          const expected = new Float32Array(layout.stride);
          for (const k of best) expected[k] = 1;
          expect(mask).toEqual(expected);
        }
      }),
    );
  });

  it('hold it in each tensor where layerwise', () => {
    fc.assert(
      fc.property(drawn, ({ layout, scores, pruned }) => {
        const mask = keepLargest(scores, layout, { pruned, scope: 'layerwise' });
        for (const { offset, size } of layout.places) {
          expect(count(mask, offset, size)).toBe(size - Math.round(pruned * size));
        }
      }),
    );
  });

  it('leave exempt tensors as they are and take the share from the others', () => {
    const layout = layoutOf([10, 10]);
    const scores = Float32Array.from({ length: layout.stride }, (_, k) => k);
    const options = { pruned: 0.5, scope: 'global', exempt: ['a'] } as const;
    const mask = keepLargest(scores, layout, options);
    expect([count(mask, 0, 10), count(mask, 12, 10)]).toEqual([10, 5]);
    const within = mask.map((bit, k) => (k < 3 ? 0 : bit));
    const again = keepLargest(scores, layout, { ...options, pruned: 0.7, within });
    expect([count(again, 0, 10), count(again, 12, 10)]).toEqual([7, 3]);
  });

  it('take factors on the rate of a tensor', () => {
    const layout = layoutOf([100, 40]);
    const scores = new Float32Array(layout.stride);
    const mask = keepLargest(scores, layout, {
      pruned: 0.2,
      scope: 'layerwise',
      rates: { b: 0.5 },
    });
    expect([count(mask, 0, 100), count(mask, 100, 40)]).toEqual([80, 36]);
  });

  it('rank a million weights in a moment', () => {
    const layout = layoutOf([1_000_003]);
    const scores = Float32Array.from({ length: layout.stride }, (_, k) => (k * 7919) % 65_537);
    const begun = performance.now();
    const mask = keepLargest(scores, layout, { pruned: 0.9, scope: 'global' });
    expect(performance.now() - begun).toBeLessThan(5000);
    expect(count(mask)).toBe(1_000_003 - Math.round(0.9 * 1_000_003));
  });

  it('refuse what they cannot do, naming it', () => {
    const layout = layoutOf([4, 4]);
    const scores = new Float32Array(8);
    const keep =
      (more: object, values: ArrayLike<number> = scores) =>
      () =>
        keepLargest(values, layout, { pruned: 0.5, scope: 'global', ...more });
    expect(keep({ pruned: 1.5 })).toThrow('pruned: got 1.5');
    expect(keep({ pruned: NaN })).toThrow('pruned: got NaN');
    expect(keep({ exempt: ['c'] })).toThrow('exempt: got c: the tensors are a, b');
    expect(keep({ exempt: ['a', 'b'] })).toThrow('exempt: got every tensor');
    expect(keep({ rates: { a: 0.5 } })).toThrow('rates: got rates with scope global');
    expect(keep({ rates: { a: 3 }, scope: 'layerwise' })).toThrow('rates.a: got 3');
    expect(keep({}, new Float32Array(7))).toThrow('scores: 7 values for 8 parameters');
    expect(keep({ within: new Float32Array(16) })).toThrow('within: 16 values');
    expect(keep({}, [0, 0, 0, 0, 0, 0, NaN, 0])).toThrow('b[2] has score NaN');
    // What is masked already is not looked at.
    const within = Float32Array.of(1, 1, 1, 1, 1, 1, 0, 1);
    expect(keep({ within }, [0, 0, 0, 0, 0, 0, NaN, 0])).not.toThrow();
  });
});
