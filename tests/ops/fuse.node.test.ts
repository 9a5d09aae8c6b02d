/** The fusion pass: same values before and after, and the patterns it is for. */
import { describe, expect, it } from 'vitest';
import { ancestors } from '../../src/graph/ancestors';
import { evaluate } from '../../src/graph/evaluate';
import { fuse } from '../../src/graph/fuse';
import { gradients } from '../../src/graph/grad';
import { createGraph } from '../../src/graph/node';
import type { Graph, Node } from '../../src/graph/types';
import { createDraw } from '../../src/lab/check/draw';
import { allCases } from '../../src/lab/check/cases';
import { correct, crossEntropy } from '../../src/ops/cross-entropy';
import * as elementwise from '../../src/ops/elementwise';
import { matmul } from '../../src/ops/matmul';
import { mean } from '../../src/ops/reduce';
import { constant, data, parameter } from '../../src/ops/source';
import { table } from '../../src/ops/table';
import { reshape, transpose } from '../../src/ops/view';

const { add, gate, gelu, multiply, relu, scale, square, tanh } = elementwise;

function valuesOf(nodes: readonly Node[], values: Readonly<Record<string, ArrayLike<number>>>) {
  const feed = (leaf: Node) => values[(leaf as Node<{ name: string }>).attributes.name];
  return evaluate(nodes, feed, { seed: 1, replica: 0, step: 3 }).map(({ data }) => data);
}

function expectEqual(actual: readonly Float64Array[], expected: readonly Float64Array[]): void {
  actual.forEach((found, k) => {
    expect(found.length).toBe(expected[k].length);
    const largest = expected[k].reduce((most, value) => Math.max(most, Math.abs(value)), 1e-30);
    found.forEach((value, i) => {
      expect(Math.abs(value - expected[k][i])).toBeLessThanOrEqual(1e-6 * largest);
    });
  });
}

const opsOf = (outputs: readonly Node[]) => ancestors(outputs).map(({ op }) => op.name);

const leaf = (graph: Graph, name: string, shape: readonly number[], replicated = true) =>
  data(graph, name, shape, { replicated });

/** A graph of random ops over matrices of one shape and vectors that broadcast to it. */
function randomGraph(seed: number) {
  const graph = createGraph();
  const draw = createDraw(graph, seed, 1);
  const size = draw.integer(1, 5);
  const weight = draw.leaf('weight', [size, size]);
  const row = draw.leaf('row', [size]);
  const nodes = [draw.leaf('x', [size, size]), draw.leaf('y', [size, size], { replicated: false })];
  const pick = () => draw.pick(nodes);
  const makers: (() => Node)[] = [
    () => matmul(pick(), draw.pick([weight, pick()])),
    () => matmul(pick(), transpose(weight)),
    () => add(pick(), draw.pick([row, pick()])),
    () => draw.pick([relu, tanh, gelu])(pick()),
    () => gate(pick(), pick()),
    () => transpose(pick()),
    () => reshape(reshape(pick(), [size * size]), [size, size]),
    () => add(matmul(pick(), weight), row),
    () => multiply(pick(), constant(graph, draw.pick([1, 0.5]))),
    () => scale(nodes[nodes.length - 1], 0.5),
  ];
  for (let i = 0; i < 25; i++) nodes.push(draw.pick(makers)());
  const loss = mean(nodes[nodes.length - 1]);
  return { outputs: [pick(), ...gradients(loss, [weight, row]), loss], values: draw.values };
}

