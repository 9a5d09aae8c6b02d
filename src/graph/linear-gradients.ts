/**
 * Finds what the backward pass of a linear map leaves: dW = dYᵀ·X, which nobody reads, dX = dY·W with its epilogue, and
 * perhaps the bias's db = Σ dY. They become one launch (src/ops/linear-gradient.ts).
 */
import { launchLinearGradient } from '../ops/linear-gradient';
import { partialElements } from '../ops/linear-gradient-tiles';
import { matmulOp } from '../ops/matmul';
import { fusedMatmulOp, sortInputs, type FusedAttributes } from '../ops/matmul-fused';
import { collectPartialSums, type PartialSums } from '../ops/partial-sums';
import { sumOp, type ReduceAttributes } from '../ops/reduce';
import { reshapeOp, sliceOp, transposeOp } from '../ops/view';
import { sizeOf } from './shape';
import type { Lowering, Node, Op } from './types';

export interface LinearNodes {
  /** Gradient of the result, [rows, outputs]. */
  readonly dy: Node;
  readonly x: Node;
  readonly w: Node;
  readonly residual: Node | null;
  readonly gate: Node | null;
  readonly dw: Node;
  readonly dx: Node;
  readonly db: Node | null;
}

/** By dX, which is where the launch goes. `alone` are results whose place waits for them and that nobody reads before the end. */
export function findLinearGradients(
  order: readonly Node[],
  alone: ReadonlySet<Node>,
): Map<Node, LinearNodes> {
  const found = new Map<Node, LinearNodes>();
  const inputs = new Map<Node, Node>();
  for (const node of order) if (isProduct(node)) inputs.set(rootOf(node.inputs[0]), node);
  const readers = new Map<Node, number>();
  for (const { id, inputs: read } of [...order].reverse()) {
    for (const input of read) readers.set(input, id);
  }
  const firstRead = (node: Node): number => readers.get(node) ?? Infinity;
  for (const dw of order) {
    if (!alone.has(dw) || dw.op !== (matmulOp as Op)) continue;
    const [turned, x] = dw.inputs;
    if (turned.op !== (transposeOp as Op) || dw.shape.length !== 2) continue;
    const dy = turned.inputs[0];
    const dx = inputs.get(rootOf(dy));
    const parts = dx && dx !== dw && partsOf(dx);
    if (!parts || found.has(dx) || dx.replicated !== dw.replicated) continue;
    // Of a weight stored [inputs, outputs] the transpose is of X: its partner is the forward product, before dY is there.
    if (sourceOf(x).id > dx.id) continue;
    const db = order.find((node) => isColumnSum(node, dy) && firstRead(node) > dx.id) ?? null;
    found.set(dx, { dy, x, dw, dx, db, ...parts });
  }
  return found;
}

/**
 * Emits one launch of dW, dX and db; false where they do not fit the kernel, with nothing emitted. With `partials`, dW and db are there
 * once those have been flushed.
 */
export function lowerLinearGradient(
  { dy, x, w, residual, gate, dw, dx, db }: LinearNodes,
  to: Lowering,
  partials: PartialSums | null,
): boolean {
  const lies = (node: Node | null) => node && to.operand(node);
  return launchLinearGradient(
    {
      ...{ partials, moveSums: (place) => to.alias(db!, place) },
      ...{ copies: to.copies(dx), dw: to.result(dw), dx: to.result(dx), db: db && to.result(db) },
      ...{ dy: to.operand(dy), x: to.operand(x), w: to.operand(w) },
      ...{ residual: lies(residual), gate: lies(gate) },
    },
    to,
  );
}

/** Room for the partial sums of all of them on a GPU, null on software adapters, whose kernels have none. */
export function partialsOf(found: Iterable<LinearNodes>, to: Lowering): PartialSums | null {
  if (!to.traits.barriers) return null;
  const elements = [...found].map(({ dy, x, dx }) => {
    const [rows, outputs] = dy.shape;
    return partialElements({ copies: to.copies(dx), rows, outputs, inputs: x.shape[1] });
  });
  return collectPartialSums(
    elements.reduce((sum, one) => sum + one, 0),
    to,
  );
}

/** What the launch reads. */
export function operandsOf({ dy, x, w, residual, gate }: LinearNodes): Node[] {
  return [dy, x, w, residual, gate].filter((node) => node !== null);
}

/** The views between what was computed and dY, X and W, in order. */
export function viewsOf({ dy, x, w }: LinearNodes): Node[] {
  const from = (node: Node): Node[] => (isView(node) ? [...from(node.inputs[0]), node] : []);
  return [dy, x, w].flatMap(from);
}

const VIEWS: readonly unknown[] = [reshapeOp, transposeOp, sliceOp];
export const isView = ({ op }: Node): boolean => VIEWS.includes(op);

function sourceOf(node: Node): Node {
  return isView(node) ? sourceOf(node.inputs[0]) : node;
}

const isProduct = ({ op }: Node): boolean =>
  op === (matmulOp as Op) || op === (fusedMatmulOp as Op);

function rootOf(node: Node): Node {
  return node.op === (reshapeOp as Op) ? rootOf(node.inputs[0]) : node;
}

/** W and what is added or gates, where the kernel has a place for it. */
function partsOf(dx: Node): Pick<LinearNodes, 'w' | 'residual' | 'gate'> | null {
  const w = dx.inputs[1];
  if (w.shape.length !== 2) return null;
  if (dx.op === (matmulOp as Op)) return { w, residual: null, gate: null };
  const { bias, residual, gate } = sortInputs(dx.inputs, dx.attributes as FusedAttributes);
  const added = [bias, residual].filter((part) => part !== null);
  const { activation } = dx.attributes as FusedAttributes;
  if (activation !== 'none' || added.length + Number(gate !== null) > 1) return null;
  return { w, residual: added[0] ?? null, gate };
}

/** The sum of all rows of `dy`. */
function isColumnSum(node: Node, dy: Node): boolean {
  if (node.op !== (sumOp as Op)) return false;
  const [x] = node.inputs;
  const { axes } = node.attributes as ReduceAttributes;
  const columns = x.shape.at(-1)!;
  return (
    rootOf(x) === rootOf(dy) &&
    columns === dy.shape[1] &&
    !axes.includes(x.shape.length - 1) &&
    sizeOf(node.shape) === columns
  );
}
