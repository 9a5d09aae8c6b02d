/** The toy model of superposition (Elhage et al., arXiv 2209.10652): more features than hidden units, x' = relu(Wᵀ W x + b). */
import type { Graph, Node } from '../graph/types';
import { add, greater, multiply, relu, scale, square, subtract } from '../ops/elementwise';
import { matmul } from '../ops/matmul';
import { uniform } from '../ops/random';
import { sum } from '../ops/reduce';
import { parameter } from '../ops/source';
import { transpose } from '../ops/view';
import { streams } from '../random/streams';

export interface ToyModel {
  /** [m, n] */
  readonly W: Node;
  /** [n] */
  readonly b: Node;
}

/** Xavier's normal weights, as in the paper's notebook; biases 0. */
export function toyModel(graph: Graph, features: number, hidden: number): ToyModel {
  const std = Math.sqrt(2 / (features + hidden));
  return {
    W: parameter(graph, 'W', [hidden, features], { kind: 'normal', std }),
    b: parameter(graph, 'b', [features], { kind: 'zeros' }),
  };
}

/**
 * [samples, features], anew at every step: uniform in (0, 1) with probability `density`, else 0. The first use of its stream in a
 * graph draws what kernels that train on the chip draw.
 */
export function drawFeatures(graph: Graph, samples: number, features: number, density: Node): Node {
  const on = uniform(graph, [samples, features], streams.features);
  const values = uniform(graph, [samples, features], streams.features);
  return multiply(values, greater(density, on));
}

/** 1/B Σ_s Σ_i importance_i (x_i − x'_i)², scalar; x [B, n], importance [n]. */
export function reconstructionLoss({ W, b }: ToyModel, x: Node, importance: Node): Node {
  const outputs = relu(add(matmul(matmul(x, transpose(W)), W), b));
  const errors = multiply(square(subtract(outputs, x)), importance);
  return scale(sum(errors), 1 / x.shape[0]);
}
