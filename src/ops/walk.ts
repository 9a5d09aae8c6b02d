/**
 * How a kernel walks strided operands together: axes merged where all operands allow it, replicas as one more axis in
 * front, and units of four elements where strides allow it. The device half is shaders/lib/index.wgsl.
 */
import { denseStrides, sizeOf } from '../graph/shape';
import type { Operand, Shape } from '../graph/types';

type Four = readonly [number, number, number, number];

export interface Walk {
  /** Axes in use, 1 … 5. */
  readonly rank: number;
  /** Elements, or groups of four of them when `vector`. */
  readonly units: number;
  readonly vector: boolean;
  /** Of the inner four axes, right-aligned; the outermost axis needs none. */
  readonly extents: Four;
  readonly operands: readonly WalkedOperand[];
}

export interface WalkedOperand {
  readonly strides: Four;
  /** (offset, stride of the fifth axis). Strides and offset count groups of four when `vector` and not `splat`. */
  readonly origin: readonly [number, number];
  /** In a vector walk: one scalar for all four lanes; strides and offset count elements. */
  readonly splat: boolean;
}

const MAX_RANK = 5;

interface Axes {
  readonly extents: readonly number[];
  /** Per operand, per axis. */
  readonly strides: readonly (readonly number[])[];
}

/** Merges neighbouring axes that are contiguous in all operands and drops those of extent 1; at least one is left. */
export function collapse(axes: Axes): Axes {
  const extents: number[] = [];
  const strides: number[][] = axes.strides.map(() => []);
  axes.extents.forEach((extent, axis) => {
    if (extent === 1) return;
    const last = extents.length - 1;
    const merges =
      last >= 0 && axes.strides.every((own, k) => strides[k][last] === own[axis] * extent);
    if (merges) {
      extents[last] *= extent;
      strides.forEach((own, k) => (own[last] = axes.strides[k][axis]));
    } else {
      extents.push(extent);
      strides.forEach((own, k) => own.push(axes.strides[k][axis]));
    }
  });
  if (extents.length === 0) {
    extents.push(1);
    strides.forEach((own) => own.push(0));
  }
  return { extents, strides };
}

/**
 * The walks that together visit `copies` × `shape` in all operands (each of that shape, strides 0 where broadcast).
 * One walk, except where more than five axes are left after merging. The first operand is the one written to; only if it
 * allows are units groups of four.
 */
export function planWalks(
  shape: Shape,
  copies: number,
  operands: readonly Operand[],
  options: { readonly vector?: boolean } = {},
): Walk[] {
  const axes = collapse({
    extents: [copies, ...shape],
    strides: operands.map((operand) => [operand.replicaStride, ...operand.strides]),
  });
  const offsets = operands.map((operand) => operand.offset);
  return peel(axes, offsets, options.vector !== false);
}

function peel(axes: Axes, offsets: readonly number[], vector: boolean): Walk[] {
  if (axes.extents.length <= MAX_RANK) return [makeWalk(axes, offsets, vector)];
  const inner: Axes = {
    extents: axes.extents.slice(1),
    strides: axes.strides.map((own) => own.slice(1)),
  };
  return Array.from({ length: axes.extents[0] }, (_, i) => {
    const moved = offsets.map((offset, k) => offset + i * axes.strides[k][0]);
    return peel(inner, moved, vector);
  }).flat();
}

function makeWalk(axes: Axes, offsets: readonly number[], allowed: boolean): Walk {
  const rank = axes.extents.length;
  const splats = axes.strides.map((own) => own[rank - 1] === 0);
  const vector =
    allowed &&
    axes.extents[rank - 1] % 4 === 0 &&
    !splats[0] &&
    axes.strides.every(
      (own, k) =>
        // A splat may lie anywhere: buffers are whole groups of four (src/plan/arena.ts).
        splats[k] || (own[rank - 1] === 1 && fours(own.slice(0, -1)) && offsets[k] % 4 === 0),
    );
  const extents = axes.extents.map((extent, axis) =>
    vector && axis === rank - 1 ? extent / 4 : extent,
  );
  return {
    rank,
    units: sizeOf(extents),
    vector,
    extents: rightAligned(extents, 1),
    operands: axes.strides.map((own, k) => {
      const splat = vector && splats[k];
      const divisor = vector && !splat ? 4 : 1;
      const scaled = own.map((stride, axis) => (axis === rank - 1 ? stride : stride / divisor));
      return {
        strides: rightAligned(scaled, 0),
        origin: [offsets[k] / divisor, rank === MAX_RANK ? scaled[0] : 0],
        splat,
      };
    }),
  };
}

export function fours(numbers: readonly number[]): boolean {
  return numbers.every((number) => number % 4 === 0);
}

/** The last four, after as many fillers as are missing. */
export function rightAligned(values: readonly number[], filler: number): Four {
  const four = [filler, filler, filler, filler, ...values].slice(-4);
  return four as unknown as Four;
}

/** Strides that read `shape` as the larger `target` it broadcasts to: 0 along the axes that repeat. */
export function broadcastStrides(
  shape: Shape,
  target: Shape,
  strides: readonly number[] = denseStrides(shape),
): number[] {
  const missing = target.length - shape.length;
  return target.map((extent, axis) => {
    const own = axis - missing;
    return own < 0 || (shape[own] === 1 && extent !== 1) ? 0 : strides[own];
  });
}

export function broadcastOperand(operand: Operand, shape: Shape): Operand {
  return { ...operand, shape, strides: broadcastStrides(operand.shape, shape, operand.strides) };
}

/** Offsets, in row-major order of `shape`, of the elements that strides lead to. For references. */
export function offsetsOf(shape: Shape, strides: readonly number[], origin = 0): Uint32Array {
  const size = sizeOf(shape);
  const offsets = new Uint32Array(size);
  const at = new Array<number>(shape.length).fill(0);
  let offset = origin;
  for (let i = 0; i < size; i++) {
    offsets[i] = offset;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      offset += strides[axis];
      if (++at[axis] < shape[axis]) break;
      offset -= strides[axis] * shape[axis];
      at[axis] = 0;
    }
  }
  return offsets;
}
