/** What the small ops refuse, and the reference values that no other test pins down. */
import { describe, expect, it } from 'vitest';
import { evaluate } from '../../src/graph/evaluate';
import { gradients } from '../../src/graph/grad';
import { createGraph } from '../../src/graph/node';
import type { Node } from '../../src/graph/types';
import { concat } from '../../src/ops/concat';
import { add, gelu, greater, relu, scale } from '../../src/ops/elementwise';
import { gather, scatterAdd } from '../../src/ops/gather';
import { bernoulli, normal, uniform } from '../../src/ops/random';
import { maximumOf, norm, sum, sumTo } from '../../src/ops/reduce';
import { causalMask, oneHot } from '../../src/ops/select';
import { data } from '../../src/ops/source';
import { broadcastTo, reshape, slice, transpose } from '../../src/ops/view';
import { streams } from '../../src/random/streams';

type Values = Readonly<Record<string, readonly number[]>>;

function run(nodes: readonly Node[], values: Values = {}, step = 0): number[][] {
  const feed = (leaf: Node) => values[(leaf as Node<{ name: string }>).attributes.name];
  return evaluate(nodes, feed, { seed: 7, replica: 0, step }).map((tensor) => [...tensor.data]);
}

describe('refusals name the op and the shapes', () => {
  const graph = createGraph();
  const x = data(graph, 'x', [2, 3]);
  const i = data(graph, 'i', [4], { dtype: 'u32' });
  it.each([
    [() => add(x, data(graph, 'y', [2, 4])), /add: shapes \[2, 3\] and \[2, 4\]/],
    [() => relu(i), /relu: an input is u32/],
    [() => greater(x, i), /greater: an input is u32/],
    [() => scale(x, Infinity), /not finite/],
    [() => reshape(x, [4]), /reshape: \[2, 3\] has 6/],
    [() => transpose(x, [0, 0]), /no permutation/],
    [() => slice(x, [0, 2], [2, 2]), /slice: 2:2:1 along axis 1/],
    [() => slice(x, [0], [3]), /slice: 0:3:1 along axis 0/],
    [() => broadcastTo(x, [3, 2]), /broadcast/],
    [() => sumTo(x, [3, 3]), /sumTo/],
    [() => sum(x, { axes: [2] }), /axis 2/],
    [() => concat([x, i], 0), /concat/],
    [() => gather(x, x), /indices are f32/],
    [() => scatterAdd(x, i, 5), /scatterAdd/],
    [() => oneHot(x, 3), /oneHot/],
    [() => bernoulli(graph, [2], 1.5, streams.noise), /probability 1.5/],
  ])('%#', (make, message) => {
    expect(make).toThrow(message);
  });

  it('indices out of range stop the reference', () => {
    expect(() => run([gather(x, i)], { x: [1, 2, 3, 4, 5, 6], i: [0, 1, 2, 0] })).toThrow(
      /index 2/,
    );
    expect(() => run([oneHot(i, 2)], { i: [0, 1, 2, 0] })).toThrow(/index 2/);
  });
});

describe('values', () => {
  it('gelu in its erf form', () => {
    const graph = createGraph();
    const x = data(graph, 'x', [5]);
    const [y] = run([gelu(x)], { x: [-4, -1, 0, 0.5, 4] });
    // x·Φ(x) with Φ(−4) = 3.167124183311992e-5, Φ(−1) = 0.15865525393145707, Φ(½) = 0.6914624612740131.
    const expected = [
      -1.266849673324797e-4, -0.15865525393145707, 0, 0.34573123063700656, 3.99987331503267,
    ];
    y.forEach((value, k) => expect(value).toBeCloseTo(expected[k], 14));
  });

  it('the gradient of a norm at zero is zero, of a maximum goes to the first', () => {
    const graph = createGraph();
    const x = data(graph, 'x', [3]);
    const [length] = gradients(norm(x), [x]);
    const [most] = gradients(maximumOf(x), [x]);
    expect(run([length], { x: [0, 0, 0] })).toEqual([[0, 0, 0]]);
    expect(run([length], { x: [3, 0, 4] })[0][2]).toBeCloseTo(0.8, 15);
    expect(run([most], { x: [1, 5, 5] })).toEqual([[0, 1, 0]]);
  });

  it('a causal mask lets a query see itself and what came before', () => {
    expect(run([causalMask(createGraph(), 3)])[0]).toEqual([1, 0, 0, 1, 1, 0, 1, 1, 1]);
  });
});

describe('random ops', () => {
  it('change with the step, repeat at the same step, and differ within a stream', () => {
    const graph = createGraph();
    const [a, b] = [0, 1].map(() => uniform(graph, [6], streams.noise));
    const [first, second] = run([a, b], {}, 3);
    expect(run([a, b], {}, 3)).toEqual([first, second]);
    expect(run([a], {}, 4)[0]).not.toEqual(first);
    expect(first.some((value) => second.includes(value))).toBe(false);
  });

  it('normals have mean 0 and variance 1 within five standard errors', () => {
    const n = 20000;
    const [z] = run([normal(createGraph(), [n], streams.probe)]);
    const mean = z.reduce((total, value) => total + value, 0) / n;
    const variance = z.reduce((total, value) => total + (value - mean) ** 2, 0) / n;
    expect(Math.abs(mean)).toBeLessThan(5 / Math.sqrt(n));
    expect(Math.abs(variance - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
  });
});
