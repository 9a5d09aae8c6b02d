/** Tracing what is there again on other leaves: the same network at another point, or along a subspace. */
import { ancestors } from './ancestors';
import { append } from './node';
import type { Node } from './types';

/**
 * `outputs` with every node of `leaves` replaced by its image, in the same graph. What depends on none of them is shared, so
 * that a batch drawn once serves both.
 *
 *     const [there] = substitute([loss], new Map([[weight, data(graph, 'anchor', weight.shape)]]));
 */
export function substitute(outputs: readonly Node[], leaves: ReadonlyMap<Node, Node>): Node[] {
  const images = new Map<Node, Node>(leaves);
  const imageOf = (node: Node): Node => images.get(node) ?? node;
  for (const node of ancestors(outputs)) {
    if (images.has(node)) continue;
    const inputs = node.inputs.map(imageOf);
    if (inputs.every((input, k) => input === node.inputs[k])) continue;
    images.set(node, append(node.graph, node.op, inputs, node.attributes));
  }
  return outputs.map(imageOf);
}
