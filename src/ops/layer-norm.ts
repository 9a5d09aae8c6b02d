/** Layer norm over the last axis, biased variance. Kernels: shaders/layer-norm*.wgsl. */
import { BadConfig, ShapeMismatch } from '../gpu/errors';
import { trace } from '../graph/node';
import { formatShape, sameShape } from '../graph/shape';
import type { Lowering, Node, Op, Operand, Type } from '../graph/types';
import type { Block } from '../plan/types';
import rowKernel from '../../shaders/layer-norm.wgsl';
import teamKernel from '../../shaders/layer-norm-team.wgsl';
import gradientRowKernel from '../../shaders/layer-norm-gradient.wgsl';
import gradientTeamKernel from '../../shaders/layer-norm-gradient-team.wgsl';
import momentsRowKernel from '../../shaders/layer-norm-moments.wgsl';
import momentsTeamKernel from '../../shaders/layer-norm-moments-team.wgsl';
import columnsKernel from '../../shaders/layer-norm-columns.wgsl';
import finishKernel from '../../shaders/layer-norm-finish.wgsl';
import { checkFloat, checkRows, columnsOf, rowGrid, rowLayout, rowsOf } from './rows';
import { reshape, slice } from './view';

export interface LayerNormAttributes {
  readonly epsilon: number;
}

export const layerNormOp: Op<LayerNormAttributes> = {
  name: 'layer norm',
  infer([x, gain, bias], { epsilon }) {
    checkRows('layer norm', x);
    checkWidth('gain', gain, x);
    checkWidth('bias', bias, x);
    if (!(epsilon >= 1e-20 && epsilon < Infinity)) {
      throw new BadConfig(
        'epsilon',
        `layer norm: epsilon ${epsilon}; give 1e-20 or more, usually 1e-5`,
      );
    }
    return { shape: x.shape, dtype: 'f32' };
  },
  adjoint({ inputs: [x, gain], attributes }, gradient) {
    const columns = columnsOf(x);
    const both = trace(layerNormParameterGradientOp, [x, gradient], attributes) as Node;
    const part = (k: number): Node => reshape(slice(both, [k], [k + 1]), [columns]);
    const dx = trace(layerNormGradientOp, [x, gain, gradient], attributes) as Node;
    return [dx, part(0), part(1)];
  },
  lower(node, to) {
    const [input, gain, bias] = node.inputs.map((each) => to.dense(each));
    const output = to.result(node);
    const { params, team, ...launch } = rowLaunch(node, to);
    to.launch(team ? teamKernel : rowKernel, {
      ...launch,
      bindings: { input: input.block, gain: gain.block, bias: bias.block, output: output.block },
      params: {
        ...params,
        inputLayout: rowLayout(input),
        gainLayout: rowLayout(gain),
        biasLayout: rowLayout(bias),
        outputLayout: rowLayout(output),
      },
    });
  },
};

/** By the input. Inputs: x, gain, gradient of the result. No adjoint of its own. */
export const layerNormGradientOp: Op<LayerNormAttributes> = {
  name: 'layer norm gradient',
  infer: ([x]) => ({ shape: x.shape, dtype: 'f32' }),
  lower(node, to) {
    const [input, gain, gradient] = node.inputs.map((each) => to.dense(each));
    const output = to.result(node);
    const { params, team, ...launch } = rowLaunch(node, to);
    to.launch(team ? gradientTeamKernel : gradientRowKernel, {
      ...launch,
      bindings: {
        input: input.block,
        gain: gain.block,
        gradient: gradient.block,
        output: output.block,
      },
      params: {
        ...params,
        inputLayout: rowLayout(input),
        gainLayout: rowLayout(gain),
        gradientLayout: rowLayout(gradient),
        outputLayout: rowLayout(output),
      },
    });
  },
};

/** By gain and bias, [2, C]. Inputs: x, gradient of the result. No adjoint of its own. */
export const layerNormParameterGradientOp: Op<LayerNormAttributes> = {
  name: 'layer norm parameter gradient',
  infer: ([x]) => ({ shape: [2, columnsOf(x)], dtype: 'f32' }),
  lower(node, to) {
    const [x] = node.inputs;
    const [input, gradient] = node.inputs.map((each) => to.dense(each));
    const moments = lowerMoments(x, input, node.attributes.epsilon, to);
    const [rows, columns] = [rowsOf(x), columnsOf(x)];
    const copies = to.copies(node as Node);
    const blockRows = Math.max(16, Math.ceil(Math.sqrt(rows)));
    const blocks = Math.ceil(rows / blockRows);
    const partials = to.transient('layer norm partials', copies * blocks * 2 * columns);
    const output = to.result(node as Node);
    const total = copies * blocks * columns;
    to.launch(columnsKernel, {
      bindings: { input: input.block, gradient: gradient.block, moments, partials },
      params: {
        rows,
        columns,
        blocks,
        blockRows,
        total,
        momentsReplicaStride: x.replicated ? rows : 0,
        inputLayout: rowLayout(input),
        gradientLayout: rowLayout(gradient),
      },
      groups: Math.ceil(total / 64),
    });
    const width = 2 * columns;
    to.launch(finishKernel, {
      bindings: { partials, output: output.block },
      params: { width, blocks, total: copies * width, outputLayout: rowLayout(output) },
      groups: Math.ceil((copies * width) / 64),
    });
  },
};

/**
 * gain ⊙ (x − mean) / √(variance + epsilon) + bias over the last axis, the variance divided by C.
 * x [..., C], gain [C], bias [C] → [..., C]. Throws `ShapeMismatch`, and `BadConfig` for epsilon < 1e-20.
 */
export function layerNorm(x: Node, gain: Node, bias: Node, epsilon = 1e-5): Node {
  return trace(layerNormOp, [x, gain, bias], { epsilon }) as Node;
}

function checkWidth(what: string, vector: Type, x: Type): void {
  checkFloat('layer norm', vector);
  if (!sameShape(vector.shape, [columnsOf(x)])) {
    throw new ShapeMismatch(
      `layer norm: ${what} ${formatShape(vector.shape)} for rows of ${formatShape(x.shape)}; give [${columnsOf(x)}]`,
    );
  }
}

/** What all row kernels here are launched with. */
function rowLaunch(node: Node<LayerNormAttributes>, to: Lowering) {
  const [rows, columns] = [rowsOf(node), columnsOf(node)];
  const total = rows * to.copies(node as Node);
  const { team, groups, overrides } = rowGrid(total, columns, to);
  return {
    team,
    groups,
    overrides,
    params: { rows, total, columns, epsilon: node.attributes.epsilon },
  };
}

function lowerMoments(x: Node, input: Operand, epsilon: number, to: Lowering): Block {
  const [rows, columns] = [rowsOf(x), columnsOf(x)];
  const total = rows * to.copies(x);
  const moments = to.transient('layer norm moments', 2 * total);
  const { team, groups, overrides } = rowGrid(total, columns, to);
  to.launch(team ? momentsTeamKernel : momentsRowKernel, {
    bindings: { input: input.block, moments },
    params: { rows, total, columns, epsilon, inputLayout: rowLayout(input) },
    overrides,
    groups,
  });
  return moments;
}
