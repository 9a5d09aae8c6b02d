/** Which results get rows of a multiple of four. */
import { matmulOp } from '../ops/matmul';
import { fusedMatmulOp } from '../ops/matmul-fused';
import { upToFour } from '../ops/rows';
import { transposeOp } from '../ops/view';
import type { Output } from './destinations';
import type { Node, Op, Shape } from './types';

/**
 * Products that only products and cross-entropy read: their rows are padded with zeros, so that what reads them and what
 * comes of them is loaded and stored in vec4s.
 */
export function paddedRows(order: readonly Node[], outputs: readonly Output[]): Set<Node> {
  const read = new Set<Node>(outputs.map(({ node }) => node));
  // Readers come behind what they read, so from the end: a transposed product is read as its own readers read it.
  for (const node of [...order].reverse()) {
    const { op, inputs } = node;
    const multiplies = isProduct(op) || (op === (transposeOp as Op) && !read.has(node));
    inputs.forEach((input, k) => {
      if (!multiplies && op.paddedInput !== k) read.add(input);
    });
  }
  return new Set(
    order.filter((node) => isProduct(node.op) && node.shape.at(-1)! % 4 !== 0 && !read.has(node)),
  );
}

const isProduct = (op: Op): boolean => op === (matmulOp as Op) || op === (fusedMatmulOp as Op);

/** The shape with rows of a multiple of 4. */
export function padRows(shape: Shape): Shape {
  return [...shape.slice(0, -1), upToFour(shape.at(-1)!)];
}
