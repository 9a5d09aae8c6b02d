/** What ops along the last axis share: their types and the grid of row kernels. */
import { ShapeMismatch } from '../gpu/errors';
import { formatShape, sizeOf } from '../graph/shape';
import type { Lowering, Operand, Type } from '../graph/types';

export interface RowGrid {
  /** Take the kernel in which a team of invocations shares a row. */
  readonly team: boolean;
  readonly groups: number;
  readonly overrides: { readonly WORKGROUP: number; readonly TEAM: number };
}

const WORKGROUP = 64;
/** Shorter rows are not worth a barrier. */
const LONG_ROW = 16;
const WIDEST_TEAM = 256;

/** Grid over `total` rows of `columns` elements: shaders/lib/rows. */
export function rowGrid(total: number, columns: number, to: Lowering): RowGrid {
  let team = 1;
  if (to.traits.barriers && columns >= LONG_ROW) {
    const widest = Math.min(WIDEST_TEAM, to.traits.maxInvocations);
    while (team < widest && team * 4 < columns) team *= 2; // a vec4 each
  }
  const workgroup = Math.max(WORKGROUP, team);
  return {
    team: team > 1,
    groups: Math.ceil((total * team) / workgroup),
    overrides: { WORKGROUP: workgroup, TEAM: team },
  };
}

/** Where the rows of a dense operand begin, as row kernels take it. */
export function rowLayout({ offset, replicaStride }: Operand): readonly [number, number] {
  return [offset, replicaStride];
}

/** Rows of one replica: all elements but those of the last axis. */
export function rowsOf({ shape }: Pick<Type, 'shape'>): number {
  return sizeOf(shape.slice(0, -1));
}

export function columnsOf({ shape }: Pick<Type, 'shape'>): number {
  return shape[shape.length - 1];
}

/** The next multiple of 4. */
export function upToFour(count: number): number {
  return 4 * Math.ceil(count / 4);
}

/** Throws `ShapeMismatch` for a scalar or for integers. */
export function checkRows(op: string, x: Type): void {
  if (x.shape.length === 0) {
    throw new ShapeMismatch(`${op}: a scalar has no last axis; give a tensor of rank 1 or more`);
  }
  checkFloat(op, x);
}

export function checkFloat(op: string, x: Type): void {
  if (x.dtype !== 'f32') {
    throw new ShapeMismatch(
      `${op}: an input ${formatShape(x.shape)} holds integers; convert it with toFloat`,
    );
  }
}
