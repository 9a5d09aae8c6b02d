/**
 * All that a training step wants of cross-entropy, in one pass over the logits: losses, corrects, and the gradient of their
 * scaled sum. Only the fusion pass (src/graph/fuse/passes.ts) makes these.
 */
import { append, trace } from '../graph/node';
import { denseStrides, sizeOf } from '../graph/shape';
import type { Lowering, Node, Op, Operand, PassPart, Shape } from '../graph/types';
import { crossEntropyOp } from './cross-entropy';
import { launchCrossEntropy } from './cross-entropy-launch';
import {
  placesOf,
  startOf,
  type PartAttributes,
  type PassAttributes,
} from './cross-entropy-places';
import { columnsOf, upToFour } from './rows';

/** Inputs: logits [..., C], labels [...] and, for the gradient, its share []; the result is flat. */
export const crossEntropyPassOp: Op<PassAttributes> = {
  name: 'cross-entropy pass',
  paddedInput: 0,
  infer(inputs, { gradient }) {
    crossEntropyOp.infer(inputs, {});
    return { shape: [placesOf(inputs[0], gradient).size], dtype: 'f32' };
  },
  lower(node, to) {
    const [logits, , share] = node.inputs;
    const { loss, correct, gradient } = node.attributes;
    const places = placesOf(logits, gradient);
    const wanted = {
      loss: loss ? places.loss : null,
      correct: correct ? places.correct : null,
      gradient: gradient
        ? { share: to.operand(share), shareStride: 0, columns: gradientStride(logits, to) }
        : null,
    } as const;
    launchCrossEntropy(node.op.name, node.inputs, to.result(node), to.copies(node), wanted, to);
  },
};

/** Rows of the gradient are padded as those of the logits are. */
function gradientStride(logits: Node, to: Lowering): number {
  const columns = columnsOf(logits);
  return to.rows(logits).padded ? upToFour(columns) : columns;
}

/** Inputs: the flat result of a pass and its logits. */
export const crossEntropyPartOp: Op<PartAttributes> = {
  name: 'cross-entropy part',
  paddedInput: 1,
  infer: (_, { shape }) => ({ shape, dtype: 'f32' }),
  lower(node, to) {
    const [flat, logits] = node.inputs;
    const { part, shape, gradient } = node.attributes;
    const { block, offset, replicaStride } = to.operand(flat);
    const start = offset + startOf(part, placesOf(logits, gradient));
    const lies = { block, offset: start, shape, strides: denseStrides(shape), replicaStride };
    const padded = part === 'gradient' && to.rows(logits).padded === true;
    to.alias(node as Node, padded ? padRows(lies) : lies, { padded });
  },
};

/** Rows a multiple of 4 apart, zero behind their end. */
function padRows(dense: Operand): Operand {
  const wide = [...dense.shape.slice(0, -1), upToFour(dense.shape.at(-1)!)];
  return { ...dense, strides: denseStrides(wide), padded: true };
}

/** The pass over `logits` with what is wanted of it; `share` is the value of each row's gradient, null for none. */
export function crossEntropyPass(
  logits: Node,
  labels: Node,
  wanted: { readonly loss: boolean; readonly correct: boolean; readonly share: Node | null },
): (part: PassPart) => Node {
  const { loss, correct, share } = wanted;
  const gradient = share !== null;
  const inputs = share ? [logits, labels, share] : [logits, labels];
  const flat = trace(crossEntropyPassOp, inputs, { loss, correct, gradient }) as Node;
  const shapes: Readonly<Record<PassPart, Shape>> = {
    loss: labels.shape,
    correct: labels.shape,
    scores: [2, sizeOf(labels.shape)],
    gradient: logits.shape,
  };
  return (part) =>
    append(
      logits.graph,
      crossEntropyPartOp,
      [flat, logits],
      { part, shape: shapes[part], gradient },
      flat.replicated,
    ) as Node;
}
