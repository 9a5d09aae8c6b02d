/**
 * The toy model of superposition (arXiv 2310.06301) at a k-gon: expected loss in closed form, without data. Each entry of WᵀW
 * meets a ReLU that is linear on one part of [0, 1] and zero on the other; the integral of the square of a linear function with
 * values p and q at its ends is length·(p² + pq + q²)/3.
 */
import type { Graph, Node } from '../../graph/types';
import {
  absolute,
  add,
  divide,
  greater,
  maximum,
  minimum,
  multiply,
  scale,
  shift,
  square,
  subtract,
} from '../../ops/elementwise';
import { matmul } from '../../ops/matmul';
import { sum } from '../../ops/reduce';
import { select } from '../../ops/select';
import { constant, data, parameter } from '../../ops/source';
import { transpose } from '../../ops/view';
import { superpositionLoss, superpositionState } from '../theory/superposition';
import { theoryOf } from './answers';
import type { Target } from './types';

export interface SuperpositionOptions {
  readonly features: number;
  readonly hidden: number;
  /** "5+": see `superpositionState`. */
  readonly state: string;
  /** Of features left out without a positive bias; below 0. */
  readonly deadBias: number;
  /** Hold the biases of dead features at w*. */
  readonly freezeDeadBias: boolean;
}

/** Throws BadConfig naming `state` for one that does not exist. */
export function superpositionTarget(options: SuperpositionOptions): Target {
  const { features, hidden, state, deadBias, freezeDeadBias } = options;
  const found = superpositionState(features, state, hidden, deadBias);
  const { W, b, deadBiases } = found;
  // The chains run in float32, so w* is what float32 holds.
  const values = { W: W.map(Math.fround), b: b.map(Math.fround) };
  return {
    description: `toy model of superposition, ${features} features, state ${state}`,
    points: [
      {
        label: state,
        step: null,
        values,
        baseline: superpositionLoss(features, hidden, values.W, values.b),
        ...(freezeDeadBias && { frozen: { b: deadBiases } }),
      },
    ],
    samples: null,
    data: { 'off diagonal': offDiagonal(features) },
    trace(graph: Graph) {
      const weights = parameter(graph, 'W', [hidden, features], { kind: 'zeros' });
      const bias = parameter(graph, 'b', [features], { kind: 'zeros' });
      return { loss: traceSuperposition(weights, bias), sampleLosses: null };
    },
    chain: hidden === 2 ? { kind: 'superposition', features } : null,
    chainReason: hidden === 2 ? '' : 'the kernel has two hidden units',
    theory: () => theoryOf(found),
    thermal: () => null,
  };
}

function offDiagonal(size: number): Float32Array {
  return Float32Array.from({ length: size * size }, (_, i) => (i % (size + 1) === 0 ? 0 : 1));
}

/** L of W [h, c] and b [c], scalar. */
function traceSuperposition(W: Node, b: Node): Node {
  const { graph } = W;
  const [, features] = W.shape;
  const off = data(graph, 'off diagonal', [features, features]);
  const cross = integrateActive(matmul(transpose(W), W), b).square;
  const own = integrateSelf(sum(square(W), { axes: [0] }), b);
  return scale(add(sum(own), sum(multiply(cross, off))), 1 / features);
}

/** Where gμ + b > 0 on [0, 1]: its length, and ∫ relu(gμ + b)² dμ. */
function integrateActive(g: Node, b: Node): { readonly length: Node; readonly square: Node } {
  const { graph } = g;
  const zero = constant(graph, 0);
  const low = maximum(b, zero);
  const high = maximum(add(g, b), zero);
  const slope = maximum(absolute(g), constant(graph, 1e-30));
  const length = minimum(divide(maximum(low, high), slope), constant(graph, 1));
  return { length, square: multiply(length, thirdOfSquares(low, high)) };
}

/** ∫ (μ − relu(gμ + b))² dμ: μ² where the ReLU is off, (μ − gμ − b)² where it is on. */
function integrateSelf(g: Node, b: Node): Node {
  const { graph } = g;
  const zero = constant(graph, 0);
  const one = constant(graph, 1);
  const { length } = integrateActive(g, b);
  const onAtStart = greater(b, zero);
  const onAtEnd = greater(add(g, b), zero);
  // Neither end on: the ReLU is never on, both limits are 1.
  const from = select(onAtStart, zero, subtract(one, length));
  const to = select(onAtEnd, one, select(onAtStart, length, one));
  const line = (at: Node): Node => add(multiply(shift(g, -1), at), b);
  const active = multiply(subtract(to, from), thirdOfSquares(line(from), line(to)));
  const cube = (x: Node): Node => multiply(square(x), x);
  const off = scale(add(cube(from), subtract(one, cube(to))), 1 / 3);
  return add(active, off);
}

/** (p² + pq + q²) / 3 */
function thirdOfSquares(p: Node, q: Node): Node {
  return scale(add(add(square(p), multiply(p, q)), square(q)), 1 / 3);
}
