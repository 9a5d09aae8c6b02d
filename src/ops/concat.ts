/** Joining along an axis, and padding with zeros, which is the adjoint of a slice. */
import padShader from '../../shaders/pad.wgsl';
import { LimitExceeded, ShapeMismatch } from '../gpu/errors';
import { trace } from '../graph/node';
import { denseStrides, formatShape, normalizeAxis, sameShape, sizeOf } from '../graph/shape';
import type { Lowering, Node, Op, Operand, Shape } from '../graph/types';
import { copyStrided } from './copy';
import { slice } from './view';
import { rightAligned } from './walk';

const WORKGROUP = 64;
const MAX_PADDED_RANK = 4;

/** Where each input begins along the axis. */
function beginnings(shapes: readonly Shape[], axis: number): number[] {
  let end = 0;
  return shapes.map((shape) => (end += shape[axis]) - shape[axis]);
}

export const concatOp: Op<{ readonly axis: number }> = {
  name: 'concat',
  infer: (inputs, { axis }) => {
    const [first] = inputs;
    for (const { shape, dtype } of inputs) {
      const fits = first.shape.every((extent, k) => k === axis || extent === shape[k]);
      if (!fits || shape.length !== first.shape.length || dtype !== first.dtype) {
        throw new ShapeMismatch(
          `concat: ${first.dtype} ${formatShape(first.shape)} and ${dtype} ${formatShape(shape)} ` +
            `along axis ${axis}; all other extents and the types must be equal`,
        );
      }
    }
    const total = inputs.reduce((sum, { shape }) => sum + shape[axis], 0);
    return { shape: first.shape.map((e, k) => (k === axis ? total : e)), dtype: first.dtype };
  },
  adjoint: ({ inputs, attributes: { axis } }, gradient) => {
    const begin = beginnings(
      inputs.map((input) => input.shape),
      axis,
    );
    return inputs.map((input, k) => {
      if (input.dtype !== 'f32') return null;
      const starts = input.shape.map((_, d) => (d === axis ? begin[k] : 0));
      return slice(
        gradient,
        starts,
        starts.map((start, d) => start + input.shape[d]),
      );
    });
  },
  lower: (node, to) => {
    const { axis } = node.attributes;
    const joined = axis === 0 && joinRows(node.inputs.map((input) => to.operand(input)));
    if (joined) {
      const strides = denseStrides(node.shape);
      return to.alias(node as Node, { ...joined, shape: node.shape, strides });
    }
    const result = to.result(node as Node);
    const begin = beginnings(
      node.inputs.map((input) => input.shape),
      axis,
    );
    node.inputs.forEach((input, k) => {
      const offset = result.offset + begin[k] * result.strides[axis];
      const part: Operand = { ...result, offset, shape: input.shape };
      copyStrided(to, to.operand(input), part, to.copies(node as Node), { label: 'concat' });
    });
  },
};

/** The place of the first where all lie dense and one after another, as weights do that were declared so; else null. */
function joinRows(parts: readonly Operand[]): Operand | null {
  const [first] = parts;
  let end = first.offset;
  const follow = parts.every(({ block, offset, shape, strides, replicaStride }) => {
    const dense = denseStrides(shape);
    const fits =
      block === first.block &&
      offset === end &&
      replicaStride === first.replicaStride &&
      shape.every((extent, k) => extent === 1 || strides[k] === dense[k]);
    end += sizeOf(shape);
    return fits;
  });
  return follow ? first : null;
}

/** Tensors one after another along an axis; all other extents equal. */
export function concat(xs: readonly Node[], axis: number): Node {
  if (xs.length === 0) throw new ShapeMismatch('concat: no tensors; give at least one');
  const normal = normalizeAxis('concat', axis, xs[0].shape.length);
  return xs.length === 1 ? xs[0] : (trace(concatOp, xs, { axis: normal }) as Node);
}

export interface PadAttributes {
  readonly shape: Shape;
  readonly starts: readonly number[];
  readonly steps: readonly number[];
}

