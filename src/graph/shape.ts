/** Small arithmetic on shapes. */
import { ShapeMismatch } from '../gpu/errors';
import type { Shape } from './types';

/** Number of elements; 1 for a scalar. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((size, extent) => size * extent, 1);
}

/** Row-major strides in elements. */
export function denseStrides(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis];
  }
  return strides;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((extent, axis) => extent === b[axis]);
}

export function formatShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

/** The shape two operands broadcast to (numpy's rule: right-aligned, extents equal or 1). */
export function broadcastShapes(op: string, a: Shape, b: Shape): number[] {
  const rank = Math.max(a.length, b.length);
  const result = new Array<number>(rank);
  for (let k = 1; k <= rank; k++) {
    const x = a[a.length - k] ?? 1;
    const y = b[b.length - k] ?? 1;
    if (x !== y && x !== 1 && y !== 1) {
      throw new ShapeMismatch(
        `${op}: shapes ${formatShape(a)} and ${formatShape(b)} do not broadcast; ` +
          `extents must be equal or 1, counted from the right`,
      );
    }
    result[rank - k] = x === 1 ? y : x;
  }
  return result;
}

/** An axis counted from the left; negative ones count from the right. */
export function normalizeAxis(op: string, axis: number, rank: number): number {
  const normal = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(axis) || normal < 0 || normal >= rank) {
    throw new ShapeMismatch(
      `${op}: axis ${axis} of a tensor of rank ${rank}; give −rank … rank − 1`,
    );
  }
  return normal;
}

/** Every extent a positive integer, the product below 2³²: zero-size bindings are illegal in WebGPU. */
export function checkShape(op: string, shape: Shape): void {
  for (const extent of shape) {
    if (!Number.isInteger(extent) || extent < 1) {
      throw new ShapeMismatch(
        `${op}: shape ${formatShape(shape)}; every extent must be a positive integer`,
      );
    }
  }
  if (sizeOf(shape) >= 2 ** 32) {
    throw new ShapeMismatch(
      `${op}: shape ${formatShape(shape)} has 2^32 elements or more; use fewer`,
    );
  }
}
