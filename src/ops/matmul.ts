/** Matrix products: [..., M, K]·[..., K, N] → [..., M, N], f32, batch axes broadcasting, any strides. */
import { trace } from '../graph/node';
import { sizeOf } from '../graph/shape';
import type { Node, Op } from '../graph/types';
import { launchProduct } from './matmul/launch';
import { inferProduct } from './matmul/shape';
import { sumTo } from './reduce';
import { reshape, transpose } from './view';

export const matmulOp: Op<null> = {
  name: 'matmul',
  infer: ([a, b]) => inferProduct('matmul', a, b),
  adjoint: (node, gradient) => {
    const [a, b] = node.inputs;
    return [
      sumTo(matmul(gradient, transpose(b)), a.shape),
      isOneMatrix(b)
        ? weightGradient(a, b, gradient)
        : sumTo(matmul(transpose(a), gradient), b.shape),
    ];
  },
  lower: (node, to) => {
    const [a, b] = node.inputs.map((input) => to.operand(input));
    launchProduct(to, 'matmul', a, b, to.result(node as Node), to.copies(node as Node));
  },
};

/**
 * Product of the last two axes; the axes before them broadcast. Transposed operands are free: `transpose` is a view.
 * Throws `ShapeMismatch` unless A is [..., M, K] and B [..., K, N].
 */
export function matmul(a: Node, b: Node): Node {
  return trace(matmulOp, [a, b], null) as Node;
}

function isOneMatrix({ shape }: Node): boolean {
  return sizeOf(shape.slice(0, -2)) === 1;
}

/** Aᵀ·G over all rows of all batches at once, rather than a matrix per batch to be summed. */
function weightGradient(a: Node, b: Node, gradient: Node): Node {
  const rows = (x: Node): Node => reshape(x, [sizeOf(x.shape) / x.shape.at(-1)!, x.shape.at(-1)!]);
  return reshape(matmul(transpose(rows(a)), rows(gradient)), b.shape);
}
