/**
 * Products take over what follows them and is read by nobody else: A·B (+ bias) (activation) (+ residual) (ReLU gate), so that
 * the tile is finished in registers instead of passing through memory once per op. Reshapes in between, as `linear` leaves
 * them, move to A.
 */
import { addOp } from '../../ops/binary';
import { matmulOp } from '../../ops/matmul';
import { activationOf, fusedMatmul, isGate } from '../../ops/matmul-fused';
import type { Activation } from '../../ops/matmul/epilogue';
import { reshape, reshapeOp } from '../../ops/view';
import { ancestors } from '../ancestors';
import { append, createGraph } from '../node';
import { sameShape, sizeOf } from '../shape';
import type { Node, Op, Shape } from '../types';

/** A product and what it has taken over so far; `end` is the node that the whole stands for. */
interface Chain {
  readonly end: Node;
  readonly nodes: readonly Node[];
  readonly bias: Part | null;
  readonly activation: Activation;
  readonly residual: Part | null;
  readonly gate: Part | null;
}

/** An operand of the epilogue, to be read under a shape that broadcasts to that of the chain's end. */
interface Part {
  readonly node: Node;
  readonly shape: Shape;
}

type Readers = ReadonlyMap<Node, readonly (Node | null)[]>;

export function fuseProducts(outputs: readonly Node[]): Node[] {
  const order = ancestors(outputs);
  const readers = findReaders(order, outputs);
  const claimed = new Set<Node>();
  const chains = new Map<Node, Chain>();
  for (const node of order) {
    if (node.op !== (matmulOp as Op)) continue;
    const chain = followChain(node, readers, claimed);
    if (chain.end === node) continue;
    chain.nodes.forEach((member) => claimed.add(member));
    chains.set(chain.end, chain);
  }
  const graph = createGraph();
  const copies = new Map<Node, Node>();
  const copyOf = (node: Node): Node => copies.get(node)!;
  for (const node of order) {
    const chain = chains.get(node);
    if (!chain && claimed.has(node)) continue;
    const { op, inputs, attributes, replicated } = node;
    const copy = chain
      ? emit(chain, copyOf)
      : append(graph, op, inputs.map(copyOf), attributes, replicated);
    copies.set(node, copy);
  }
  return outputs.map(copyOf);
}

/** Who reads each node, once per reading; null stands for the outside, which reads outputs. */
function findReaders(order: readonly Node[], outputs: readonly Node[]): Readers {
  const readers = new Map<Node, (Node | null)[]>(order.map((node) => [node, []]));
  for (const node of order) for (const input of node.inputs) readers.get(input)!.push(node);
  for (const output of outputs) readers.get(output)!.push(null);
  return readers;
}

/** The longest chain from a product on. */
function followChain(start: Node, readers: Readers, claimed: ReadonlySet<Node>): Chain {
  let chain: Chain = {
    end: start,
    nodes: [start],
    bias: null,
    activation: 'none',
    residual: null,
    gate: null,
  };
  let longest = chain;
  for (;;) {
    const [reader, another] = readers.get(chain.end)!;
    if (!reader || another !== undefined || claimed.has(reader)) return longest;
    const longer = absorb(chain, reader, start);
    // What all replicas share is computed once, even where replicas then add something of their own.
    if (!longer || reader.replicated !== start.replicated) return longest;
    chain = { ...longer, end: reader, nodes: [...chain.nodes, reader] };
    if (reader.op !== (reshapeOp as Op)) longest = chain;
  }
}

/** The chain with `reader` taken over, or null where the epilogue has no place for it. */
function absorb(chain: Chain, reader: Node, start: Node): Chain | null {
  const { op, inputs, shape } = reader;
  if (op === (reshapeOp as Op)) return reshapeChain(chain, shape, start);
  if (chain.gate || !sameShape(shape, chain.end.shape)) return null;
  const activation = activationOf(op);
  if (activation) {
    return chain.activation === 'none' && !chain.residual ? { ...chain, activation } : null;
  }
  const other = inputs[0] === chain.end ? inputs[1] : inputs[0];
  const part = { node: other, shape: other?.shape };
  if (op === (addOp as Op)) {
    if (!chain.bias && !chain.residual && chain.activation === 'none')
      return { ...chain, bias: part };
    return chain.residual ? null : { ...chain, residual: part };
  }
  return isGate(op) && inputs[0] === chain.end ? { ...chain, gate: part } : null;
}

/** Rows may be grouped otherwise where B is one matrix and every part so far follows: the same for all rows, or a full one. */
function reshapeChain(chain: Chain, shape: Shape, start: Node): Chain | null {
  const before = chain.end.shape;
  const [, b] = start.inputs;
  if (b.shape.length !== 2 || shape.length < 2 || shape.at(-1) !== before.at(-1)) return null;
  const parts: (Part | null)[] = [];
  for (const part of [chain.bias, chain.residual, chain.gate]) {
    if (!part) parts.push(null);
    else if (sizeOf(part.shape.slice(0, -1)) === 1)
      parts.push({ ...part, shape: part.shape.slice(-1) });
    else if (sameShape(part.shape, before)) parts.push({ ...part, shape });
    else return null;
  }
  const [bias, residual, gate] = parts;
  return { ...chain, bias, residual, gate };
}

function emit({ end, nodes, activation, ...parts }: Chain, copyOf: (node: Node) => Node): Node {
  const [a, b] = nodes[0].inputs.map(copyOf);
  const inner = a.shape.at(-1)!;
  const moved = nodes.some(({ op }) => op === (reshapeOp as Op));
  const read = (part: Part | null): Node | null => part && regroup(copyOf(part.node), part.shape);
  return fusedMatmul({
    a: moved ? regroup(a, [...end.shape.slice(0, -1), inner]) : a,
    b,
    activation,
    bias: read(parts.bias),
    residual: read(parts.residual),
    gate: read(parts.gate),
  });
}

/** A reshape that looks through a reshape. */
function regroup(x: Node, shape: Shape): Node {
  if (sameShape(x.shape, shape)) return x;
  return reshape(x.op === (reshapeOp as Op) ? x.inputs[0] : x, shape);
}
