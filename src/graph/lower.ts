/** From nodes to launches: walks the graph in order, lets each op lower itself, and sees that outputs land where asked. */
import { beginPhase, createBlock, type PhaseUnderway } from '../plan/phase';
import type { Block, Traits } from '../plan/types';
import { copyStrided } from '../ops/copy';
import { isConstant, isData, isParameter } from '../ops/source';
import { isTable } from '../ops/table';
import { directDestinations, samePlace, type Output } from './destinations';
import { ancestors } from './ancestors';
import { hasQuads } from '../ops/matmul/choose';
import {
  findLinearGradients,
  type LinearNodes,
  isView,
  lowerLinearGradient,
  operandsOf,
  partialsOf,
  viewsOf,
} from './linear-gradients';
import { paddedRows, padRows } from './padding';
import { denseStrides, sizeOf } from './shape';
import type { Lowering, Node, Operand } from './types';

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
    known(block) {
      const values = block === context.clock ? undefined : context.values.get(block);
      return values instanceof Uint32Array ? values : null;
    },
    constant: (key, values) => constantBlock(key, context, () => values),
    alias(node, view, rows) {
      operands.set(node, rows?.padded ? view : { ...view, padded: false });
    },
  };
  const lower = (node: Node): void => {
    if (node.inputs.some((input) => late.has(input))) {
      if (isView(node)) late.add(node);
      else total();
    }
    if (isParameter(node) || isData(node)) operands.set(node, context.leaf(node));
    else if (isConstant(node) || isTable(node)) operands.set(node, placeConstant(node, context));
    else node.op.lower(node, lowering);
  };
  const found = findLinearGradients(order, new Set(direct.keys()));
  // A kernel of its own is worth compiling where it saves more than a launch: that is a fifth of a second on a software adapter.
  const { barriers } = to.traits;
  const worthwhile = barriers || (hasQuads(to.traits) && found.size > 1);
  const linear = worthwhile ? found : new Map<Node, LinearNodes>();
  const partials = partialsOf(linear.values(), lowering);
  // Nodes that are partial sums so far.
  const late = new Set<Node>();
  const total = (): void => {
    partials?.flush();
    late.clear();
  };
  const followers = (dw: Node): Node[] => order.filter(({ inputs }) => inputs.includes(dw));
  const postponed = new Set(
    [...linear.values()].flatMap(({ dw, db }) => [dw, ...followers(dw), ...(db ? [db] : [])]),
  );
  for (const node of order) {
    const nodes = linear.get(node);
    if (!nodes) {
      if (!postponed.has(node)) lower(node);
      continue;
    }
    viewsOf(nodes)
      .filter((view) => !operands.has(view))
      .forEach(lower);
    const waiting = [nodes.dw, ...(nodes.db ? [nodes.db] : []), ...followers(nodes.dw)];
    if (operandsOf(nodes).some((read) => late.has(read))) total();
    const before = partials?.waiting ?? 0;
    if (lowerLinearGradient(nodes, lowering, partials)) {
      if (partials && partials.waiting > before) {
        late.add(nodes.dw);
        if (nodes.db) late.add(nodes.db);
      }
      followers(nodes.dw).forEach(lower);
      continue;
    }
    lower(node);
    for (const each of waiting) {
      if (each.id < node.id) lower(each);
      else postponed.delete(each);
    }
  }
  total();
  const places = outputs.map(({ node, destination }) => {
    const place = operand(node);
    if (!destination || samePlace(place, destination)) return place;
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

function constantBlock(
  key: string,
  context: LoweringContext,
  make: () => Float32Array | Uint32Array,
): Block {
  const known = context.constants.get(key);
  if (known) return known;
  const values = make();
  const element = values instanceof Uint32Array ? 'u32' : 'f32';
  const block = createBlock(key, values.length, 'persistent', element);
  context.constants.set(key, block);
  context.values.set(block, values);
  return block;
}
