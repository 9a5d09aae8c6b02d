/** Reverse mode: appends the backward pass to the same graph. Op rules are data, in src/ops; this is only the walk. */
import { BadConfig, ShapeMismatch } from '../gpu/errors';
import { add } from '../ops/elementwise';
import { constant } from '../ops/source';
import { formatShape, sameShape } from './shape';
import type { Node } from './types';

/**
 * The gradients of a scalar by each of `wrt`, as nodes of the same graph and of the shapes of `wrt`; zeros where the scalar
 * does not depend on one. Throws `ShapeMismatch` when `output` is no scalar, `BadConfig` when the way to one of `wrt` leads
 * through an op without an adjoint.
 *
 *     const [dw] = gradients(mean(square(subtract(matmul(x, w), y))), [w]);
 */
export function gradients(output: Node, wrt: readonly Node[]): Node[] {
  if (output.shape.length !== 0) {
    throw new ShapeMismatch(
      `gradients: the output has shape ${formatShape(output.shape)}; reduce it to a scalar first`,
    );
  }
  const onTheWay = reaching(output.graph.nodes, wrt, output.id);
  const collected = new Map<Node, Node>([[output, constant(output.graph, 1)]]);
  for (let id = output.id; id >= 0; id--) {
    const node = output.graph.nodes[id];
    const gradient = collected.get(node);
    if (!gradient || node.inputs.length === 0 || !onTheWay.has(node)) continue;
    if (!node.op.adjoint) {
      throw new BadConfig(node.op.name, `no gradient; keep it off the way to the loss`);
    }
    const shares = node.op.adjoint(node, gradient);
    node.inputs.forEach((input, k) => {
      const share = shares[k];
      if (!share || !onTheWay.has(input)) return;
      if (!sameShape(share.shape, input.shape)) {
        throw new ShapeMismatch(
          `${node.op.name}: its adjoint gave ${formatShape(share.shape)} for input ${k} of shape ${formatShape(input.shape)}`,
        );
      }
      const before = collected.get(input);
      collected.set(input, before ? add(before, share) : share);
    });
  }
  return wrt.map((node) => collected.get(node) ?? constant(node.graph, 0, node.shape));
}

/** The nodes up to `last` that depend on one of `wrt`, those included. */
function reaching(nodes: readonly Node[], wrt: readonly Node[], last: number): Set<Node> {
  const found = new Set<Node>(wrt);
  for (let id = 0; id <= last; id++) {
    const node = nodes[id];
    if (node.inputs.some((input) => found.has(input))) found.add(node);
  }
  return found;
}
