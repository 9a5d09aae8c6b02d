/** What networks are made of: linear maps in PyTorch's [out, in] convention, and activations. */
import { BadConfig, ShapeMismatch } from '../gpu/errors';
import { formatShape, sizeOf } from '../graph/shape';
import type { Node } from '../graph/types';
import { add, gelu, relu, square, tanh } from '../ops/elementwise';
import { matmul } from '../ops/matmul';
import { reshape, transpose } from '../ops/view';
import type { Activation } from './types';

/** x [..., in] · weightᵀ (+ bias) → [..., out]; leading axes are folded into one, so that it is one matrix product. */
export function linear(x: Node, weight: Node, bias: Node | null = null): Node {
  const inner = x.shape[x.shape.length - 1];
  const [outer] = weight.shape;
  const product = matmul(reshape(x, [sizeOf(x.shape) / inner, inner]), transpose(weight));
  return reshape(bias ? add(product, bias) : product, [...x.shape.slice(0, -1), outer]);
}

const functions: Readonly<Record<Activation, (x: Node) => Node>> = {
  relu,
  gelu,
  quadratic: square,
  tanh,
  linear: (x) => x,
};

export const activationNames = /* @__PURE__ */ Object.keys(functions) as Activation[];

/** `gelu` is the exact one, with erf. */
export function activate(activation: Activation, x: Node): Node {
  return functions[activation](x);
}

/** Throws BadConfig unless `value` is a whole number of at least `least`. */
export function requireCount(path: string, value: number, least = 1): void {
  if (Number.isInteger(value) && value >= least) return;
  throw new BadConfig(path, {
    asked: `got ${value}`,
    limit: `must be a whole number of at least ${least}`,
    remedy: 'Choose one',
  });
}

/** Throws ShapeMismatch unless `tokens` is u32 [B, columns]. */
export function requireTokens(network: string, tokens: Node, columns: number): void {
  const { shape, dtype } = tokens;
  if (dtype === 'u32' && shape.length === 2 && shape[1] === columns) return;
  throw new ShapeMismatch({
    asked: `${network}: tokens are ${dtype} ${formatShape(shape)}`,
    limit: `it reads u32 [batch, ${columns}]`,
    remedy: 'Give one row of token numbers per sample',
  });
}

/** Throws ShapeMismatch unless `vectors` is f32 [B, positions, width]. */
export function requireVectors(
  network: string,
  vectors: Node,
  positions: number,
  width: number,
): void {
  const { shape, dtype } = vectors;
  const fits = shape.length === 3 && shape[1] === positions && shape[2] === width;
  if (dtype === 'f32' && fits) return;
  throw new ShapeMismatch({
    asked: `${network}: vectors are ${dtype} ${formatShape(shape)}`,
    limit: `it reads f32 [batch, ${positions}, ${width}]`,
    remedy: 'Give one vector per position and sample',
  });
}
