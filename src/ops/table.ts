/** Constant tables that ops bring along, such as DFT bases: made in float64, uploaded once as float32. */
import { append } from '../graph/node';
import { sizeOf } from '../graph/shape';
import { ShapeMismatch } from '../gpu/errors';
import type { Graph, Node, Op, Shape } from '../graph/types';

export interface TableAttributes {
  /** Equal keys, equal values: a program keeps one copy. */
  readonly key: string;
  readonly shape: Shape;
  readonly values: Float64Array;
}

export const tableOp: Op<TableAttributes> = {
  name: 'table',
  infer: (_, { shape }) => ({ shape, dtype: 'f32' }),
  lower() {
    throw new Error('table: a leaf; its values are placed by src/graph/lower.ts');
  },
};

/** A shared constant tensor; `make` is called only when the graph has no table of this key yet. */
export function table(graph: Graph, key: string, shape: Shape, make: () => Float64Array): Node {
  const known = graph.nodes.find((node) => isTable(node) && node.attributes.key === key);
  if (known) return known;
  const values = make();
  if (values.length !== sizeOf(shape)) {
    throw new ShapeMismatch(
      `table ${key}: ${values.length} values; its shape holds ${sizeOf(shape)}`,
    );
  }
  return append(graph, tableOp, [], { key, shape, values }, false) as Node;
}

export function isTable(node: Node): node is Node<TableAttributes> {
  return node.op === (tableOp as Op);
}
