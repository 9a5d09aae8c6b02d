/** Softmax along the last axis and its logarithm. Kernels: shaders/softmax*.wgsl. */
import { ShapeMismatch } from '../gpu/errors';
import { trace } from '../graph/node';
import { formatShape, sameShape } from '../graph/shape';
import type { Lowering, Node, Op } from '../graph/types';
import rowKernel from '../../shaders/softmax.wgsl';
import teamKernel from '../../shaders/softmax-team.wgsl';
import gradientRowKernel from '../../shaders/softmax-gradient.wgsl';
import gradientTeamKernel from '../../shaders/softmax-gradient-team.wgsl';
import { exponential, multiply, negate, subtract } from './elementwise';
import { sum } from './reduce';
import { checkRows, columnsOf, rowGrid, rowLayout, rowsOf } from './rows';

export interface SoftmaxAttributes {
  readonly logarithm: boolean;
}

export const softmaxOp: Op<SoftmaxAttributes> = {
  name: 'softmax',
  infer([x]) {
    checkRows('softmax', x);
    return { shape: x.shape, dtype: 'f32' };
  },
  adjoint: (node, gradient) => [softmaxGradient(node, gradient, node.attributes)],
  lower(node, to) {
    const input = to.dense(node.inputs[0]);
    const output = to.result(node);
    const [rows, columns] = [rowsOf(node), columnsOf(node)];
    const total = rows * to.copies(node);
    const { team, groups, overrides } = rowGrid(total, columns, to);
    to.launch(team ? teamKernel : rowKernel, {
      bindings: { input: input.block, output: output.block },
      params: {
        rows,
        total,
        columns,
        inputLayout: rowLayout(input),
        outputLayout: rowLayout(output),
      },
      overrides: { ...overrides, LOGARITHM: Number(node.attributes.logarithm) },
      groups,
    });
  },
};

/** Inputs: the saved result y (or log y) and the gradient. */
export const softmaxGradientOp: Op<SoftmaxAttributes> = {
  name: 'softmax gradient',
  infer([saved, gradient]) {
    checkRows('softmax gradient', saved);
    if (!sameShape(saved.shape, gradient.shape)) {
      throw new ShapeMismatch(
        `softmax gradient: ${formatShape(gradient.shape)} for a result ${formatShape(saved.shape)}; give equal shapes`,
      );
    }
    return { shape: saved.shape, dtype: 'f32' };
  },
  // y ⊙ (g − Σ g·y) by y: h ⊙ (g − Σ g·y) − g·Σ h·y; by g it is symmetric. g − y·Σ g, y = eˡ, by l: −h ⊙ y·Σ g; by g:
  // h − Σ h·y.
  adjoint: ({ inputs: [saved, g], attributes: { logarithm } }, h) => {
    const total = (x: Node): Node => sum(x, { axes: [-1], keep: true });
    if (logarithm) {
      const y = exponential(saved);
      const hy = multiply(h, y);
      return [negate(multiply(hy, total(g))), subtract(h, total(hy))];
    }
    const bySaved = subtract(
      multiply(h, subtract(g, total(multiply(g, saved)))),
      multiply(g, total(multiply(h, saved))),
    );
    return [bySaved, softmaxGradient(saved, h)];
  },
  lower(node, to) {
    lowerGradient(node, to);
  },
};

function lowerGradient(node: Node<SoftmaxAttributes>, to: Lowering): void {
  const [saved, gradient] = node.inputs.map((input) => to.dense(input));
  const output = to.result(node);
  const [rows, columns] = [rowsOf(node), columnsOf(node)];
  const total = rows * to.copies(node);
  const { team, groups, overrides } = rowGrid(total, columns, to);
  to.launch(team ? gradientTeamKernel : gradientRowKernel, {
    bindings: { saved: saved.block, gradient: gradient.block, output: output.block },
    params: {
      rows,
      total,
      columns,
      savedLayout: rowLayout(saved),
      gradientLayout: rowLayout(gradient),
      outputLayout: rowLayout(output),
    },
    overrides: { ...overrides, LOGARITHM: Number(node.attributes.logarithm) },
    groups,
  });
}

/** exp(x) / Σ exp(x) over the last axis. x [..., C] → [..., C]. Throws `ShapeMismatch` for a scalar or integers. */
export function softmax(x: Node): Node {
  return trace(softmaxOp, [x], { logarithm: false }) as Node;
}

/** x − log Σ exp(x) over the last axis. For a loss take `crossEntropy`, which stays exact near 0. */
export function logSoftmax(x: Node): Node {
  return trace(softmaxOp, [x], { logarithm: true }) as Node;
}

/** Gradient of softmax from its result `saved`: saved ⊙ (gradient − Σ gradient ⊙ saved); of logSoftmax with `logarithm`. */
export function softmaxGradient(
  saved: Node,
  gradient: Node,
  attributes: SoftmaxAttributes = { logarithm: false },
): Node {
  return trace(softmaxGradientOp, [saved, gradient], { logarithm: attributes.logarithm }) as Node;
}
