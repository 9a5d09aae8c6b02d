/** Copies between strided layouts, and integers to floats. */
import copyShader from '../../shaders/copy.wgsl';
import copyVec4Shader from '../../shaders/copy-vec4.wgsl';
import { ShapeMismatch } from '../gpu/errors';
import { trace } from '../graph/node';
import type { Node, Op, Operand } from '../graph/types';
import type { PhaseBuilder } from '../plan/types';
import { launchWalks } from './walk-launch';

/**
 * Emits the copy of `copies` replicas of `source` to `destination`, operands of one shape and any strides, in different
 * blocks. With `toFloat` the source holds u32 and the destination gets the nearest f32.
 */
export function copyStrided(
  to: PhaseBuilder,
  source: Operand,
  destination: Operand,
  copies: number,
  options: { readonly toFloat?: boolean; readonly label?: string } = {},
): void {
  const { toFloat = false, label = 'copy' } = options;
  const job = {
    label,
    shape: destination.shape,
    copies,
    operands: { result: destination, source },
  };
  if (toFloat) launchWalks(to, { ...job, overrides: { TO_FLOAT: 1 } }, copyShader);
  else launchWalks(to, job, copyShader, copyVec4Shader);
}

export const toFloatOp: Op<null> = {
  name: 'toFloat',
  infer: ([x]) => {
    if (x.dtype !== 'u32') {
      throw new ShapeMismatch(`toFloat: the input is ${x.dtype}, must be u32; leave it as it is`);
    }
    return { shape: x.shape, dtype: 'f32' };
  },
  adjoint: () => [null],
  lower: (node, to) => {
    const source = to.operand(node.inputs[0]);
    copyStrided(to, source, to.result(node as Node), to.copies(node as Node), {
      toFloat: true,
      label: 'toFloat',
    });
  },
};

/** Integers as floats, exact below 2²⁴; no gradient. */
export function toFloat(x: Node): Node {
  return trace(toFloatOp, [x], null) as Node;
}
