/** From nodes to launches: walks the graph in order, lets each op lower itself, and sees that outputs land where asked. */
import { beginPhase, createBlock, type PhaseUnderway } from '../plan/phase';
import type { Block, Traits } from '../plan/types';
import { copyStrided } from '../ops/copy';
import { crossEntropyPartOp, crossEntropyPassOp } from '../ops/cross-entropy-pass';
import { matmulOp } from '../ops/matmul';
import { fusedMatmulOp } from '../ops/matmul-fused';
import { upToFour } from '../ops/rows';
import { transposeOp } from '../ops/view';
import { isConstant, isData, isParameter } from '../ops/source';
import { isTable } from '../ops/table';
import { ancestors } from './evaluate';
import {
  findLinearGradients,
  lowerLinearGradient,
  viewsOf,
  type LinearNodes,
} from './linear-gradients';
import { denseStrides, sizeOf } from './shape';
import type { Lowering, Node, Op, Operand, Shape } from './types';

/** What all phases of a program share. */
export interface LoweringContext {
  readonly traits: Traits;
  readonly replicas: number;
  readonly clock: Block;
  /** Where a parameter or data leaf lies. */
  leaf(node: Node): Operand;
  /** Values that constants and tables start with; filled while lowering. */
  readonly values: Map<Block, Float32Array | Uint32Array>;
  /** Constants by value and tables by key, so that phases share them. */
  readonly constants: Map<string, Block>;
}

/** A node whose value is wanted, and where. */
export interface Output {
  readonly node: Node;
  /** A persistent place, dense; null for wherever it happens to be (then it lives until the phase ends). */
  readonly destination: Operand | null;
}

export interface LoweredPhase {
  readonly to: PhaseUnderway;
  /** Where each output ended up, in order. */
  readonly operands: readonly Operand[];
}

/** Lowers `outputs` and all they need; the caller may append launches before it finishes the phase. */
export function lowerPhase(
  name: string,
  outputs: readonly Output[],
  context: LoweringContext,
): LoweredPhase {
  const order = ancestors(outputs.map(({ node }) => node));
  const to = beginPhase(name, context.traits, context.replicas);
  const operands = new Map<Node, Operand>();
  const copiesMade = new Map<Node, Operand>();
  const direct = directDestinations(order, outputs, context.replicas);
  const copies = (node: Node): number => (node.replicated ? context.replicas : 1);
  const operand = (node: Node): Operand => {
    const found = operands.get(node);
    if (!found) throw new Error(`${node.op.name}: node ${node.id} was read before it was lowered`);
    return found;
  };
  const padded = paddedRows(order, outputs);
  const room = (node: Node): Operand => {
    const shape = padded.has(node) ? padRows(node.shape) : node.shape;
    const label = `${node.op.name} ${node.id}`;
    const block = to.transient(label, sizeOf(shape) * copies(node), node.dtype);
    const dense = denseOperand(block, { ...node, shape });
    return padded.has(node) ? { ...dense, shape: node.shape, padded: true } : dense;
  };
  const lowering: Lowering = {
    ...to,
    clock: context.clock,
    copies,
    operand,
    dense(node) {
      const source = operand(node);
      if (isDense(source)) return source;
      let copy = copiesMade.get(node);
      if (!copy) {
        copy = room(node);
        copyStrided(to, source, copy, copies(node));
        copiesMade.set(node, copy);
      }
      return copy;
    },
    rows(node) {
      const source = operand(node);
      return source.padded ? source : lowering.dense(node);
    },
    result(node) {
      const place = operands.get(node) ?? direct.get(node) ?? room(node);
      operands.set(node, place);
      return place;
    },
    alias(node, view, rows) {
      operands.set(node, rows?.padded ? view : { ...view, padded: false });
    },
  };
  const lower = (node: Node): void => {
    if (isParameter(node) || isData(node)) operands.set(node, context.leaf(node));
    else if (isConstant(node) || isTable(node)) operands.set(node, placeConstant(node, context));
    else node.op.lower(node, lowering);
  };
  // Kernels with workgroup memory have each product for itself, in as many pieces as fill a GPU.
  const alone = new Set(direct.keys());
  const linear = to.traits.barriers
    ? new Map<Node, LinearNodes>()
    : findLinearGradients(order, alone);
  const postponed = new Set([...linear.values()].flatMap(({ dw, db }) => (db ? [dw, db] : [dw])));
  for (const node of order) {
    const nodes = linear.get(node);
    if (nodes) {
      const early = viewsOf(nodes).filter((view) => !operands.has(view));
      early.forEach(lower);
      const { dw, db } = nodes;
      const whole = lowerLinearGradient(nodes, lowering);
      if (!whole) lower(dw);
      if (db && whole !== 'with bias') lower(db);
      if (whole) continue;
    }
    if (!postponed.has(node)) lower(node);
  }
  const places = outputs.map(({ node, destination }) => {
    const place = operand(node);
    if (!destination || place === destination) return place;
    copyStrided(to, place, destination, context.replicas);
    return destination;
  });
  return { to, operands: places };
}

