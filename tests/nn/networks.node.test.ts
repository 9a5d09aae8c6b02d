import { describe, expect, it } from 'vitest';
import { evaluate } from '../../src/graph/evaluate';
import { gradients } from '../../src/graph/grad';
import { createGraph } from '../../src/graph/node';
import { initialParameters, layOutParameters } from '../../src/graph/layout';
import type { Graph, Node } from '../../src/graph/types';
import { crossEntropy } from '../../src/ops/cross-entropy';
import { square } from '../../src/ops/elementwise';
import { gather } from '../../src/ops/gather';
import { mean } from '../../src/ops/reduce';
import { data, isParameter } from '../../src/ops/source';
import { mlp, type MlpConfig } from '../../src/nn/mlp';
import { multilayerPerceptron } from '../../src/nn/multilayer-perceptron';
import { transformer } from '../../src/nn/transformer';
import type { TransformerConfig } from '../../src/nn/transformer-parameters';
import { countParameters, type Forward, type Network } from '../../src/nn/types';

const paper: TransformerConfig = {
  tokens: 114,
  positions: 3,
  classes: 114,
  width: 128,
  heads: 4,
  hidden: 512,
};
const tickets: MlpConfig = { tokens: 67, classes: 67, width: 500, hidden: 48 };
const post: MlpConfig = {
  tokens: 53,
  classes: 53,
  width: 12,
  hidden: 48,
  activation: 'gelu',
  separate: true,
  outProjection: false,
  biases: true,
  init: 'pytorch',
};

const count = (build: (graph: Graph) => Network): number => countParameters(build(createGraph()));

describe('parameter counts', () => {
  it("are those of the papers' code", () => {
    expect(count((graph) => transformer(graph, paper))).toBe(226_816);
    expect(count((graph) => transformer(graph, { ...paper, classes: 113, biases: 'none' }))).toBe(
      226_048,
    );
    expect(count((graph) => mlp(graph, tickets))).toBe(115_000);
    expect(count((graph) => mlp(graph, { tokens: 53, classes: 53, width: 128, hidden: 48 }))).toBe(
      25_856,
    );
    expect(count((graph) => mlp(graph, post))).toBe(4_428);
    expect(count((graph) => multilayerPerceptron(graph, [784, 300, 100, 10]))).toBe(266_610);
  });

  it("give the paper's initial sum of squares, about 1,780", () => {
    const graph = createGraph();
    transformer(graph, paper);
    const start = initialParameters(layOutParameters(graph), [[0, 0]]);
    const squares = start.reduce((sum, w) => sum + w * w, 0);
    expect(squares).toBeGreaterThan(1760);
    expect(squares).toBeLessThan(1800);
  });
});

/** Parameters at their start with every bias and gain disturbed, so that none can be forgotten unnoticed. */
function fill(graph: Graph): Map<string, Float64Array> {
  const layout = layOutParameters(graph);
  const start = initialParameters(layout, [[3, 0]]);
  return new Map(
    layout.places.map(({ name, offset, size }) => [
      name,
      Float64Array.from(start.subarray(offset, offset + size), (w, i) => w + 0.1 * Math.sin(i + 1)),
    ]),
  );
}

interface Outcome {
  readonly logits: Float64Array;
  readonly gradients: Readonly<Record<string, Float64Array>>;
  readonly activations: Readonly<Record<string, Float64Array>>;
}

