/**
 * Cross-entropy of logits with integer labels, relatively exact down to losses of 1e-38 (DESIGN §5), and whether the
 * largest logit is the label's. Kernels: shaders/cross-entropy*.wgsl, launched by cross-entropy-launch.ts.
 */
import { ShapeMismatch } from '../gpu/errors';
import { trace } from '../graph/node';
import { formatShape, sameShape } from '../graph/shape';
import type { Node, Op, PassMember, Type } from '../graph/types';
import { launchCrossEntropy } from './cross-entropy-launch';
import { crossEntropyPass } from './cross-entropy-pass';
import { multiply, subtract } from './elementwise';
import { sum } from './reduce';
import { checkFloat, columnsOf } from './rows';
import { oneHot } from './select';
import { constant } from './source';
import { reshape } from './view';

type None = Readonly<Record<string, never>>;

// The two files know each other, so the pass is looked up when it is started.
const member = (part: PassMember['part']): PassMember => ({
  part,
  start: (...given) => crossEntropyPass(...given),
});

export const crossEntropyOp: Op<None> = {
  name: 'cross-entropy',
  pass: /* @__PURE__ */ member('loss'),
  infer: (inputs) => inferRows('cross-entropy', inputs),
  adjoint: ({ inputs: [logits, labels] }, gradient) => [
    crossEntropyGradient(logits, labels, gradient),
    null,
  ],
  lower(node, to) {
    const parts = { loss: 0, correct: null, gradient: null };
    launchCrossEntropy('cross-entropy', node.inputs, to.result(node), to.copies(node), parts, to);
  },
};

/** Inputs: logits [..., C], labels [...], gradient of the rows' losses [...]. */
export const crossEntropyGradientOp: Op<None> = {
  name: 'cross-entropy gradient',
  pass: /* @__PURE__ */ member('gradient'),
  infer([logits, labels, gradient]) {
    const rows = inferRows('cross-entropy gradient', [logits, labels]);
    checkFloat('cross-entropy gradient', gradient);
    if (!sameShape(rows.shape, gradient.shape)) {
      throw new ShapeMismatch(
        `cross-entropy gradient: ${formatShape(gradient.shape)} for losses ${formatShape(rows.shape)}; give equal shapes`,
      );
    }
    return { shape: logits.shape, dtype: 'f32' };
  },
  adjoint: ({ inputs: [logits, labels, rowGradient] }, gradient) => {
    const { byLogits, byGradient } = secondOrder(logits, labels, gradient);
    return [
      multiply(byLogits, reshape(rowGradient, [...labels.shape, 1])),
      null,
      reshape(byGradient, labels.shape),
    ];
  },
  lower(node, to) {
    const share = to.dense(node.inputs[2]);
    const gradient = { share, shareStride: 1, columns: columnsOf(node) } as const;
    const parts = { loss: null, correct: null, gradient };
    launchCrossEntropy(node.op.name, node.inputs, to.result(node), to.copies(node), parts, to);
  },
};

export const correctOp: Op<None> = {
  name: 'correct',
  pass: /* @__PURE__ */ member('correct'),
  infer: (inputs) => inferRows('correct', inputs),
  lower(node, to) {
    const parts = { loss: null, correct: 0, gradient: null };
    launchCrossEntropy('correct', node.inputs, to.result(node), to.copies(node), parts, to);
  },
};

/**
 * Cross-entropy of each row, in nats: logits [..., C], labels u32 [...] → [...]. A loss of 1e-8 is right to 1e-6 relative.
 * Throws `ShapeMismatch` unless C ≥ 2 and the labels have the shape of the rows. A label of C or more is a `BadConfig` in
 * the reference and counts as C − 1 on a device, which can't throw: check the data.
 */
export function crossEntropy(logits: Node, labels: Node): Node {
  return trace(crossEntropyOp, [logits, labels], {}) as Node;
}

/** rowGradient · p_j for j ≠ y, and −rowGradient · Σ_{j≠y} p_j at the label y. Shapes as in `crossEntropy`. */
export function crossEntropyGradient(logits: Node, labels: Node, rowGradient: Node): Node {
  return trace(crossEntropyGradientOp, [logits, labels, rowGradient], {}) as Node;
}

/** 1 where the label's logit is finite and above all others, 0 elsewhere; a tie is wrong. Shapes as in `crossEntropy`. */
export function correct(logits: Node, labels: Node): Node {
  return trace(correctOp, [logits, labels], {}) as Node;
}

/**
 * With q = p − e_y, d_j = G_j − G_y and a = Σ_j q_j·d_j, the product of G with the rows' Hessian diag(p) − p·pᵀ is
 * q ⊙ (d − a) − a·e_y, and with the gradient q it is a. Written with p alone, the part at the label would be a
 * difference of near equals once p_y is near 1, where grokked networks are.
 */
function secondOrder(
  logits: Node,
  labels: Node,
  gradient: Node,
): { readonly byLogits: Node; readonly byGradient: Node } {
  const q = crossEntropyGradient(logits, labels, constant(logits.graph, 1, labels.shape));
  const right = oneHot(labels, columnsOf(logits));
  const along = { axes: [-1], keep: true };
  const d = subtract(gradient, sum(multiply(gradient, right), along));
  const a = sum(multiply(q, d), along);
  return {
    byLogits: subtract(multiply(q, subtract(d, a)), multiply(right, a)),
    byGradient: a,
  };
}

function inferRows(op: string, [logits, labels]: readonly Type[]): Type {
  checkFloat(op, logits);
  if (logits.shape.length === 0 || columnsOf(logits) < 2) {
    throw new ShapeMismatch(
      `${op}: logits ${formatShape(logits.shape)}; the last axis must hold 2 classes or more`,
    );
  }
  const rows = logits.shape.slice(0, -1);
  if (!sameShape(rows, labels.shape)) {
    throw new ShapeMismatch(
      `${op}: labels ${formatShape(labels.shape)} for logits ${formatShape(logits.shape)}; give labels ${formatShape(rows)}`,
    );
  }
  if (labels.dtype !== 'u32') {
    throw new ShapeMismatch(`${op}: labels hold floats; give u32 class numbers`);
  }
  return { shape: rows, dtype: 'f32' };
}