export const padOp: Op<PadAttributes> = {
  name: 'pad',
  infer: ([x], { shape, starts, steps }) => {
    const fits =
      x.shape.length === shape.length &&
      x.shape.every((extent, d) => starts[d] + (extent - 1) * steps[d] < shape[d]);
    if (!fits) {
      throw new ShapeMismatch(
        `pad: ${formatShape(x.shape)} from [${starts}] in steps of [${steps}] ` +
          `does not fit into ${formatShape(shape)}`,
      );
    }
    return { shape, dtype: x.dtype };
  },
  adjoint: ({ inputs: [x], attributes: { starts, steps } }, gradient) => {
    const ends = starts.map((start, d) => start + (x.shape[d] - 1) * steps[d] + 1);
    return [slice(gradient, starts, ends, steps)];
  },
  lower: lowerPad,
};

interface Window {
  extents: number[];
  counts: number[];
  starts: number[];
  steps: number[];
  x: number[];
  result: number[];
}

/** The axes of the result with those merged that the window covers whole, into the axis before them. */
function mergeWindow(x: Operand, result: Operand, { starts, steps }: PadAttributes): Window {
  const merged: Window = { extents: [], counts: [], starts: [], steps: [], x: [], result: [] };
  result.shape.forEach((extent, axis) => {
    if (extent === 1) return;
    const last = merged.extents.length - 1;
    const whole = x.shape[axis] === extent;
    const joins =
      whole &&
      last >= 0 &&
      merged.steps[last] === 1 &&
      merged.x[last] === x.strides[axis] * extent &&
      merged.result[last] === result.strides[axis] * extent;
    if (joins) {
      merged.extents[last] *= extent;
      merged.counts[last] *= extent;
      merged.starts[last] *= extent;
      merged.x[last] = x.strides[axis];
      merged.result[last] = result.strides[axis];
    } else {
      merged.extents.push(extent);
      merged.counts.push(x.shape[axis]);
      merged.starts.push(starts[axis]);
      merged.steps.push(steps[axis]);
      merged.x.push(x.strides[axis]);
      merged.result.push(result.strides[axis]);
    }
  });
  return merged;
}

function lowerPad(node: Node<PadAttributes>, to: Lowering): void {
  const [input] = node.inputs;
  const result = to.result(node as Node);
  const copies = to.copies(node as Node);
  let x = to.operand(input);
  let window = mergeWindow(x, result, node.attributes);
  if (window.extents.length > MAX_PADDED_RANK) {
    x = to.dense(input);
    window = mergeWindow(x, result, node.attributes);
  }
  if (window.extents.length > MAX_PADDED_RANK) {
    throw new LimitExceeded({
      asked: `a slice with a gradient along ${window.extents.length} axes`,
      limit: `at most ${MAX_PADDED_RANK}`,
      remedy: 'Slice in two steps',
    });
  }
  const units = copies * sizeOf(node.shape);
  // Replicas are the fifth axis, so all four before it are in use.
  const rank = copies > 1 ? 5 : Math.max(window.extents.length, 1);
  to.launch(padShader, {
    label: 'pad',
    bindings: { x: x.block, result: result.block },
    params: {
      extents: rightAligned(window.extents, 1),
      counts: rightAligned(window.counts, 1),
      starts: rightAligned(window.starts, 0),
      steps: rightAligned(window.steps, 1),
      x_strides: rightAligned(window.x, 0),
      result_strides: rightAligned(window.result, 0),
      x_origin: [x.offset, x.replicaStride],
      result_origin: [result.offset, result.replicaStride],
      units,
    },
    overrides: { RANK: rank, WORKGROUP },
    groups: Math.ceil(units / WORKGROUP),
  });
}

/** Zeros of the given shape with x at starts + steps·i along each axis; steps are 1 unless given. */
export function pad(
  x: Node,
  shape: Shape,
  starts: readonly number[],
  steps: readonly number[] = x.shape.map(() => 1),
): Node {
  return sameShape(x.shape, shape) ? x : (trace(padOp, [x], { shape, starts, steps }) as Node);
}
