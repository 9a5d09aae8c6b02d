import { describe, expect, it } from 'vitest';
import { LimitExceeded, ShapeMismatch } from '../../src/gpu/errors';
import { evaluate } from '../../src/graph/evaluate';
import { createGraph } from '../../src/graph/node';
import { sizeOf } from '../../src/graph/shape';
import type { Graph, Node } from '../../src/graph/types';
import { attention, attentionPattern } from '../../src/ops/attention';
import { data } from '../../src/ops/source';

/** Values that no symmetry of the op maps on themselves. */
function wave(size: number, phase: number): Float64Array {
  return Float64Array.from({ length: size }, (_, i) => Math.sin(1.7 * i + phase) + 0.3 * phase);
}

interface Setup {
  readonly graph: Graph;
  readonly q: Node;
  readonly k: Node;
  readonly v: Node;
  readonly values: Record<string, Float64Array>;
  run(node: Node): Float64Array;
}

function setUp(queries: number, keys: number, heads = 2, depth = 3, batch = 2): Setup {
  const graph = createGraph();
  const shapes = { q: [batch, queries, heads, depth], k: [batch, keys, heads, depth] };
  const q = data(graph, 'q', shapes.q);
  const k = data(graph, 'k', shapes.k);
  const v = data(graph, 'v', shapes.k);
  const values: Record<string, Float64Array> = {
    q: wave(sizeOf(shapes.q), 0.1),
    k: wave(sizeOf(shapes.k), 0.9),
    v: wave(sizeOf(shapes.k), 2.3),
  };
  const feed = (leaf: Node) => values[(leaf as Node<{ name: string }>).attributes.name];
  const run = (node: Node) => evaluate([node], feed, { seed: 0, replica: 0, step: 0 })[0].data;
  return { graph, q, k, v, values, run };
}

describe('attention', () => {
  it('mixes the values by its pattern', () => {
    const { q, k, v, values, run } = setUp(3, 4);
    const pattern = run(attentionPattern(q, k, { causal: true }));
    const result = run(attention(q, k, v, { causal: true }));
    for (let b = 0; b < 2; b++) {
      for (let i = 0; i < 3; i++) {
        for (let h = 0; h < 2; h++) {
          for (let c = 0; c < 3; c++) {
            let sum = 0;
            for (let j = 0; j < 4; j++) {
              const weight = pattern[((b * 2 + h) * 3 + i) * 4 + j];
              sum += weight * values.v[((b * 4 + j) * 2 + h) * 3 + c];
            }
            expect(result[((b * 3 + i) * 2 + h) * 3 + c]).toBeCloseTo(sum, 13);
          }
        }
      }
    }
  });

  it('aligns the last query with the last key when causal', () => {
    const { q, k, run } = setUp(2, 4, 1, 3, 1);
    const pattern = run(attentionPattern(q, k, { causal: true }));
    expect(pattern.slice(0, 4).map((p) => Number(p > 0))).toEqual(Float64Array.of(1, 1, 1, 0));
    expect(pattern.slice(4, 8).map((p) => Number(p > 0))).toEqual(Float64Array.of(1, 1, 1, 1));
  });

  it('has patterns whose rows sum to 1, and divides by the root of the depth', () => {
    const { q, k, run } = setUp(3, 5);
    const plain = run(attentionPattern(q, k, { causal: false }));
    const scaled = run(attentionPattern(q, k, { causal: false, scale: 1 / Math.sqrt(3) }));
    expect(plain).toEqual(scaled);
    for (let row = 0; row < plain.length; row += 5) {
      expect(plain.slice(row, row + 5).reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 14);
    }
  });

  it('gives the last query alone what it gives it among others', () => {
    const { graph, q, k, v, values, run } = setUp(3, 3);
    const all = run(attention(q, k, v, { causal: true }));
    const last = data(graph, 'last', [2, 1, 2, 3]);
    values.last = Float64Array.of(...values.q.slice(12, 18), ...values.q.slice(30, 36));
    const alone = run(attention(last, k, v, { causal: true }));
    expect([...alone]).toEqual([...all.slice(12, 18), ...all.slice(30, 36)]);
  });

  it('names shapes and limits', () => {
    const { graph, q, k, v } = setUp(3, 2);
    expect(() => attention(q, k, v, { causal: true })).toThrow('3 queries for 2 keys');
    const long = data(graph, 'long', [1, 513, 1, 4]);
    expect(() => attention(long, long, long, { causal: true })).toThrow(LimitExceeded);
    const deep = data(graph, 'deep', [1, 4, 1, 132]);
    expect(() => attention(deep, deep, deep, { causal: true })).toThrow('132 columns a head');
    const other = data(graph, 'other', [3, 2, 2, 3]);
    expect(() => attention(q, k, other, { causal: false })).toThrow(ShapeMismatch);
  });
});
