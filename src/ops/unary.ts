/** Functions of one tensor, element by element: f32 → f32 of the same shape. */
import unaryShader from '../../shaders/unary.wgsl';
import unaryVec4Shader from '../../shaders/unary-vec4.wgsl';
import { BadConfig, ShapeMismatch } from '../gpu/errors';
import { trace } from '../graph/node';
import type { Lowering, Node, Op, Type } from '../graph/types';
import { divide, gate, multiply, subtract } from './binary';
import { normalCdf, normalDensity } from './erf';
import { launchWalks } from './walk-launch';

/** A host constant, rounded to f32: factor of `scale`, summand of `shift`; null for the others. */
type Constant = { readonly constant: number } | null;

interface Rule {
  /** As in shaders/lib/unary-functions.wgsl. */
  readonly code: number;
  readonly scalar: (x: number, constant: number) => number;
  /** Gradient of the input x from that of the output y; null where the function is a step. */
  readonly adjoint: (gradient: Node, x: Node, y: Node, constant: number) => Node | null;
}

const INVERSE_SQRT_2PI = 1 / Math.sqrt(2 * Math.PI);

export function requireFloat(name: string, input: Type): void {
  if (input.dtype !== 'f32') {
    throw new ShapeMismatch(`${name}: an input is ${input.dtype}, must be f32; use toFloat first`);
  }
}

/* @__NO_SIDE_EFFECTS__ */
function unaryOp(name: string, rule: Rule): Op<Constant> {
  return {
    name,
    infer: ([x]) => {
      requireFloat(name, x);
      return { shape: x.shape, dtype: 'f32' };
    },
    scalar: (attributes) => {
      const constant = Math.fround(attributes?.constant ?? 0);
      return (x) => rule.scalar(x, constant);
    },
    adjoint: (node, gradient) => [
      rule.adjoint(gradient, node.inputs[0], node as Node, node.attributes?.constant ?? 0),
    ],
    lower: (node, to) => lowerUnary(node, rule.code, to),
  };
}

function lowerUnary(node: Node<Constant>, code: number, to: Lowering): void {
  const x = to.operand(node.inputs[0]);
  const job = {
    label: node.op.name,
    shape: node.shape,
    copies: to.copies(node as Node),
    operands: { result: to.result(node as Node), x },
    params: { constant: Math.fround(node.attributes?.constant ?? 0) },
    overrides: { OP: code },
  };
  launchWalks(to, job, unaryShader, unaryVec4Shader);
}

export const negateOp = unaryOp('negate', {
  code: 0,
  scalar: (x) => -x,
  adjoint: (g) => negate(g),
});

export const reluOp = unaryOp('relu', {
  code: 1,
  scalar: (x) => Math.max(x, 0),
  adjoint: (g, _, y) => gate(g, y),
});

export const geluOp = unaryOp('gelu', {
  code: 2,
  scalar: (x) => x * normalCdf(x),
  adjoint: (g, x) => multiply(g, geluGradient(x)),
});

/** Its own derivative is φ(x)·(2 − x²), wanted only for second derivatives. */
export const geluGradientOp = unaryOp('geluGradient', {
  code: 3,
  scalar: (x) => normalCdf(x) + x * normalDensity(x),
  adjoint: (g, x) => {
    const squared = square(x);
    const density = scale(exponential(scale(squared, -0.5)), INVERSE_SQRT_2PI);
    return multiply(g, multiply(density, shift(negate(squared), 2)));
  },
});

export const tanhOp = unaryOp('tanh', {
  code: 4,
  scalar: Math.tanh,
  adjoint: (g, _, y) => multiply(g, shift(negate(square(y)), 1)),
});

export const squareOp = unaryOp('square', {
  code: 5,
  scalar: (x) => x * x,
  adjoint: (g, x) => multiply(g, scale(x, 2)),
});

export const squareRootOp = unaryOp('squareRoot', {
  code: 6,
  scalar: Math.sqrt,
  adjoint: (g, _, y) => divide(scale(g, 0.5), y),
});

export const exponentialOp = unaryOp('exponential', {
  code: 7,
  scalar: Math.exp,
  adjoint: (g, _, y) => multiply(g, y),
});

export const logarithmOp = unaryOp('logarithm', {
  code: 8,
  scalar: Math.log,
  adjoint: (g, x) => divide(g, x),
});

export const absoluteOp = unaryOp('absolute', {
  code: 9,
  scalar: Math.abs,
  adjoint: (g, x) => multiply(g, sign(x)),
});

export const signOp = unaryOp('sign', { code: 10, scalar: Math.sign, adjoint: () => null });

export const sigmoidOp = unaryOp('sigmoid', {
  code: 11,
  scalar: (x) => (x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x))),
  adjoint: (g, _, y) => multiply(g, subtract(y, square(y))),
});

export const softplusOp = unaryOp('softplus', {
  code: 12,
  scalar: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  adjoint: (g, x) => multiply(g, sigmoid(x)),
});

export const scaleOp = unaryOp('scale', {
  code: 13,
  scalar: (x, factor) => x * factor,
  adjoint: (g, _, __, factor) => scale(g, factor),
});

export const shiftOp = unaryOp('shift', {
  code: 14,
  scalar: (x, summand) => x + summand,
  adjoint: (g) => g,
});

/* @__NO_SIDE_EFFECTS__ */
const apply =
  (op: Op<Constant>) =>
  (x: Node): Node =>
    trace(op, [x], null) as Node;

export const negate = apply(negateOp);
/** max(x, 0); its gradient at 0 is 0. */
export const relu = apply(reluOp);
/** x·Φ(x), the erf form. */
export const gelu = apply(geluOp);
/** Derivative of `gelu`: Φ(x) + x·φ(x). */
export const geluGradient = apply(geluGradientOp);
export const tanh = apply(tanhOp);
export const square = apply(squareOp);
/** √x for x ≥ 0; the gradient at 0 is not finite. */
export const squareRoot = apply(squareRootOp);
/** eˣ; x ≤ 88, beyond which f32 overflows. */
export const exponential = apply(exponentialOp);
/** ln x for x > 0. */
export const logarithm = apply(logarithmOp);
export const absolute = apply(absoluteOp);
/** −1, 0 or 1; no gradient. */
export const sign = apply(signOp);
/** 1/(1 + e⁻ˣ). */
export const sigmoid = apply(sigmoidOp);
/** ln(1 + eˣ), with relative precision where it is tiny. */
export const softplus = apply(softplusOp);

/** x·factor, the factor a number known when the graph is traced. */
export function scale(x: Node, factor: number): Node {
  return trace(scaleOp, [x], hostConstant('scale', factor)) as Node;
}

/** x + summand, the summand a number known when the graph is traced. */
export function shift(x: Node, summand: number): Node {
  return trace(shiftOp, [x], hostConstant('shift', summand)) as Node;
}

function hostConstant(name: string, value: number): Constant {
  const constant = Math.fround(value);
  if (!Number.isFinite(constant)) {
    throw new BadConfig(name, `${name}: the constant ${value} is not finite in float32`);
  }
  return { constant };
}
