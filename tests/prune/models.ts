/** Networks to be pruned, small, each with the data it is scored on. */
import { modularArithmetic } from '../../src/data/modular';
import { evaluate } from '../../src/graph/evaluate';
import { gradients } from '../../src/graph/grad';
import { initialParameters, layOutParameters, type ParameterLayout } from '../../src/graph/layout';
import { createGraph } from '../../src/graph/node';
import type { ProgramSpec } from '../../src/graph/program';
import { interpret } from '../../src/graph/reference';
import type { Node } from '../../src/graph/types';
import { mlp } from '../../src/nn/mlp';
import { multilayerPerceptron } from '../../src/nn/multilayer-perceptron';
import type { MultilayerPerceptronOptions } from '../../src/nn/multilayer-perceptron';
import { transformer } from '../../src/nn/transformer';
import { crossEntropy } from '../../src/ops/cross-entropy';
import { scale } from '../../src/ops/elementwise';
import { mean } from '../../src/ops/reduce';
import { data, isParameter } from '../../src/ops/source';
import { TEMPERATURE, type TraceProbed } from '../../src/prune';
import { createRandom } from '../../src/random/random';
import { streams } from '../../src/random/streams';

export const inFloat64 = (spec: ProgramSpec) => Promise.resolve(interpret(spec));

const P = 11;

/** The network of Grokking Tickets, on a small table. */
export const tokens: TraceProbed = (graph) => {
  const { train } = modularArithmetic({
    modulus: P,
    operation: 'add',
    pairs: 'unordered',
    fraction: 0.6,
    seed: 3,
  });
  const network = mlp(graph, { tokens: P, classes: P, width: 12, hidden: 7 });
  const rows = train.labels.length;
  const input = data(graph, 'tokens', [rows, 2], { dtype: 'u32' });
  const labels = data(graph, 'labels', [rows], { dtype: 'u32' });
  return {
    network,
    input,
    loss: (logits) => mean(crossEntropy(logits, labels)),
    data: { tokens: train.inputs, labels: train.labels },
  };
};

export const attending: TraceProbed = (graph) => {
  const rows = 20;
  const random = createRandom(5, 0, streams.probe);
  const draw = (size: number): Uint32Array =>
    Uint32Array.from({ length: size }, () => random.below(P));
  const network = transformer(graph, {
    tokens: P,
    positions: 2,
    classes: P,
    width: 8,
    heads: 2,
    hidden: 12,
  });
  const input = data(graph, 'tokens', [rows, 2], { dtype: 'u32' });
  const labels = data(graph, 'labels', [rows], { dtype: 'u32' });
  return {
    network,
    input,
    loss: (logits) => mean(crossEntropy(logits, labels)),
    data: { tokens: draw(2 * rows), labels: draw(rows) },
  };
};

/** A classifier of random vectors, as LeNet is one of images. */
export function vectors(
  widths: readonly number[],
  options: MultilayerPerceptronOptions = {},
  rows = 24,
): TraceProbed {
  return (graph) => {
    const random = createRandom(11, 0, streams.probe);
    const network = multilayerPerceptron(graph, widths, options);
    const input = data(graph, 'images', [rows, widths[0]]);
    const labels = data(graph, 'labels', [rows], { dtype: 'u32' });
    return {
      network,
      input,
      loss: (logits) => mean(crossEntropy(logits, labels)),
      data: {
        images: Float32Array.from({ length: rows * widths[0] }, () => random.normal()),
        labels: Uint32Array.from({ length: rows }, () => random.below(widths.at(-1)!)),
      },
    };
  };
}

/** First weights of a traced network. */
export function startOf(trace: TraceProbed, seed = 0): Float32Array {
  const graph = createGraph();
  trace(graph);
  return initialParameters(layOutParameters(graph), [[seed, 0]]);
}

export interface Exact {
  readonly layout: ParameterLayout;
  /** Gradient of the loss, or of the tempered one, at any weights, nothing rounded to float32. */
  gradient(parameters: ArrayLike<number>, tempered?: boolean): Float64Array;
  /** Hv of the tempered loss by a central difference of short step. */
  product(parameters: ArrayLike<number>, vector: ArrayLike<number>): Float64Array;
}

/** What probes are judged by: the float64 reference, without programs. */
export function inReference(trace: TraceProbed): Exact {
  const graph = createGraph();
  const { network, input, loss, data: values } = trace(graph);
  const parameters = graph.nodes.filter(isParameter) as Node<{ readonly name: string }>[];
  const layout = layOutParameters(graph);
  const { logits } = network.forward(input);
  const plain = gradients(loss(logits), parameters);
  const tempered = gradients(loss(scale(logits, 1 / TEMPERATURE)), parameters);

  function gradient(at: ArrayLike<number>, cold = false): Float64Array {
    const all = Float64Array.from(at);
    const feed = (leaf: Node): ArrayLike<number> => {
      const { name } = (leaf as Node<{ readonly name: string }>).attributes;
      const place = layout.places.find((one) => one.name === name);
      return place ? all.slice(place.offset, place.offset + place.size) : values[name];
    };
    const found = evaluate(cold ? tempered : plain, feed, { seed: 0, replica: 0, step: 0 });
    const flat = new Float64Array(layout.stride);
    layout.places.forEach(({ offset }, k) => flat.set(found[k].data, offset));
    return flat;
  }

  return {
    layout,
    gradient,
    product(at, vector) {
      const step = 1e-6;
      const moved = (by: number): Float64Array =>
        Float64Array.from(at, (value, k) => value + by * vector[k]);
      const ahead = gradient(moved(step), true);
      const behind = gradient(moved(-step), true);
      return ahead.map((value, k) => (value - behind[k]) / (2 * step));
    },
  };
}

/** ‖a − b‖ / ‖b‖. */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [off, all] = [0, 0];
  for (let k = 0; k < b.length; k++) {
    off += (a[k] - b[k]) ** 2;
    all += b[k] ** 2;
  }
  return Math.sqrt(off / all);
}