/** Logits and gradients of the mean cross-entropy in float64, on these rows of tokens. */
function run(
  build: (graph: Graph) => Network,
  rows: number[][],
  labels: number[],
  enter = (network: Network, tokens: Node): Forward => network.forward(tokens),
): Outcome {
  const graph = createGraph();
  const network = build(graph);
  const tokens = data(graph, 'tokens', [rows.length, rows[0].length], { dtype: 'u32' });
  const classes = data(graph, 'labels', [rows.length], { dtype: 'u32' });
  const { logits, activations } = enter(network, tokens);
  const names = Object.keys(network.parameters);
  const kept = Object.keys(activations);
  const wanted = [
    logits,
    ...gradients(mean(crossEntropy(logits, classes)), Object.values(network.parameters)),
    ...Object.values(activations),
  ];
  const values = fill(graph);
  const feed = (leaf: Node): ArrayLike<number> => {
    const { name } = leaf.attributes as { name: string };
    if (isParameter(leaf)) return values.get(name)!;
    return name === 'tokens' ? rows.flat() : labels;
  };
  const found = evaluate(wanted, feed, { seed: 0, replica: 0, step: 0 }).map(({ data: d }) => d);
  const pick = (keys: string[], from: number): Record<string, Float64Array> =>
    Object.fromEntries(keys.map((key, i) => [key, found[from + i]]));
  return {
    logits: found[0],
    gradients: pick(names, 1),
    activations: pick(kept, 1 + names.length),
  };
}

/** The same by way of the embedded vectors. */
function runEmbedded(
  build: (graph: Graph) => Network,
  rows: number[][],
  labels: number[],
): Outcome {
  return run(build, rows, labels, (network, tokens) =>
    network.forwardEmbedded!(gather(network.parameters['embed.weight'], tokens)),
  );
}

function expectSame(actual: Outcome, expected: Outcome): void {
  expectClose(actual.logits, expected.logits, 'logits');
  expect(Object.keys(actual.gradients)).toEqual(Object.keys(expected.gradients));
  for (const [name, gradient] of Object.entries(expected.gradients)) {
    expectClose(actual.gradients[name], gradient, name);
  }
}

function expectClose(actual: Float64Array, expected: Float64Array, name: string): void {
  expect(actual.length, name).toBe(expected.length);
  const worst = actual.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i])), 0);
  expect(worst, name).toBeLessThan(1e-10);
  expect(
    expected.some((value) => value !== 0),
    `${name} is not all zero`,
  ).toBe(true);
}

const pairs = [
  [0, 1],
  [4, 4],
  [2, 6],
  [6, 0],
  [3, 5],
];
const labels = [1, 1, 1, 6, 1];

