/** Leaves of a graph: parameters, data and constants. Their values are laid out by `src/graph/compile.ts`. */
import { BadConfig } from '../gpu/errors';
import { append } from '../graph/node';
import type { Dtype, Graph, Node, Op, Shape } from '../graph/types';

/** How a parameter starts: from Philox with the replica's seed, so that a run can be repeated from its seed alone. */
export type Init =
  | { readonly kind: 'zeros' }
  | { readonly kind: 'ones' }
  | { readonly kind: 'normal'; readonly std: number }
  | { readonly kind: 'uniform'; readonly bound: number };

interface ParameterAttributes {
  readonly name: string;
  readonly shape: Shape;
  readonly init: Init;
}

interface DataAttributes {
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: Dtype;
}

export interface ConstantAttributes {
  readonly value: number;
  readonly shape: Shape;
}

const leafOnly = (what: string) => (): never => {
  throw new BadConfig(what, `a leaf has no rule of its own; evaluate the graph instead`);
};

export const parameterOp: Op<ParameterAttributes> = {
  name: 'parameter',
  infer: (_, { shape }) => ({ shape, dtype: 'f32' }),
  lower: leafOnly('parameter'),
};

export const dataOp: Op<DataAttributes> = {
  name: 'data',
  infer: (_, { shape, dtype }) => ({ shape, dtype }),
  lower: leafOnly('data'),
};

export const constantOp: Op<ConstantAttributes> = {
  name: 'constant',
  infer: (_, { shape }) => ({ shape, dtype: 'f32' }),
  lower: leafOnly('constant'),
};

/** A trained tensor, a copy per replica. Names are PyTorch's: `embed.weight`, `blocks.0.mlp.in.weight`. */
export function parameter(graph: Graph, name: string, shape: Shape, init: Init): Node {
  checkName(graph, name);
  return append(graph, parameterOp, [], { name, shape, init }, true) as Node;
}

/** What the graph reads and does not train. Shared by all replicas, or one copy each. */
export function data(
  graph: Graph,
  name: string,
  shape: Shape,
  options: { readonly dtype?: Dtype; readonly replicated?: boolean } = {},
): Node {
  checkName(graph, name);
  const { dtype = 'f32', replicated = false } = options;
  return append(graph, dataOp, [], { name, shape, dtype }, replicated) as Node;
}

/** The same float everywhere; a scalar unless a shape is given. */
export function constant(graph: Graph, value: number, shape: Shape = []): Node {
  return append(graph, constantOp, [], { value, shape }, false) as Node;
}

export function isParameter(node: Node): node is Node<ParameterAttributes> {
  return node.op === (parameterOp as Op);
}

export function isData(node: Node): node is Node<DataAttributes> {
  return node.op === (dataOp as Op);
}

export function isConstant(node: Node): node is Node<ConstantAttributes> {
  return node.op === (constantOp as Op);
}

function checkName(graph: Graph, name: string): void {
  const taken = graph.nodes.some(
    (node) => (isParameter(node) || isData(node)) && node.attributes.name === name,
  );
  if (taken) throw new BadConfig(name, 'names two leaves of one graph; give each its own name');
}
