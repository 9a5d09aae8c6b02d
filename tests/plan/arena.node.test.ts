import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, checkPlacement, placeTransients } from '../../src/plan/arena';
import { createBlock } from '../../src/plan/phase';
import type { Block, Dispatch, Phase } from '../../src/plan/types';
import record from '../../shaders/record.wgsl';

const transient = (elements: number): Block => createBlock('t', elements, 'transient');

/** A phase whose dispatch k binds the blocks listed at k; the shader plays no part in placement. */
function phaseOf(uses: readonly (readonly Block[])[], name = 'phase'): Phase {
  const dispatches = uses.map((blocks, k): Dispatch => ({
    label: `d${k}`,
    shader: record,
    bindings: Object.fromEntries(blocks.map((block, b) => [`b${b}`, block])),
    params: {},
    overrides: {},
    groups: [1, 1, 1],
    flops: 0,
  }));
  return { name, dispatches };
}

describe('placeTransients', () => {
  it('shares a slot between blocks whose lives do not meet, and only between those', () => {
    const [a, b, c] = [transient(8), transient(8), transient(8)];
    const { slots, bytes } = placeTransients([phaseOf([[a], [a, b], [b, c]])]);
    expect(slots.get(a)).toBe(slots.get(c));
    expect(slots.get(a)).not.toBe(slots.get(b));
    expect(bytes).toEqual([32, 32]);
  });

  it('lets phases use the same slots', () => {
    const [a, b] = [transient(100), transient(40)];
    const { bytes } = placeTransients([phaseOf([[a]]), phaseOf([[b]], 'other')]);
    expect(bytes).toEqual([400]);
  });

  it('never lets two live blocks overlap, whatever the phases', () => {
    const anyPhase = fc.array(fc.array(fc.integer({ min: 0, max: 19 }), { maxLength: 5 }), {
      maxLength: 30,
    });
    const sizes = fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 20, maxLength: 20 });
    fc.assert(
      fc.property(anyPhase, sizes, (uses, elements) => {
        const blocks = elements.map(transient);
        const phase = phaseOf(uses.map((list) => [...new Set(list)].map((k) => blocks[k])));
        const { slots, bytes } = placeTransients([phase]);
        const live = new Map<Block, [number, number]>();
        phase.dispatches.forEach(({ bindings }, at) => {
          for (const block of Object.values(bindings))
            live.set(block, [live.get(block)?.[0] ?? at, at]);
        });
        const all = [...live];
        for (const [block, [first, last]] of all) {
          expect(bytes[slots.get(block)!]).toBeGreaterThanOrEqual(bytesOf(block));
          for (const [other, [start, end]] of all) {
            if (other === block || slots.get(other) !== slots.get(block)) continue;
            expect(end < first || last < start).toBe(true);
          }
        }
      }),
    );
  });
});

describe('checkPlacement', () => {
  const [a, b] = [transient(4), transient(4)];
  const lives = [
    { block: a, first: 0, last: 2 },
    { block: b, first: 1, last: 3 },
  ];

  it('refuses an overlap', () => {
    const slots = new Map([
      [a, 0],
      [b, 0],
    ]);
    expect(() => checkPlacement('p', lives, slots, [16])).toThrow(/overlap in slot 0/);
  });

  it('refuses a slot that is too small', () => {
    const slots = new Map([
      [a, 0],
      [b, 1],
    ]);
    expect(() => checkPlacement('p', lives, slots, [16, 8])).toThrow(/has no room/);
  });
});