/** Dense, the replicas one after another. */
export function denseOperand(block: Block, node: Node): Operand {
  const { shape } = node;
  return {
    block,
    offset: 0,
    shape,
    strides: denseStrides(shape),
    replicaStride: node.replicated ? sizeOf(shape) : 0,
  };
}

/** Row-major, no gaps; where an axis has extent 1 its stride does not matter. */
export function isDense({ shape, strides }: Operand): boolean {
  const dense = denseStrides(shape);
  return shape.every((extent, axis) => extent === 1 || strides[axis] === dense[axis]);
}

/**
 * Outputs that can be computed straight into place: replicated as the place is, wanted once, and read by no other node
 * (a reader might write the same block, which WebGPU forbids).
 */
function directDestinations(
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
  return direct;
}

/**
 * Products that only products and cross-entropy read: their rows are padded with zeros, so that what reads them and what
 * comes of them is loaded and stored in vec4s.
 */
function paddedRows(order: readonly Node[], outputs: readonly Output[]): Set<Node> {
  const read = new Set<Node>(outputs.map(({ node }) => node));
  // Readers come behind what they read, so from the end: a transposed product is read as its own readers read it.
  for (const node of [...order].reverse()) {
    const { op, inputs } = node;
    const multiplies = isProduct(op) || (op === (transposeOp as Op) && !read.has(node));
    inputs.forEach((input, k) => {
      const logits =
        (op === (crossEntropyPassOp as Op) && k === 0) ||
        (op === (crossEntropyPartOp as Op) && k === 1);
      if (!multiplies && !logits) read.add(input);
    });
  }
  return new Set(
    order.filter((node) => isProduct(node.op) && node.shape.at(-1)! % 4 !== 0 && !read.has(node)),
  );
}

const isProduct = (op: Op): boolean => op === (matmulOp as Op) || op === (fusedMatmulOp as Op);

/** The shape with rows of a multiple of 4. */
function padRows(shape: Shape): Shape {
  return [...shape.slice(0, -1), upToFour(shape.at(-1)!)];
}

function placeConstant(node: Node, context: LoweringContext): Operand {
  if (isTable(node)) {
    const { key, values } = node.attributes;
    const block = constantBlock(`table ${key}`, context, () => Float32Array.from(values));
    return denseOperand(block, node);
  }
  const { value } = (node as Node<{ value: number }>).attributes;
  const block = constantBlock(`constant ${value}`, context, () => new Float32Array([value]));
  return {
    block,
    offset: 0,
    shape: node.shape,
    strides: node.shape.map(() => 0),
    replicaStride: 0,
  };
}

function constantBlock(key: string, context: LoweringContext, make: () => Float32Array): Block {
  const known = context.constants.get(key);
  if (known) return known;
  const values = make();
  const block = createBlock(key, values.length, 'persistent');
  context.constants.set(key, block);
  context.values.set(block, values);
  return block;
}
