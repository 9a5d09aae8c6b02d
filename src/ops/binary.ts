/** Functions of two tensors, element by element, with numpy's broadcasting: f32, f32 → f32. */
import binaryShader from '../../shaders/binary.wgsl';
import binaryVec4Shader from '../../shaders/binary-vec4.wgsl';
import { trace } from '../graph/node';
import { broadcastShapes } from '../graph/shape';
import type { Lowering, Node, Op } from '../graph/types';
import { sumTo } from './reduce';
import { negate, requireFloat } from './unary';
import { broadcastOperand } from './walk';
import { launchWalks } from './walk-launch';

interface Rule {
  /** As in shaders/lib/binary-functions.wgsl. */
  readonly code: number;
  readonly scalar: (a: number, b: number) => number;
  /** Gradients of a and b, of the shape of the result y: summed over what broadcasting repeated afterwards. */
  readonly adjoint: (gradient: Node, a: Node, b: Node, y: Node) => readonly (Node | null)[];
}

/* @__NO_SIDE_EFFECTS__ */
function binaryOp(name: string, rule: Rule): Op<null> {
  return {
    name,
    infer: ([a, b]) => {
      requireFloat(name, a);
      requireFloat(name, b);
      return { shape: broadcastShapes(name, a.shape, b.shape), dtype: 'f32' };
    },
    scalar: () => rule.scalar,
    adjoint: (node, gradient) => {
      const [a, b] = node.inputs;
      const shares = rule.adjoint(gradient, a, b, node as Node);
      return shares.map((share, k) => share && sumTo(share, node.inputs[k].shape));
    },
    lower: (node, to) => lowerBinary(node, rule.code, to),
  };
}

function lowerBinary(node: Node<null>, code: number, to: Lowering): void {
  const [a, b] = node.inputs.map((input) => broadcastOperand(to.operand(input), node.shape));
  const job = {
    label: node.op.name,
    shape: node.shape,
    copies: to.copies(node as Node),
    operands: { result: to.result(node as Node), a, b },
    overrides: { OP: code },
  };
  launchWalks(to, job, binaryShader, binaryVec4Shader);
}

export const addOp = binaryOp('add', {
  code: 0,
  scalar: (a, b) => a + b,
  adjoint: (g) => [g, g],
});

export const subtractOp = binaryOp('subtract', {
  code: 1,
  scalar: (a, b) => a - b,
  adjoint: (g) => [g, negate(g)],
});

export const multiplyOp = binaryOp('multiply', {
  code: 2,
  scalar: (a, b) => a * b,
  adjoint: (g, a, b) => [multiply(g, b), multiply(g, a)],
});

export const divideOp = binaryOp('divide', {
  code: 3,
  scalar: (a, b) => a / b,
  adjoint: (g, _, b, y) => {
    const share = divide(g, b);
    return [share, negate(multiply(share, y))];
  },
});

export const maximumOp = binaryOp('maximum', {
  code: 4,
  scalar: Math.max,
  adjoint: (g, a, b) => chosen(g, greater(a, b)),
});

export const minimumOp = binaryOp('minimum', {
  code: 5,
  scalar: Math.min,
  adjoint: (g, a, b) => chosen(g, greater(b, a)),
});

export const greaterOp = binaryOp('greater', {
  code: 6,
  scalar: (a, b) => Number(a > b),
  adjoint: () => [null, null],
});

export const equalOp = binaryOp('equal', {
  code: 7,
  scalar: (a, b) => Number(a === b),
  adjoint: () => [null, null],
});

export const gateOp = binaryOp('gate', {
  code: 8,
  scalar: (a, b) => (b > 0 ? a : 0),
  adjoint: (g, _, b) => [gate(g, b), null],
});

/** The gradient where the mask is 1, and the rest of it. */
function chosen(gradient: Node, mask: Node): readonly Node[] {
  const first = multiply(gradient, mask);
  return [first, subtract(gradient, first)];
}

/* @__NO_SIDE_EFFECTS__ */
const apply =
  (op: Op<null>) =>
  (a: Node, b: Node): Node =>
    trace(op, [a, b], null) as Node;

export const add = apply(addOp);
export const subtract = apply(subtractOp);
export const multiply = apply(multiplyOp);
export const divide = apply(divideOp);
/** The larger of two; at ties the gradient is that of b. */
export const maximum = apply(maximumOp);
/** The smaller of two; at ties the gradient is that of b. */
export const minimum = apply(minimumOp);
/** 1 where a > b, else 0; no gradient. Integers go through `toFloat`, exact below 2²⁴. */
export const greater = apply(greaterOp);
/** 1 where a = b, else 0; no gradient. */
export const equal = apply(equalOp);
/** a where b > 0, else 0: the gradient of relu from its output. */
export const gate = apply(gateOp);
