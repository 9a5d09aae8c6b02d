/**
 * The reference: the graph in float64, node by node, one replica at a time. The oracle for every kernel and every gradient,
 * the debugger, and what runs where there is no WebGPU.
 */
import { ShapeMismatch } from '../gpu/errors';
import { findReference, type References } from '../ops/reference/common';
import { isData, isParameter } from '../ops/source';
import { ancestors } from './ancestors';
import { formatShape, sizeOf } from './shape';
import type { Moment, Node, Tensor } from './types';

/** The values of a parameter or data leaf for one replica, dense row-major. */
export type Feed = (leaf: Node, replica: number) => ArrayLike<number>;

/**
 * Values of `outputs` for the replica and step of `moment`, with the references of at least the ops they need. `shared` may be kept
 * between replicas and steps whose data are the same: what does not depend on the replica is then computed once.
 */
export function evaluateWith(
  references: References,
  outputs: readonly Node[],
  feed: Feed,
  moment: Moment,
  shared: Map<Node, Tensor> = new Map(),
): Tensor[] {
  const order = ancestors(outputs);
  const values = new Map<Node, Tensor>();
  const remaining = countUses(order, outputs);
  const drawn = drawnNodes(order);
  const valueOf = (node: Node): Tensor => (values.get(node) ?? shared.get(node))!;
  for (const node of order) {
    if (shared.has(node)) continue;
    const home = node.replicated || drawn.has(node) ? values : shared;
    home.set(node, compute(node, node.inputs.map(valueOf), feed, moment, references));
    for (const input of node.inputs) {
      const uses = remaining.get(input)! - 1;
      remaining.set(input, uses);
      if (uses === 0) values.delete(input);
    }
  }
  return outputs.map(valueOf);
}

/** Nodes that depend on random numbers: new at every step, even where replicas share them. */
function drawnNodes(order: readonly Node[]): Set<Node> {
  const drawn = new Set<Node>();
  for (const node of order) {
    if (node.op.random || node.inputs.some((input) => drawn.has(input))) drawn.add(node);
  }
  return drawn;
}

function compute(
  node: Node,
  inputs: readonly Tensor[],
  feed: Feed,
  moment: Moment,
  references: References,
): Tensor {
  const { shape } = node;
  if (isParameter(node) || isData(node)) {
    const values = feed(node, moment.replica);
    if (values.length !== sizeOf(shape)) {
      throw new ShapeMismatch(
        `'${node.attributes.name}' was fed ${values.length} values; its shape ${formatShape(shape)} holds ${sizeOf(shape)}`,
      );
    }
    return { shape, data: values instanceof Float64Array ? values : Float64Array.from(values) };
  }
  const reference = findReference(node.op, references);
  if (!reference) throw new Error(`${node.op.name}: no entry in src/ops/reference/index.ts`);
  return { shape, data: reference(inputs, node.attributes, node, moment) };
}

/** How often each node is read, an output once more, so that its value survives. */
function countUses(order: readonly Node[], outputs: readonly Node[]): Map<Node, number> {
  const uses = new Map<Node, number>();
  const count = (node: Node): void => void uses.set(node, (uses.get(node) ?? 0) + 1);
  for (const node of order) node.inputs.forEach(count);
  outputs.forEach(count);
  return uses;
}