describe('the cheap MLP', () => {
  const small: MlpConfig = { tokens: 7, classes: 7, width: 12, hidden: 5 };
  const variants: Record<string, MlpConfig> = {
    tickets: small,
    'W_out and U apart': { ...small, width: 2 },
    'separate projections': { ...small, separate: true, biases: true },
    'tied, with biases': { ...small, tied: true, biases: true, activation: 'gelu' },
    'no out-projection': { ...post, tokens: 7, classes: 7 },
    quadratic: { ...small, activation: 'quadratic', init: 'pytorch' },
  };
  it.each(Object.entries(variants))('gives the numbers of the full one: %s', (_, config) => {
    const forward = (mode: 'full' | 'cheap'): Outcome =>
      run((graph) => mlp(graph, { ...config, forward: mode }), pairs, labels);
    expectSame(forward('cheap'), forward('full'));
  });

  it.each(Object.entries(variants))('gives the same from vectors: %s', (_, config) => {
    const build = (graph: Graph): Network => mlp(graph, config);
    expectSame(runEmbedded(build, pairs, labels), run(build, pairs, labels));
  });

  it('adds the operands: swapping them changes nothing unless they have their own projections', () => {
    const swapped = pairs.map(([a, b]) => [b, a]);
    const logits = (config: MlpConfig, rows: number[][]): Float64Array =>
      run((graph) => mlp(graph, config), rows, labels).logits;
    expectClose(logits(small, swapped), logits(small, pairs), 'logits');
    const own = { ...small, separate: true };
    expect(logits(own, swapped)[0]).not.toBeCloseTo(logits(own, pairs)[0], 6);
  });

  it("solves modular addition with Gromov's weights, one-hot input and a quadratic activation", () => {
    const [p, units] = [11, 400];
    const graph = createGraph();
    const network = mlp(graph, {
      tokens: p,
      classes: p,
      width: 1,
      hidden: units,
      input: 'one-hot',
      separate: true,
      outProjection: false,
      activation: 'quadratic',
    });
    const all = Array.from({ length: p * p }, (_, i) => [Math.floor(i / p), i % p]);
    const { logits } = network.forward(data(graph, 'tokens', [p * p, 2], { dtype: 'u32' }));
    // arXiv 2301.02679, equation 7: W¹ = cos(2πσ(k)a/p + φ₁), W² = cos(2πσ(k)c/p + φ₁ + φ₂).
    const turn = 2 * Math.PI;
    const phase = (k: number, side: number): number =>
      turn * ((k * [0.754877, 0.569841][side]) % 1);
    const frequency = (k: number): number => 1 + (k % ((p - 1) / 2));
    const weights: Record<string, number[]> = {
      'mlp.in.a.weight': grid(units, p, (k, a) =>
        Math.cos((turn * frequency(k) * a) / p + phase(k, 0)),
      ),
      'mlp.in.b.weight': grid(units, p, (k, b) =>
        Math.cos((turn * frequency(k) * b) / p + phase(k, 1)),
      ),
      'unembed.weight': grid(p, units, (c, k) =>
        Math.cos((turn * frequency(k) * c) / p + phase(k, 0) + phase(k, 1)),
      ),
    };
    const feed = (leaf: Node): number[] =>
      isParameter(leaf) ? weights[leaf.attributes.name] : all.flat();
    const [{ data: scores }] = evaluate([logits], feed, { seed: 0, replica: 0, step: 0 });
    all.forEach(([a, b], row) => {
      const own = [...scores.subarray(row * p, (row + 1) * p)];
      expect(own.indexOf(Math.max(...own))).toBe((a + b) % p);
    });
  });
});

function grid(
  rows: number,
  columns: number,
  of: (row: number, column: number) => number,
): number[] {
  return Array.from({ length: rows * columns }, (_, i) => of(Math.floor(i / columns), i % columns));
}

describe('the cheap transformer', () => {
  const small: TransformerConfig = {
    tokens: 8,
    positions: 3,
    classes: 7,
    width: 8,
    heads: 2,
    hidden: 12,
  };
  const equals = pairs.map((pair) => [...pair, 7]);
  const variants: Record<string, TransformerConfig> = {
    'one layer, "=" known': { ...small, lastToken: 7 },
    'one layer, any last token': small,
    'one layer, all biases': { ...small, lastToken: 7, biases: 'all' },
    'no positions, no mask': { ...small, positional: false, causal: false, init: 'pizza' },
    'layer norm': { ...small, layerNorm: true, biases: 'all' },
    'two layers': { ...small, layers: 2, init: 'transformer-lens' },
    'two layers, layer norm': { ...small, layers: 2, layerNorm: true },
    'attention only, tied': { ...small, hidden: 0, layers: 2, tied: true },
    'narrow heads': { ...small, heads: 3, headWidth: 5, lastToken: 7, init: 'fan-in' },
  };
  it.each(Object.entries(variants))('gives the numbers of the full one: %s', (_, config) => {
    const forward = (mode: 'full' | 'cheap'): Outcome =>
      run((graph) => transformer(graph, { ...config, forward: mode }), equals, labels);
    expectSame(forward('cheap'), forward('full'));
  });

  it.each(Object.entries(variants))('gives the same from vectors: %s', (_, config) => {
    const build = (graph: Graph): Network => transformer(graph, config);
    expectSame(runEmbedded(build, equals, labels), run(build, equals, labels));
  });

  it('does not look ahead when causal, and does when not', () => {
    const residual = (causal: boolean, last: number): Float64Array =>
      run(
        (graph) => transformer(graph, { ...small, causal, forward: 'full' }),
        pairs.map((pair) => [...pair, last]),
        labels,
      ).activations['blocks.0.resid_post'];
    const firstTwo = (values: Float64Array): number[] =>
      [...values].filter((_, i) => Math.floor(i / 8) % 3 < 2);
    expect(firstTwo(residual(true, 7))).toEqual(firstTwo(residual(true, 2)));
    expect(firstTwo(residual(false, 7))).not.toEqual(firstTwo(residual(false, 2)));
  });

  it('names its activations', () => {
    const { activations } = run((graph) => transformer(graph, small), equals, labels);
    expect(Object.keys(activations).sort()).toEqual(
      ['attn.k', 'attn.q', 'attn.v', 'attn.z', 'mlp.post', 'mlp.pre']
        .concat(['resid_mid', 'resid_post', 'resid_pre'])
        .map((name) => `blocks.0.${name}`),
    );
  });

  it('shares what depends on parameters alone between batches', () => {
    const graph = createGraph();
    const network = transformer(graph, { ...small, lastToken: 7 });
    const tokens = (name: string): Node => data(graph, name, [4, 3], { dtype: 'u32' });
    const before = graph.nodes.length;
    network.forward(tokens('train'));
    const first = graph.nodes.length - before;
    network.forward(tokens('test'));
    expect(graph.nodes.length - before).toBeLessThan(2 * first);
  });
});

