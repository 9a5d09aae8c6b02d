/** Sums, means, maxima and norms along axes. Lowered in reduce-lowering.ts. */
import { ShapeMismatch } from '../gpu/errors';
import { trace } from '../graph/node';
import { formatShape, normalizeAxis, sameShape } from '../graph/shape';
import type { Node, Op, Shape, Type } from '../graph/types';
import { divide, maximum, multiply, scale } from './elementwise';
import { lowerFirstMaximum, lowerReduction } from './reduce-lowering';
import { constant } from './source';
import { requireFloat } from './unary';
import { broadcastTo, reshape } from './view';

export interface ReduceAttributes {
  /** Ascending, not negative. */
  readonly axes: readonly number[];
  /** Reduced axes stay, with extent 1. */
  readonly keep: boolean;
}

export interface ReduceOptions {
  /** All axes unless given; negative ones count from the right. */
  readonly axes?: readonly number[];
  /** Keep reduced axes with extent 1; false unless given. */
  readonly keep?: boolean;
}

function keptShape(shape: Shape, axes: readonly number[]): number[] {
  return shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent));
}

function inferReduced(name: string, [x]: readonly Type[], { axes, keep }: ReduceAttributes): Type {
  requireFloat(name, x);
  const kept = keptShape(x.shape, axes);
  return { shape: keep ? kept : kept.filter((_, axis) => !axes.includes(axis)), dtype: 'f32' };
}

function countReduced({ shape }: { readonly shape: Shape }, axes: readonly number[]): number {
  return axes.reduce((count, axis) => count * shape[axis], 1);
}

/** The gradient of the result with the reduced axes back in place, extent 1. */
function restoreAxes(gradient: Node, x: Node, axes: readonly number[]): Node {
  return reshape(gradient, keptShape(x.shape, axes));
}

export const sumOp: Op<ReduceAttributes> = {
  name: 'sum',
  infer: (inputs, attributes) => inferReduced('sum', inputs, attributes),
  adjoint: ({ inputs: [x], attributes: { axes } }, gradient) => [
    broadcastTo(restoreAxes(gradient, x, axes), x.shape),
  ],
  lower: (node, to) => lowerReduction(node, {}, to),
};

export const meanOp: Op<ReduceAttributes> = {
  name: 'mean',
  infer: (inputs, attributes) => inferReduced('mean', inputs, attributes),
  adjoint: ({ inputs: [x], attributes: { axes } }, gradient) => {
    const share = scale(gradient, 1 / countReduced(x, axes));
    return [broadcastTo(restoreAxes(share, x, axes), x.shape)];
  },
  lower: (node, to) => {
    const factor = 1 / countReduced(node.inputs[0], node.attributes.axes);
    lowerReduction(node, { factor }, to);
  },
};

export const maximumOfOp: Op<ReduceAttributes> = {
  name: 'maximumOf',
  infer: (inputs, attributes) => inferReduced('maximumOf', inputs, attributes),
  adjoint: ({ inputs: [x], attributes: { axes } }, gradient) => [
    multiply(firstMaximum(x, axes), restoreAxes(gradient, x, axes)),
  ],
  lower: (node, to) => lowerReduction(node, { maximum: true }, to),
};

export const normOp: Op<ReduceAttributes> = {
  name: 'norm',
  infer: (inputs, attributes) => inferReduced('norm', inputs, attributes),
  // x/|x|, and 0 where |x| is 0. The floor is a normal float32 whose reciprocal is finite.
  adjoint: (node, gradient) => {
    const { axes } = node.attributes;
    const [x] = node.inputs;
    const length = maximum(restoreAxes(node as Node, x, axes), constant(node.graph, 1e-30));
    return [multiply(divide(x, length), restoreAxes(gradient, x, axes))];
  },
  lower: (node, to) => lowerReduction(node, { squares: true }, to),
};

/** 1 at the first maximum along the axes, in row-major order, else 0: where the gradient of a maximum goes. */
export const firstMaximumOp: Op<ReduceAttributes> = {
  name: 'firstMaximum',
  infer: ([x]) => x,
  adjoint: () => [null],
  lower: lowerFirstMaximum,
};

/* @__NO_SIDE_EFFECTS__ */
function reduce(op: Op<ReduceAttributes>) {
  return (x: Node, options: ReduceOptions = {}): Node => {
    const { axes = [...x.shape.keys()], keep = false } = options;
    const normal = axes.map((axis) => normalizeAxis(op.name, axis, x.shape.length));
    const sorted = [...new Set(normal)].sort((a, b) => a - b);
    return trace(op, [x], { axes: sorted, keep }) as Node;
  };
}

export const sum = reduce(sumOp);
export const mean = reduce(meanOp);
/** The largest value along axes; the gradient goes to the first of equals. */
export const maximumOf = reduce(maximumOfOp);
/** √Σx² along axes; the gradient at 0 is 0. */
export const norm = reduce(normOp);

function firstMaximum(x: Node, axes: readonly number[]): Node {
  return trace(firstMaximumOp, [x], { axes, keep: true }) as Node;
}

/** Sums what broadcasting from `shape` repeated: the adjoint of a broadcast. Throws `ShapeMismatch` if it is none. */
export function sumTo(x: Node, shape: Shape): Node {
  if (sameShape(x.shape, shape)) return x;
  const missing = x.shape.length - shape.length;
  const fits =
    missing >= 0 &&
    shape.every((extent, axis) => extent === 1 || extent === x.shape[axis + missing]);
  if (!fits) {
    throw new ShapeMismatch(
      `sumTo: ${formatShape(shape)} does not broadcast to ${formatShape(x.shape)}`,
    );
  }
  const axes = [...x.shape.keys()].filter(
    (axis) => x.shape[axis] !== 1 && (axis < missing || shape[axis - missing] === 1),
  );
  return reshape(axes.length > 0 ? sum(x, { axes, keep: true }) : x, shape);
}
