/** What a product is made of before it reaches a kernel: its type, its axes, its choice of kernel. */
import { describe, expect, it } from 'vitest';
import { ShapeMismatch } from '../../src/gpu/errors';
import { createGraph } from '../../src/graph/node';
import { denseStrides, sizeOf } from '../../src/graph/shape';
import type { Operand } from '../../src/graph/types';
import { matmul } from '../../src/ops/matmul';
import {
  chooseProduct,
  productCandidates,
  tuneProducts,
  type Product,
} from '../../src/ops/matmul/choose';
import { planProducts } from '../../src/ops/matmul/shape';
import { data } from '../../src/ops/source';
import { createBlock } from '../../src/plan/phase';
import type { Traits } from '../../src/plan/types';

function dense(shape: readonly number[], replicated = true): Operand {
  const size = sizeOf(shape);
  return {
    block: createBlock('test', size, 'persistent'),
    offset: 0,
    shape,
    strides: denseStrides(shape),
    replicaStride: replicated ? size : 0,
  };
}

const traits = (barriers: boolean, subgroup?: number): Traits => ({
  barriers,
  subgroup,
  maxWorkgroupsPerDimension: 65535,
  maxInvocations: 256,
  maxWorkgroupBytes: 16384,
  maxStorageBuffers: 8,
  maxBufferBytes: 2 ** 28,
});

describe('planProducts', () => {
  it('makes one tall product of a batch times one matrix', () => {
    const [plan, ...more] = planProducts(
      dense([2, 3, 5, 4]),
      dense([4, 7], false),
      [dense([2, 3, 5, 7])],
      6,
    );
    expect(more).toEqual([]);
    expect([plan.m, plan.n, plan.k, plan.outer]).toEqual([6 * 2 * 3 * 5, 7, 4, [1, 1, 1]]);
    expect([plan.a.row, plan.b.row, plan.b.column]).toEqual([4, 7, 1]);
  });

  it('keeps replicas apart where both sides have their own', () => {
    const [plan] = planProducts(dense([3, 5, 4]), dense([4, 7]), [dense([3, 5, 7])], 6);
    expect([plan.m, plan.outer]).toEqual([15, [1, 1, 6]]);
    expect(plan.a.outer[2]).toBe(60);
    expect(plan.b.outer[2]).toBe(28);
  });

  it('takes rows from the batch where each matrix has one', () => {
    const [plan] = planProducts(dense([9, 1, 4]), dense([4, 7], false), [dense([9, 1, 7])], 1);
    expect([plan.m, plan.a.row, plan.outputs[0]!.row]).toEqual([9, 4, 7]);
  });

  it('loops over axes that three strides cannot say', () => {
    const a = dense([2, 1, 2, 1, 3, 4]);
    const b = dense([1, 3, 1, 2, 4, 5]);
    const plans = planProducts(a, b, [dense([2, 3, 2, 2, 3, 5])], 2);
    expect(plans.length).toBe(4);
    expect(plans.map((plan) => plan.outer)).toEqual(Array(4).fill([3, 2, 2]));
    expect(new Set(plans.map((plan) => plan.outputs[0]!.offset)).size).toBe(4);
  });
});

const product = (m: number, n: number, k: number): Product => {
  return { m, n, k, count: 1, layout: 'rows-rows', alongK: [true, false] };
};

describe('chooseProduct', () => {
  it.each([
    [true, undefined],
    [false, undefined],
    [false, 4],
  ])('covers K and all outputs, barriers %s, subgroups of %s', (barriers, subgroup) => {
    for (const m of [1, 5, 48, 3830]) {
      for (const n of [1, 53, 512]) {
        for (const k of [1, 127, 4096, 11501]) {
          for (const choice of productCandidates(
            { m, n, k, count: 1 },
            traits(barriers, subgroup),
          )) {
            expect(choice.chunk % 4).toBe(0);
            expect(choice.splits * choice.chunk).toBeGreaterThanOrEqual(k);
            expect((choice.splits - 1) * choice.chunk).toBeLessThan(k);
          }
        }
      }
    }
  });

  it('splits long sums of few outputs and no others', () => {
    const choose = (m: number, n: number, k: number) =>
      [true, false].map((barriers) => chooseProduct(product(m, n, k), traits(barriers)).splits);
    expect(choose(3830, 512, 512)).toEqual([1, 1]);
    expect(Math.min(...choose(8, 8, 11500))).toBeGreaterThan(8);
  });

  it('shares loads in quads on software adapters, where those have subgroups and the tiles are filled', () => {
    const body = (m: number, n: number, own: Traits) => chooseProduct(product(m, n, 128), own).body;
    expect(body(3830, 512, traits(false, 4))).toBe('quads');
    expect(body(3830, 512, traits(false))).toBe('registers');
    expect(body(3830, 512, traits(true, 32))).toBe('tiled');
    expect(body(9, 9, traits(false, 4))).toBe('registers');
  });

  it('follows what was measured', () => {
    const own = traits(false);
    const choice = chooseProduct(product(8, 8, 8), traits(true));
    tuneProducts(own, ({ m }) => (m === 8 ? choice : null));
    expect(chooseProduct(product(8, 8, 8), own)).toBe(choice);
    expect(chooseProduct(product(9, 8, 8), own)).not.toBe(choice);
  });

  it('fills a GPU before it takes larger tiles', () => {
    const tile = (m: number, n: number, k: number) =>
      chooseProduct(product(m, n, k), traits(true)).tileM;
    expect([tile(4096, 4096, 512), tile(2048, 2048, 2048)]).toEqual([128, 128]);
    expect([tile(3830, 512, 128), tile(1024, 1024, 1024)]).toEqual([64, 64]);
    expect([tile(512, 512, 128), tile(715, 53, 48)]).toEqual([32, 32]);
    // Chunks of K are enough workgroups of their own.
    expect(tile(128, 512, 3830)).toBe(64);
  });
});

describe('matmul', () => {
  it('names the shapes that do not fit', () => {
    const graph = createGraph();
    const x = data(graph, 'x', [2, 3]);
    const y = data(graph, 'y', [4, 2, 3]);
    const vector = data(graph, 'v', [3]);
    expect(() => matmul(x, y)).toThrow(ShapeMismatch);
    expect(() => matmul(x, y)).toThrow(/\[2, 3\].*\[4, 2, 3\]/);
    expect(() => matmul(x, vector)).toThrow(ShapeMismatch);
  });
});