describe('the multilayer perceptron', () => {
  it('is the composition of its layers', () => {
    const graph = createGraph();
    const network = multilayerPerceptron(graph, [2, 3, 1], { activation: 'tanh' });
    const { logits } = network.forward(data(graph, 'x', [2, 2]));
    const values = fill(graph);
    const x = [0.5, -1, 2, 0.25];
    const feed = (leaf: Node): ArrayLike<number> =>
      isParameter(leaf) ? values.get(leaf.attributes.name)! : x;
    const [found, loss] = evaluate([logits, mean(square(logits))], feed, {
      seed: 0,
      replica: 0,
      step: 0,
    });
    const [w0, b0, w1, b1] = [...values.values()];
    const expected = [0, 1].map((row) =>
      [0, 1, 2].reduce((sum, h) => {
        const pre = w0[2 * h] * x[2 * row] + w0[2 * h + 1] * x[2 * row + 1] + b0[h];
        return sum + w1[h] * Math.tanh(pre);
      }, b1[0]),
    );
    expectClose(found.data, Float64Array.from(expected), 'logits');
    expect(loss.data[0]).toBeCloseTo((expected[0] ** 2 + expected[1] ** 2) / 2, 12);
  });
});

describe('errors', () => {
  it('name the field, the limit and what to do', () => {
    const graph = createGraph();
    expect(() => transformer(graph, { ...paper, heads: 5 })).toThrow(
      /^heads: got 5 with width 128/,
    );
    expect(() => transformer(graph, { ...paper, tied: true, classes: 115 })).toThrow(/^tied/);
    expect(() => transformer(graph, { ...paper, lastToken: 114 })).toThrow(/^lastToken: got 114/);
    expect(() => mlp(graph, { ...tickets, hidden: 0.5 })).toThrow(/^hidden: got 0.5/);
    expect(() => mlp(graph, { ...tickets, tied: true, classes: 66 })).toThrow(/^tied/);
    expect(() => multilayerPerceptron(graph, [3])).toThrow(/^widths/);
  });

  it('refuse tokens of another shape', () => {
    const graph = createGraph();
    const network = mlp(graph, tickets);
    const triples = data(graph, 'triples', [5, 3], { dtype: 'u32' });
    expect(() => network.forward(triples)).toThrow(/u32 \[5, 3\]: it reads u32 \[batch, 2\]/);
    const floats = data(graph, 'floats', [5, 2]);
    expect(() => network.forward(floats)).toThrow(/f32 \[5, 2\]/);
  });
});
