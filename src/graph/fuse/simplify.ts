/** Copies a graph without dead code, with equal nodes merged, constants folded and trivial views joined. */
import { multiplyOp } from '../../ops/binary';
import { constantOp, isConstant } from '../../ops/source';
import { isTable } from '../../ops/table';
import { matmulOp } from '../../ops/matmul';
import { sumOp } from '../../ops/reduce';
import { broadcastToOp, reshapeOp, transposeOp } from '../../ops/view';
import { ancestors } from '../ancestors';
import { append, createGraph } from '../node';
import { sameShape } from '../shape';
import type { Node, Op, Shape } from '../types';
import { identityOf, keyOf } from './key';

/** These show the values of their input and no others. */
const VIEWS = new Set<unknown>([reshapeOp, transposeOp, broadcastToOp]);

/** Makes nodes of a fresh graph; the same request twice gives the same node. */
function createMaker() {
  const graph = createGraph();
  const known = new Map<string, Node>();
  return (op: Op, inputs: readonly Node[], attributes: unknown, replicated: boolean): Node => {
    const ids = inputs.map(({ id }) => id);
    const key = keyOf([identityOf(op), ids, attributes, replicated]);
    let node = known.get(key);
    if (!node) {
      node = append(graph, op, inputs, attributes, replicated);
      known.set(key, node);
    }
    return node;
  };
}

type Maker = ReturnType<typeof createMaker>;

export function simplify(outputs: readonly Node[]): Node[] {
  const make = createMaker();
  const tables = new Map<string, Node>();
  const copies = new Map<Node, Node>();
  const order = ancestors(outputs);
  const once = readOnce(order, outputs);
  for (const node of order) {
    const inputs = node.inputs.map((input) => copies.get(input)!);
    const copy =
      fold(node, inputs, make) ??
      flipProduct(node, inputs, once, make) ??
      make(node.op, inputs, node.attributes, node.replicated);
    copies.set(node, isTable(node) ? shareTable(tables, node.attributes.key, copy) : copy);
  }
  return outputs.map((node) => copies.get(node)!);
}

/** Nodes with a single reader that are no outputs. */
function readOnce(order: readonly Node[], outputs: readonly Node[]): Set<Node> {
  const once = new Set<Node>();
  const more = new Set<Node>(outputs);
  for (const input of order.flatMap(({ inputs }) => inputs)) {
    if (once.has(input)) more.add(input);
    once.add(input);
  }
  for (const node of more) once.delete(node);
  return once;
}

/** Tables of one key are equal, though each carries its own array. */
function shareTable(tables: Map<string, Node>, key: string, copy: Node): Node {
  const shared = tables.get(key) ?? copy;
  tables.set(key, shared);
  return shared;
}

/** What can stand for `node` of the old graph over `inputs` of the new one, or null for nothing simpler. */
function fold(node: Node, inputs: readonly Node[], make: Maker): Node | null {
  return (
    foldConstants(node, inputs, make) ?? foldUnit(node, inputs) ?? foldView(node, inputs, make)
  );
}

function foldConstants(node: Node, inputs: readonly Node[], make: Maker): Node | null {
  const { op, shape } = node;
  if (inputs.length === 0 || !inputs.every(isConstant)) return null;
  const values = inputs.map((input) => Math.fround(input.attributes.value));
  if (VIEWS.has(op)) return makeConstant(values[0], shape, make);
  if (!op.scalar) return null;
  const value = op.scalar(node.attributes)(...values);
  return Number.isFinite(Math.fround(value)) ? makeConstant(value, shape, make) : null;
}

function makeConstant(value: number, shape: Shape, make: Maker): Node {
  return make(constantOp as Op, [], { value, shape }, false);
}

/** x·1, the beginning of every backward pass. */
function foldUnit(node: Node, inputs: readonly Node[]): Node | null {
  if (node.op !== (multiplyOp as Op)) return null;
  const isOne = (input: Node): boolean => isConstant(input) && input.attributes.value === 1;
  const rest = isOne(inputs[1]) ? inputs[0] : isOne(inputs[0]) ? inputs[1] : null;
  return rest && sameShape(rest.shape, node.shape) ? rest : null;
}

function foldView(node: Node, [input]: readonly Node[], make: Maker): Node | null {
  if (!input || input.dtype !== node.dtype) return null;
  if (isView(node, reshapeOp)) {
    const sum = foldSum(node, input, make);
    if (sum) return sum;
    const source = isView(input, reshapeOp) ? input.inputs[0] : input;
    if (sameShape(source.shape, node.shape)) return source;
    return source === input ? null : make(node.op, [source], node.attributes, node.replicated);
  }
  if (isView(node, transposeOp)) {
    const inner = isView(input, transposeOp) ? input : null;
    const order = node.attributes.permutation;
    const permutation = inner ? order.map((axis) => inner.attributes.permutation[axis]) : order;
    const source = inner ? inner.inputs[0] : input;
    if (permutation.every((axis, k) => axis === k)) return source;
    return inner ? make(node.op, [source], { permutation }, node.replicated) : null;
  }
  return null;
}

/** A sum whose kept axes of extent 1 are then dropped is one that does not keep them. */
function foldSum(node: Node, input: Node, make: Maker): Node | null {
  if (!isView(input, sumOp) || !input.attributes.keep) return null;
  const { axes } = input.attributes;
  const bare = input.shape.filter((_, axis) => !axes.includes(axis));
  if (!sameShape(bare, node.shape)) return null;
  return make(sumOp as Op, input.inputs, { axes, keep: false }, node.replicated);
}

function isView<A>(node: Node, op: Op<A>): node is Node<A> {
  return (node.op as unknown) === op;
}

/** (A·B)ᵀ = Bᵀ·Aᵀ: a weight stored transposed gets its gradient as it lies, with no copy to turn it. */
function flipProduct(
  node: Node,
  [product]: readonly Node[],
  once: ReadonlySet<Node>,
  make: Maker,
): Node | null {
  const swaps = isView(node, transposeOp) && isSwap(node.attributes.permutation);
  if (!swaps || product.op !== (matmulOp as Op) || !once.has(node.inputs[0])) return null;
  const [a, b] = product.inputs.map((x) => swapped(x, make));
  return make(matmulOp as Op, [b, a], null, node.replicated);
}

/** The last two axes exchanged, all others in place. */
function isSwap(permutation: readonly number[]): boolean {
  const rank = permutation.length;
  return permutation.every((axis, k) => axis === (k < rank - 2 ? k : 2 * rank - 3 - k));
}

function swapped(x: Node, make: Maker): Node {
  if (isView(x, transposeOp) && isSwap(x.attributes.permutation)) return x.inputs[0];
  const rank = x.shape.length;
  const permutation = x.shape.map((_, k) => (k < rank - 2 ? k : 2 * rank - 3 - k));
  return make(transposeOp as Op, [x], { permutation }, x.replicated);
}
