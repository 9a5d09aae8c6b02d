/** Making nodes: the only way a graph grows. */
import { BadConfig } from '../gpu/errors';
import { checkShape } from './shape';
import type { Graph, Node, Op } from './types';

export function createGraph(): Graph {
  return { nodes: [] };
}

/** Appends a node: infers its type, checks that all inputs are of one graph. */
export function trace<A>(op: Op<A>, inputs: readonly Node[], attributes: A): Node<A> {
  const graph = inputs[0].graph;
  for (const input of inputs) {
    if (input.graph !== graph) {
      throw new BadConfig(op.name, `inputs belong to different graphs; trace them in one`);
    }
  }
  return append(graph, op, inputs, attributes);
}

/** As `trace`, for ops that may have no input and so name their graph. */
export function append<A>(
  graph: Graph,
  op: Op<A>,
  inputs: readonly Node[],
  attributes: A,
  replicated = op.random === true || inputs.some((input) => input.replicated),
): Node<A> {
  const { shape, dtype } = op.infer(inputs, attributes);
  checkShape(op.name, shape);
  const node: Node<A> = {
    id: graph.nodes.length,
    graph,
    op,
    inputs,
    attributes,
    shape,
    dtype,
    replicated,
  };
  graph.nodes.push(node as Node);
  return node;
}
