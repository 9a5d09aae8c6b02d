/** Parameters of a graph, and stand-ins for them. */
import { data, isParameter } from '../../ops/source';
import type { Graph, Node } from '../../graph/types';

export function parametersByName(graph: Graph): Map<string, Node> {
  return new Map(
    graph.nodes.filter(isParameter).map((node) => [node.attributes.name, node as Node]),
  );
}

/** A data leaf of the shape of each parameter, named `${prefix}.${name}`. */
export function leavesLike(
  graph: Graph,
  prefix: string,
  parameters: ReadonlyMap<string, Node>,
  replicated: boolean,
): Map<string, Node> {
  return new Map(
    [...parameters].map(([name, { shape }]) => [
      name,
      data(graph, `${prefix}.${name}`, shape, { replicated }),
    ]),
  );
}
