/** Operands seen as tables of rows. */
import { sizeOf } from '../graph/shape';
import type { Lowering, Node, Operand } from '../graph/types';
import type { Block } from '../plan/types';
import { reshapeStrides } from './view';

/** An operand seen as [rows, columns]. */
export interface Rows {
  readonly block: Block;
  readonly offset: number;
  readonly replicaStride: number;
  readonly rows: number;
  readonly columns: number;
  readonly rowStride: number;
  readonly columnStride: number;
}

/** The node with its first `leading` axes as rows and the others as columns; copied first when no strides say that. */
export function asRows(node: Node, leading: number, to: Lowering): Rows {
  const rows = sizeOf(node.shape.slice(0, leading));
  const columns = sizeOf(node.shape.slice(leading));
  const flat = ({ shape, strides }: Operand) => reshapeStrides(shape, strides, [rows, columns]);
  let operand = to.operand(node);
  let strides = flat(operand);
  if (!strides) {
    operand = to.dense(node);
    strides = [columns, 1];
  }
  const { block, offset, replicaStride } = operand;
  const [rowStride, columnStride] = strides;
  return { block, offset, replicaStride, rows, columns, rowStride, columnStride };
}
