/** Rows of a table by index, and its adjoint, the sum of rows by index. Lowered in gather-lowering.ts. */
import { BadConfig, ShapeMismatch } from '../gpu/errors';
import { trace } from '../graph/node';
import { formatShape, sizeOf } from '../graph/shape';
import type { Node, Op, Tensor, Type } from '../graph/types';
import { lowerGather, lowerScatterAdd } from './gather-lowering';

function requireIndices(name: string, { dtype }: Type): void {
  if (dtype !== 'u32') throw new ShapeMismatch(`${name}: indices are ${dtype}, must be u32`);
}

function checkIndices(name: string, { data }: Tensor, below: number): void {
  const wrong = data.find((index) => index >= below);
  if (wrong !== undefined) {
    throw new BadConfig(name, `${name}: index ${wrong} into ${below} rows; give 0 … ${below - 1}`);
  }
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
  reference: ([table, indices], _, { shape }) => {
    const [count, ...rest] = table.shape;
    checkIndices('gather', indices, count);
    const width = sizeOf(rest);
    const result = new Float64Array(sizeOf(shape));
    indices.data.forEach((index, n) => {
      result.set(table.data.subarray(index * width, (index + 1) * width), n * width);
    });
    return result;
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
  reference: ([values, indices], { rows }, { shape }) => {
    checkIndices('scatterAdd', indices, rows);
    const width = sizeOf(shape.slice(1));
    const result = new Float64Array(sizeOf(shape));
    for (let n = 0; n < indices.data.length; n++) {
      const to = indices.data[n] * width;
      for (let d = 0; d < width; d++) result[to + d] += values.data[n * width + d];
    }
    return result;
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