describe('fuse', () => {
  it.each(Array.from({ length: 60 }, (_, seed) => seed))(
    'keeps values: random graph %i',
    (seed) => {
      const { outputs, values } = randomGraph(seed);
      const fused = fuse(outputs);
      expect(fused.map(({ shape }) => shape)).toEqual(outputs.map(({ shape }) => shape));
      expectEqual(valuesOf(fused, values), valuesOf(outputs, values));
      expect(ancestors(fused).length).toBeLessThanOrEqual(ancestors(outputs).length);
    },
  );

  it.each(
    allCases
      .filter(({ name }) => !/more than|split|long|10⁶|2¹⁸/.test(name))
      .map((c) => [`${c.op}: ${c.name}`, c] as const),
  )('keeps values: case %s', (_, testCase) => {
    const graph = createGraph();
    const draw = createDraw(graph, 1, 1);
    const { output } = testCase.build(graph, draw);
    expectEqual(valuesOf(fuse([output]), draw.values), valuesOf([output], draw.values));
  });

  it('takes bias, activation and residual into the product', () => {
    const graph = createGraph();
    const [x, w, b, r] = [[4, 3], [3, 5], [5], [4, 5]].map((shape, k) =>
      leaf(graph, `l${k}`, shape),
    );
    const output = add(r, gelu(add(matmul(x, w), b)));
    const [fused] = fuse([output]);
    expect(fused.op.name).toBe('fusedMatmul');
    expect(fused.attributes).toEqual({
      bias: true,
      residual: true,
      gate: false,
      activation: 'gelu',
    });
    expect(opsOf([fused])).toEqual(['data', 'data', 'data', 'data', 'fusedMatmul']);
  });

  it('sees through the reshapes of linear', () => {
    const graph = createGraph();
    const [x, w, b] = [[2, 4, 3], [3, 5], [5]].map((shape, k) => leaf(graph, `l${k}`, shape));
    const product = add(matmul(reshape(x, [8, 3]), w), b);
    const [fused] = fuse([relu(reshape(product, [2, 4, 5]))]);
    expect(opsOf([fused])).toEqual(['data', 'data', 'data', 'fusedMatmul']);
    expect(fused.shape).toEqual([2, 4, 5]);
  });

  it('leaves an intermediate that is read twice or wanted outside', () => {
    const graph = createGraph();
    const [x, w] = [
      [4, 3],
      [3, 5],
    ].map((shape, k) => leaf(graph, `l${k}`, shape));
    const product = matmul(x, w);
    expect(opsOf(fuse([relu(product), tanh(product)]))).toContain('matmul');
    expect(opsOf(fuse([product, relu(product)]))).toContain('matmul');
  });

  it('does not repeat a shared product for every replica', () => {
    const graph = createGraph();
    const x = leaf(graph, 'x', [4, 3], false);
    const b = leaf(graph, 'b', [4]);
    expect(opsOf(fuse([add(matmul(x, transpose(x)), b)]))).toContain('matmul');
  });

  it('fuses a two-layer step: two products forward, the gate backward, no turning of gradients', () => {
    const graph = createGraph();
    const x = leaf(graph, 'x', [7, 4], false);
    const y = leaf(graph, 'y', [7, 2], false);
    const init = { kind: 'zeros' } as const;
    const w1 = parameter(graph, 'w1', [6, 4], init);
    const b1 = parameter(graph, 'b1', [6], init);
    const w2 = parameter(graph, 'w2', [2, 6], init);
    const hidden = relu(add(matmul(x, transpose(w1)), b1));
    const output = matmul(hidden, transpose(w2));
    const loss = mean(square(elementwise.subtract(output, y)));
    const ops = opsOf(fuse([loss, ...gradients(loss, [w1, b1, w2])]));
    const count = (name: string) => ops.filter((op) => op === name).length;
    expect(count('fusedMatmul')).toBe(2);
    expect(count('matmul')).toBe(3);
    expect(count('relu') + count('gate')).toBe(0);
    expect(ops.filter((op) => op === 'constant').length).toBeLessThanOrEqual(1);
  });

  it('takes losses, corrects and the gradient in one pass over the logits, both means in one', () => {
    const graph = createGraph();
    const logits = parameter(graph, 'logits', [5, 3], { kind: 'zeros' });
    const labels = data(graph, 'labels', [5], { dtype: 'u32' });
    const loss = mean(crossEntropy(logits, labels));
    const outputs = [loss, mean(correct(logits, labels)), ...gradients(loss, [logits])];
    const fused = fuse(outputs);
    const ops = opsOf(fused);
    const count = (name: string) => ops.filter((op) => op === name).length;
    expect(count('cross-entropy pass')).toBe(1);
    expect(count('mean')).toBe(1);
    expect(count('cross-entropy') + count('correct') + count('cross-entropy gradient')).toBe(0);
    const values = {
      logits: Float64Array.from({ length: 15 }, (_, i) => Math.sin(3 * i)),
      labels: [0, 1, 2, 0, 1],
    };
    expectEqual(valuesOf(fused, values), valuesOf(outputs, values));
  });

  it('merges equal nodes and tables of one key, and drops what nobody needs', () => {
    const graph = createGraph();
    const x = leaf(graph, 'x', [3, 3]);
    tanh(tanh(x));
    const [a, b] = fuse([add(relu(x), relu(x)), relu(x)]);
    expect(opsOf([a, b])).toEqual(['data', 'relu', 'add']);
    const f = table(graph, 'eye', [2], () => Float64Array.of(1, 2));
    expect(opsOf(fuse([add(f, f)]))).toEqual(['table', 'add']);
  });

  it('joins trivial views and folds constants', () => {
    const graph = createGraph();
    const x = leaf(graph, 'x', [2, 3]);
    expect(fuse([transpose(transpose(x))])[0].op.name).toBe('data');
    expect(opsOf(fuse([reshape(reshape(x, [6]), [3, 2])]))).toEqual(['data', 'reshape']);
    const folded = fuse([add(scale(constant(graph, 2), 3), constant(graph, 1, [4]))]);
    expect(opsOf(folded)).toEqual(['constant']);
    expect(valuesOf(folded, {})[0]).toEqual(Float64Array.of(7, 7, 7, 7));
  });
});
