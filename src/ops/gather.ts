/** Rows of a table by index, and its adjoint, the sum of rows by index. Lowered in gather-lowering.ts. */
import { ShapeMismatch } from '../gpu/errors';
import { trace } from '../graph/node';
import { formatShape } from '../graph/shape';
import type { Node, Op, Type } from '../graph/types';
import { lowerGather, lowerScatterAdd } from './gather-lowering';

function requireIndices(name: string, { dtype }: Type): void {
  if (dtype !== 'u32') throw new ShapeMismatch(`${name}: indices are ${dtype}, must be u32`);
}

export const gatherOp: Op<null> = {
  name: 'gather',
  infer: ([table, indices]) => {
    requireIndices('gather', indices);
    if (table.shape.length === 0) {
      throw new ShapeMismatch('gather: the table is a scalar; it needs an axis to index');
    }
    return { shape: [...indices.shape, ...table.shape.slice(1)], dtype: table.dtype };
  },
  adjoint: ({ inputs: [table, indices] }, gradient) => [
    table.dtype === 'f32' ? scatterAdd(gradient, indices, table.shape[0]) : null,
    null,
  ],
  lower: lowerGather,
};

/**
 * table [V, …], f32 or u32, by u32 indices [...] → [..., …]: the row of each index. An index of V or more throws
 * `BadConfig` in the reference and reads the last row on the device.
 */
export function gather(table: Node, indices: Node): Node {
  return trace(gatherOp, [table, indices], null) as Node;
}

export interface ScatterAttributes {
  /** V */
  readonly rows: number;
}

export const scatterAddOp: Op<ScatterAttributes> = {
  name: 'scatterAdd',
  infer: ([values, indices], { rows }) => {
    requireIndices('scatterAdd', indices);
    const leading = indices.shape.length;
    const fits = indices.shape.every((extent, axis) => extent === values.shape[axis]);
    if (!fits || values.dtype !== 'f32') {
      throw new ShapeMismatch(
        `scatterAdd: ${values.dtype} values ${formatShape(values.shape)} ` +
          `by indices ${formatShape(indices.shape)}; f32 values must begin with the indices' axes`,
      );
    }
    return { shape: [rows, ...values.shape.slice(leading)], dtype: 'f32' };
  },
  adjoint: ({ inputs: [, indices] }, gradient) => [gather(gradient, indices), null],
  lower: lowerScatterAdd,
};

/**
 * values [..., …] f32 by u32 indices [...] → [V, …]: row v is the sum of the values whose index is v. An index of V or
 * more throws `BadConfig` in the reference and is left out on the device. Deterministic.
 */
export function scatterAdd(values: Node, indices: Node, rows: number): Node {
  return trace(scatterAddOp, [values, indices], { rows }) as Node;
}
