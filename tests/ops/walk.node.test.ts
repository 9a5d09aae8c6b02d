import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { denseStrides, sizeOf } from '../../src/graph/shape';
import type { Operand } from '../../src/graph/types';
import { reshapeStrides } from '../../src/ops/view';
import { foldGrid } from '../../src/plan/phase';
import { offsetsOf, planWalks, type Walk } from '../../src/ops/walk';

const block = { id: 0, label: 'x', elements: 1 << 20, element: 'f32', kind: 'persistent' } as const;

/** Elements of operand k that a walk visits, unit by unit: the arithmetic of shaders/lib/index.wgsl. */
function visited(walk: Walk, k: number): number[] {
  const { strides, origin, splat } = walk.operands[k];
  const found: number[] = [];
  for (let i = 0; i < walk.units; i++) {
    const at = [0, 0, 0, 0];
    let rest = i;
    for (let axis = 3; axis > 3 - Math.min(walk.rank, 5); axis--) {
      if (axis < 0) break;
      const outermost = 3 - axis === walk.rank - 1;
      at[axis] = outermost ? rest : rest % walk.extents[axis];
      rest = Math.floor(rest / walk.extents[axis]);
    }
    const outer = walk.rank === 5 ? rest : 0;
    const unit = at.reduce(
      (sum, c, axis) => sum + c * strides[axis],
      origin[0] + origin[1] * outer,
    );
    if (!walk.vector) found.push(unit);
    else if (splat) found.push(unit, unit, unit, unit);
    else found.push(4 * unit, 4 * unit + 1, 4 * unit + 2, 4 * unit + 3);
  }
  return found;
}

const cases = fc.record({
  shape: fc.array(fc.constantFrom(1, 2, 3, 4, 8), { maxLength: 5 }),
  copies: fc.constantFrom(1, 2),
  shared: fc.boolean(),
  offset: fc.constantFrom(0, 3, 4, 8),
  repeated: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
  order: fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }),
});

describe('walks', () => {
  it('visit every element of every operand in the same order', () => {
    fc.assert(
      fc.property(cases, ({ shape, copies, shared, offset, repeated, order }) => {
        const size = sizeOf(shape);
        const result: Operand = {
          block,
          offset: 0,
          shape,
          strides: denseStrides(shape),
          replicaStride: size,
        };
        // A permuted, partly broadcast tensor, shared or not.
        const axes = order.filter((axis) => axis < shape.length);
        const stored = denseStrides(axes.map((axis) => shape[axis]));
        const strides = shape.map((_, axis) => (repeated[axis] ? 0 : stored[axes.indexOf(axis)]));
        const x: Operand = { block, offset, shape, strides, replicaStride: shared ? 0 : 2 * size };
        const walks = planWalks(shape, copies, [result, x]);
        const outer = [copies, ...shape];
        const pairs = new Map<number, number>();
        for (const walk of walks) {
          const [to, from] = [visited(walk, 0), visited(walk, 1)];
          to.forEach((element, i) => pairs.set(element, from[i]));
        }
        const to = offsetsOf(outer, [size, ...result.strides]);
        const from = offsetsOf(outer, [x.replicaStride, ...strides], offset);
        expect(pairs.size).toBe(to.length);
        to.forEach((element, i) => expect(pairs.get(element)).toBe(from[i]));
      }),
      { numRuns: 400 },
    );
  });

  it('merge what is dense into one axis, four at a time', () => {
    const shape = [3, 5, 8];
    const dense = { block, offset: 0, shape, strides: denseStrides(shape), replicaStride: 120 };
    const [walk, ...others] = planWalks(shape, 4, [dense, dense]);
    expect(others).toHaveLength(0);
    expect(walk).toMatchObject({ rank: 1, vector: true, units: 120 });
  });
});

describe('reshapeStrides', () => {
  it('reads a view in row-major order, or says that it cannot', () => {
    const shapes = fc.array(fc.constantFrom(1, 2, 3, 4), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(shapes, shapes, fc.boolean(), (shape, target, flipped) => {
        fc.pre(sizeOf(shape) === sizeOf(target));
        const strides = flipped
          ? denseStrides([...shape].reverse()).reverse()
          : denseStrides(shape);
        const found = reshapeStrides(shape, strides, target);
        if (!flipped) expect(found).not.toBeNull();
        if (found) expect(offsetsOf(target, found)).toEqual(offsetsOf(shape, strides));
      }),
      { numRuns: 400 },
    );
  });
});

describe('foldGrid', () => {
  it('covers all units within the limit', () => {
    for (const units of [1, 64, 65, 64 * 65535, 64 * 65535 + 1, 2 ** 31]) {
      const [x, y] = foldGrid(Math.ceil(units / 64));
      expect(Math.max(x, y)).toBeLessThanOrEqual(65535);
      expect(x * y * 64).toBeGreaterThanOrEqual(units);
      expect((x * y - Math.ceil(units / 64)) / y).toBeLessThan(1);
    }
  });
});
