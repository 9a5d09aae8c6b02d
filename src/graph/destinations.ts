/** Where the outputs of a phase are wanted, and which of them can be computed straight there. */
import { sliceOp } from '../ops/view';
import { denseStrides, sizeOf } from './shape';
import type { Node, Op, Operand } from './types';

/** A node whose value is wanted, and where. */
export interface Output {
  readonly node: Node;
  /** A persistent place, dense; null for wherever it happens to be (then it lives until the phase ends). */
  readonly destination: Operand | null;
}

/**
 * Outputs that can be computed straight into place: replicated as the place is, wanted once, and read by no other node
 * (a reader might write the same block, which WebGPU forbids).
 */
export function directDestinations(
  order: readonly Node[],
  outputs: readonly Output[],
  replicas: number,
): Map<Node, Operand> {
  const read = new Set(order.flatMap((node) => node.inputs));
  const direct = new Map<Node, Operand>();
  const twice = new Set<Node>();
  for (const { node, destination } of outputs) {
    if (direct.has(node)) twice.add(node);
    const fits = replicas === 1 || node.replicated;
    if (destination && fits && !read.has(node)) direct.set(node, destination);
  }
  for (const node of twice) direct.delete(node);
  for (const [whole, place] of joinedDestinations(order, direct)) direct.set(whole, place);
  return direct;
}

/** First row of a slice. */
function startOf(node: Node): number {
  const { starts } = node.attributes as { readonly starts: readonly number[] };
  return starts[0];
}

/** What is only cut into rows for places that lie one after another is computed there as a whole. */
function joinedDestinations(
  order: readonly Node[],
  direct: ReadonlyMap<Node, Operand>,
): Map<Node, Operand> {
  const readers = new Map<Node, Node[]>();
  for (const node of order) {
    for (const input of node.inputs) readers.set(input, [...(readers.get(input) ?? []), node]);
  }
  const joined = new Map<Node, Operand>();
  for (const [whole, parts] of readers) {
    if (!parts.every((part) => part.op === (sliceOp as Op) && direct.has(part))) continue;
    parts.sort((a, b) => startOf(a) - startOf(b));
    const [first] = parts.map((part) => direct.get(part)!);
    const row = sizeOf(whole.shape.slice(1));
    let end = 0;
    const follow = parts.every((part) => {
      const { block, offset, replicaStride } = direct.get(part)!;
      const next = first.offset + end * row;
      const fits = startOf(part) === end && sizeOf(part.shape.slice(1)) === row;
      end += part.shape[0];
      return (
        fits && block === first.block && offset === next && replicaStride === first.replicaStride
      );
    });
    if (!follow || end !== whole.shape[0]) continue;
    joined.set(whole, { ...first, shape: whole.shape, strides: denseStrides(whole.shape) });
  }
  return joined;
}

/** Whether two operands of one shape are the same elements. */
export function samePlace(a: Operand, b: Operand): boolean {
  const strides = a.shape.every((extent, k) => extent === 1 || a.strides[k] === b.strides[k]);
  return (
    a.block === b.block && a.offset === b.offset && a.replicaStride === b.replicaStride && strides
  );
}
