/** Shapes of products: the op's shape rule, and batched products with broadcasting as a few plain ones. */
import { ShapeMismatch } from '../../gpu/errors';
import { broadcastShapes, formatShape } from '../../graph/shape';
import type { Operand, Shape, Type } from '../../graph/types';
import type { Block } from '../../plan/types';
import { broadcastStrides, collapse } from '../walk';

/** The type of [..., M, K]·[..., K, N]; batch axes broadcast. */
export function inferProduct(op: string, a: Type, b: Type): Type {
  const [m, ka] = a.shape.slice(-2);
  const [kb, n] = b.shape.slice(-2);
  if (a.shape.length < 2 || b.shape.length < 2 || ka !== kb) {
    throw new ShapeMismatch(
      `${op}: ${formatShape(a.shape)} times ${formatShape(b.shape)}; want [..., M, K] and [..., K, N] with equal K`,
    );
  }
  if (a.dtype !== 'f32' || b.dtype !== 'f32') {
    throw new ShapeMismatch(`${op}: inputs are ${a.dtype} and ${b.dtype}, must be f32`);
  }
  const batch = broadcastShapes(op, a.shape.slice(0, -2), b.shape.slice(0, -2));
  return { shape: [...batch, m, n], dtype: 'f32' };
}

/** A matrix over three outer axes, in elements: offset + outer · outer strides + i·row + j·column. */
export interface Matrices {
  readonly block: Block;
  readonly offset: number;
  readonly row: number;
  readonly column: number;
  readonly outer: readonly [number, number, number];
  /** As in `Operand`. */
  readonly padded?: boolean;
}

/** Products of one size, over three outer axes. */
export interface Products {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly outer: readonly [number, number, number];
  readonly a: Matrices;
  readonly b: Matrices;
  /** Result first, then what broadcasts to it, null where absent. */
  readonly outputs: readonly (Matrices | null)[];
}

/**
 * Replicas and batch axes, merged where strides allow and folded into M where B is the same for all; what is then more
 * than three axes becomes several `Products`. The first of `outputs` is the result, the others broadcast to its shape.
 */
export function planProducts(
  a: Operand,
  b: Operand,
  outputs: readonly (Operand | null)[],
  copies: number,
): Products[] {
  const { shape } = outputs[0]!;
  const batch = shape.slice(0, -2);
  const n = shape.at(-1)!;
  const k = a.shape.at(-1)!;
  const lies = [lieOf(a, batch, 'left'), lieOf(b, batch, 'right')];
  for (const output of outputs)
    lies.push(output ? outputLie(output, shape) : nowhere(batch.length));
  const axes = collapse({
    extents: [copies, ...batch, shape.at(-2)!],
    strides: lies.map(({ operand, along }) => [operand?.replicaStride ?? 0, ...along]),
  });
  const extents = [...axes.extents];
  const strides = axes.strides.map((own) => [...own]);
  // The last axis that is left counts rows if B does not move along it; else all products have a single row.
  const rows = extents.length > 0 && strides[1].at(-1) === 0;
  const m = rows ? extents.pop()! : 1;
  const rowStrides = strides.map((own) => (rows ? own.pop()! : 0));
  const looped = extents.splice(0, Math.max(0, extents.length - 3));
  return indicesOf(looped).map((index) => {
    const matrices = lies.map(({ operand, row, column }, which): Matrices | null => {
      if (!operand) return null;
      const own = strides[which];
      const offset = index.reduce((sum, i, axis) => sum + i * own[axis], operand.offset);
      return {
        block: operand.block,
        offset,
        row: row ?? rowStrides[which],
        column,
        outer: leftPadded(own.slice(looped.length), 0),
        padded: operand.padded,
      };
    });
    const [left, right, ...rest] = matrices;
    return { m, n, k, outer: leftPadded(extents, 1), a: left!, b: right!, outputs: rest };
  });
}

/** An operand with its strides along batch axes and rows of the result, and along what the result has no axis for. */
interface Lie {
  readonly operand: Operand | null;
  readonly along: readonly number[];
  /** Of B only, which does not move along the rows of the result: its stride along K. */
  readonly row?: number;
  readonly column: number;
}

const nowhere = (batchAxes: number): Lie => ({
  operand: null,
  along: new Array<number>(batchAxes + 1).fill(0),
  column: 0,
});

function lieOf(operand: Operand, batch: Shape, side: 'left' | 'right'): Lie {
  const own = operand.strides.slice(0, -2);
  const along = broadcastStrides(operand.shape.slice(0, -2), batch, own);
  const [row, column] = operand.strides.slice(-2);
  return side === 'left'
    ? { operand, along: [...along, row], column }
    : { operand, along: [...along, 0], row, column };
}

function outputLie(operand: Operand, shape: Shape): Lie {
  const along = broadcastStrides(operand.shape, shape, operand.strides);
  const column = along.pop()!;
  return { operand, along, column };
}

function leftPadded(values: readonly number[], filler: number): [number, number, number] {
  return [filler, filler, filler, ...values].slice(-3) as [number, number, number];
}

/** All index tuples below the extents; one empty tuple for none. */
function indicesOf(extents: readonly number[]): number[][] {
  return extents.reduce<number[][]>(
    (tuples, extent) =>
      tuples.flatMap((tuple) => Array.from({ length: extent }, (_, i) => [...tuple, i])),
    [[]],
  );
}
