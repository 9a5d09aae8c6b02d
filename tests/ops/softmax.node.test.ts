import { describe, expect, it } from 'vitest';
import { ShapeMismatch } from '../../src/gpu/errors';
import { evaluate } from '../../src/graph/evaluate';
import { createGraph } from '../../src/graph/node';
import type { Node } from '../../src/graph/types';
import { layerNorm } from '../../src/ops/layer-norm';
import { meanSquaredError } from '../../src/ops/loss';
import { logSoftmax, softmax } from '../../src/ops/softmax';
import { constant, data } from '../../src/ops/source';

const moment = { seed: 0, replica: 0, step: 0 };

function leaf(shape: readonly number[]): Node {
  return data(createGraph(), 'x', shape);
}

function valuesOf(node: Node, x: readonly number[]): number[] {
  const [{ data: result }] = evaluate([node], () => x, moment);
  return [...result];
}

describe('softmax', () => {
  it('is 1 for a row of one', () => {
    expect(valuesOf(softmax(leaf([2, 1])), [5, -1e4])).toEqual([1, 1]);
  });

  it('does not change when a row is shifted, however far', () => {
    const x = leaf([3]);
    expect(valuesOf(softmax(x), [1e4, 1e4 + 1, 1e4 + 2])).toEqual(valuesOf(softmax(x), [0, 1, 2]));
  });

  it('is the exponential of logSoftmax', () => {
    const x = leaf([2, 3]);
    const values = [0, 1, 2, -4, 8, 0.5];
    const direct = valuesOf(softmax(x), values);
    const logarithm = valuesOf(logSoftmax(x), values);
    direct.forEach((y, i) => expect(y).toBeCloseTo(Math.exp(logarithm[i]), 14));
  });

  it('wants an axis', () => {
    expect(() => softmax(leaf([]))).toThrow(ShapeMismatch);
  });
});

describe('layer norm', () => {
  it('gives rows of mean 0 and variance 1, times gain, plus bias', () => {
    const x = leaf([1, 4]);
    const y = layerNorm(x, constant(x.graph, 2, [4]), constant(x.graph, 3, [4]), 1e-12);
    const normal = valuesOf(y, [1, 2, 3, 6]).map((value) => (value - 3) / 2);
    expect(normal.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 6);
    expect(normal.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(4, 5);
  });

  it('wants a gain and a bias of the row', () => {
    const x = leaf([1, 4]);
    const three = constant(x.graph, 1, [3]);
    expect(() => layerNorm(x, three, three)).toThrow('gain [3] for rows of [1, 4]');
  });

  it('wants an epsilon that float32 can hold', () => {
    const x = leaf([1, 4]);
    const four = constant(x.graph, 1, [4]);
    expect(() => layerNorm(x, four, four, 0)).toThrow('epsilon');
  });
});

describe('mean squared error', () => {
  it('divides by the count, not by the weights', () => {
    const x = leaf([2, 2]);
    const error = meanSquaredError(x, constant(x.graph, 1), constant(x.graph, 0.5));
    expect(valuesOf(error, [1, 2, 3, 4])).toEqual([(0.5 * (0 + 1 + 4 + 9)) / 4]);
  });

  it('refuses a target larger than the prediction', () => {
    const x = leaf([4, 1]);
    expect(() => meanSquaredError(x, constant(x.graph, 0, [4, 4]))).toThrow(ShapeMismatch);
  });
});
