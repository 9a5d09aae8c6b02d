import { describe, expect, it } from 'vitest';
import { BadConfig, ShapeMismatch } from '../../src/gpu/errors';
import { evaluate } from '../../src/graph/evaluate';
import { gradients } from '../../src/graph/grad';
import { createGraph } from '../../src/graph/node';
import type { Graph, Node } from '../../src/graph/types';
import { concat } from '../../src/ops/concat';
import { correct, crossEntropy, crossEntropyGradient } from '../../src/ops/cross-entropy';
import { multiply } from '../../src/ops/elementwise';
import { sum } from '../../src/ops/reduce';
import { constant, data } from '../../src/ops/source';

function run(
  logits: readonly (readonly number[])[],
  labels: readonly number[],
  build: (logits: Node, labels: Node, graph: Graph) => Node,
): number[] {
  const graph = createGraph();
  const values: Record<string, readonly number[]> = { logits: logits.flat(), labels };
  const l = data(graph, 'logits', [logits.length, logits[0].length]);
  const y = data(graph, 'labels', [logits.length], { dtype: 'u32' });
  data(graph, 'ones', [logits.length]);
  values.ones = labels.map(() => 1);
  const feed = (leaf: Node) => values[(leaf as Node<{ name: string }>).attributes.name];
  const [result] = evaluate([build(l, y, graph)], feed, { seed: 0, replica: 0, step: 0 });
  return [...result.data];
}

describe('cross-entropy', () => {
  it('is −log softmax where that is accurate', () => {
    const rows = [
      [1, 2, 3],
      [0.5, -1, 4],
    ];
    const expected = rows.map((row, i) => {
      const mass = row.reduce((sum, x) => sum + Math.exp(x), 0);
      return -Math.log(Math.exp(row[[2, 1][i]]) / mass);
    });
    const losses = run(rows, [2, 1], crossEntropy);
    losses.forEach((loss, i) => expect(loss).toBeCloseTo(expected[i], 14));
  });

  // exp(−d) to first order: the second is 1e-16 of it or less.
  it.each([18.4, 40, 80])('keeps relative precision when the label leads by %d', (lead) => {
    const [loss] = run([[-lead, 0]], [1], crossEntropy);
    expect(Math.abs(loss / Math.log1p(Math.exp(-lead)) - 1)).toBeLessThan(1e-14);
  });

  it('is the margin itself where a wrong class leads by far', () => {
    expect(run([[1e4, -1e4]], [1], crossEntropy)).toEqual([2e4]);
  });

  it('has a gradient whose rows sum to 0 and whose label part is the sum of the others', () => {
    const gradient = run([[-40, 0, -41]], [1], (l, y, graph) =>
      crossEntropyGradient(l, y, graph.nodes[2]),
    );
    expect(gradient[0] / Math.exp(-40)).toBeCloseTo(1, 12);
    expect(gradient[1]).toBe(-(gradient[0] + gradient[2]));
  });

  it('has a Hessian that keeps relative precision where the label leads', () => {
    const gains = [1, 0, -2];
    const product = run([[-40, 0, -41]], [1], (l, y, graph) => {
      const weighted = multiply(
        crossEntropyGradient(l, y, graph.nodes[2]),
        concat(
          gains.map((gain) => constant(graph, gain, [1, 1])),
          1,
        ),
      );
      return gradients(sum(weighted), [l])[0];
    });
    const [a, b] = [Math.exp(-40), Math.exp(-41)];
    const expected = [a, -a + 2 * b, -2 * b];
    expected.forEach((value, j) => expect(product[j] / value).toBeCloseTo(1, 12));
  });

  it('is not finite, nor its gradient, where a logit is NaN, +∞ or the label’s', () => {
    const spoilt = [
      [NaN, 0, 1],
      [0, NaN, 1],
      [Infinity, 0, 1],
      [0, Infinity, 1],
      [0, -Infinity, 1],
    ];
    const labels = spoilt.map(() => 1);
    expect(run(spoilt, labels, crossEntropy).some(Number.isFinite)).toBe(false);
    expect(run(spoilt, labels, correct)).toEqual(labels.map(() => 0));
    const gradient = run(spoilt, labels, (l, y, { nodes }) => crossEntropyGradient(l, y, nodes[2]));
    expect(gradient.some(Number.isFinite)).toBe(false);
    // A wrong class of −∞ is one that is left out.
    expect(run([[-Infinity, 0, 1]], [1], crossEntropy)[0]).toBeCloseTo(Math.log(1 + Math.E), 14);
    expect(run([[-Infinity, 1, 0]], [1], correct)).toEqual([1]);
  });

  it('rejects what it cannot read', () => {
    expect(() => run([[1]], [0], crossEntropy)).toThrow(ShapeMismatch);
    expect(() => run([[1, 2]], [2], crossEntropy)).toThrow(BadConfig);
    expect(() => run([[1, 2]], [0], (l) => crossEntropy(l, l))).toThrow(ShapeMismatch);
    expect(() => run([[1, 2]], [0], (l, _, { nodes }) => crossEntropy(l, nodes[2]))).toThrow(
      'labels hold floats',
    );
  });
});

describe('correct', () => {
  it('counts a tie as wrong', () => {
    const rows = [
      [1, 2],
      [2, 2],
      [3, 2],
    ];
    expect(run(rows, [1, 1, 1], correct)).toEqual([1, 0, 0]);
  });
});
