/** Views: other shapes and orders of the same values, free on the device wherever strides can say them. */
import { BadConfig, ShapeMismatch } from '../gpu/errors';
import { trace } from '../graph/node';
import {
  broadcastShapes,
  denseStrides,
  formatShape,
  normalizeAxis,
  sameShape,
  sizeOf,
} from '../graph/shape';
import type { Node, Op, Shape } from '../graph/types';
import { pad } from './concat';
import { sumTo } from './reduce';
import { broadcastOperand } from './walk';

export const reshapeOp: Op<{ readonly shape: Shape }> = {
  name: 'reshape',
  infer: ([x], { shape }) => {
    if (sizeOf(x.shape) !== sizeOf(shape)) {
      throw new ShapeMismatch(
        `reshape: ${formatShape(x.shape)} has ${sizeOf(x.shape)} elements, ` +
          `${formatShape(shape)} ${sizeOf(shape)}; they must be as many`,
      );
    }
    return { shape, dtype: x.dtype };
  },
  adjoint: (node, gradient) => [reshape(gradient, node.inputs[0].shape)],
  lower: (node, to) => {
    const [input] = node.inputs;
    const lies = to.operand(input);
    const strides = reshapeStrides(lies.shape, lies.strides, node.shape);
    if (strides) {
      to.alias(node as Node, { ...lies, shape: node.shape, strides });
    } else {
      const dense = to.dense(input);
      to.alias(node as Node, { ...dense, shape: node.shape, strides: denseStrides(node.shape) });
    }
  },
};

/** The same elements in row-major order under another shape; copied only where no strides can say it. */
export function reshape(x: Node, shape: Shape): Node {
  return sameShape(x.shape, shape) ? x : (trace(reshapeOp, [x], { shape }) as Node);
}

/**
 * Strides that read the elements of (shape, strides) in row-major order as `target`, or null where a copy is needed.
 * Both shapes are cut into the shortest runs of axes of equal product; each run must be contiguous.
 */
export function reshapeStrides(
  shape: Shape,
  strides: readonly number[],
  target: Shape,
): number[] | null {
  const axes = shape.map((extent, axis) => ({ extent, stride: strides[axis] }));
  const kept = axes.filter(({ extent }) => extent !== 1);
  const result = new Array<number>(target.length).fill(0);
  let from = 0;
  for (let start = 0; start < target.length;) {
    let end = start + 1;
    let wanted = target[start];
    if (wanted === 1) {
      start = end;
      continue;
    }
    let have = kept[from].extent;
    let last = from;
    while (wanted !== have) {
      if (wanted < have) {
        wanted *= target[end++];
      } else {
        const { extent, stride } = kept[++last];
        if (kept[last - 1].stride !== extent * stride) return null;
        have *= extent;
      }
    }
    let stride = kept[last].stride;
    for (let axis = end - 1; axis >= start; axis--) {
      result[axis] = stride;
      stride *= target[axis];
    }
    from = last + 1;
    start = end;
  }
  return result;
}

export const transposeOp: Op<{ readonly permutation: readonly number[] }> = {
  name: 'transpose',
  infer: ([x], { permutation }) => ({
    shape: permutation.map((axis) => x.shape[axis]),
    dtype: x.dtype,
  }),
  adjoint: ({ attributes: { permutation } }, gradient) => {
    const inverse = permutation.map((_, axis) => permutation.indexOf(axis));
    return [transpose(gradient, inverse)];
  },
  lower: (node, to) => {
    const x = to.operand(node.inputs[0]);
    const strides = node.attributes.permutation.map((axis) => x.strides[axis]);
    to.alias(node as Node, { ...x, shape: node.shape, strides }, { padded: true });
  },
};

/** Axis k of the result is axis permutation[k] of x; the last two are swapped unless a permutation is given. */
export function transpose(x: Node, permutation?: readonly number[]): Node {
  const rank = x.shape.length;
  if (!permutation && rank < 2) {
    throw new ShapeMismatch(
      `transpose: shape ${formatShape(x.shape)} has no two axes; reshape it first`,
    );
  }
  const standard = [...x.shape.keys()];
  if (!permutation) standard.push(...standard.splice(-2).reverse());
  const order = permutation ?? standard;
  const axes = order.map((axis) => normalizeAxis('transpose', axis, rank));
  if (axes.length !== rank || new Set(axes).size !== rank) {
    throw new BadConfig(
      'transpose',
      `transpose: [${order}] is no permutation of the ${rank} axes of ${formatShape(x.shape)}`,
    );
  }
  return trace(transposeOp, [x], { permutation: axes }) as Node;
}

export interface SliceAttributes {
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  readonly steps: readonly number[];
}

export const sliceOp: Op<SliceAttributes> = {
  name: 'slice',
  infer: ([x], { starts, ends, steps }) => ({
    shape: starts.map((start, axis) => Math.ceil((ends[axis] - start) / steps[axis])),
    dtype: x.dtype,
  }),
  adjoint: ({ inputs: [x], attributes: { starts, steps } }, gradient) => [
    pad(gradient, x.shape, starts, steps),
  ],
  lower: (node, to) => {
    const x = to.operand(node.inputs[0]);
    const { starts, steps } = node.attributes;
    const offset = starts.reduce((sum, start, axis) => sum + start * x.strides[axis], x.offset);
    const strides = x.strides.map((stride, axis) => stride * steps[axis]);
    to.alias(node as Node, { ...x, offset, shape: node.shape, strides });
  },
};

/**
 * Elements starts[k], starts[k] + steps[k], … below ends[k] along each axis k; steps are positive, 1 unless given.
 * Negative starts and ends count from the end of the axis. Axes beyond those given are taken whole.
 */
export function slice(
  x: Node,
  starts: readonly number[],
  ends: readonly number[],
  steps: readonly number[] = [],
): Node {
  const rank = x.shape.length;
  if (starts.length > rank || ends.length !== starts.length || steps.length > rank) {
    throw new ShapeMismatch(
      `slice: ${starts.length} starts, ${ends.length} ends and ${steps.length} steps ` +
        `for shape ${formatShape(x.shape)}; give one of each per axis`,
    );
  }
  const bound = (value: number, extent: number) => (value < 0 ? value + extent : value);
  const attributes = {
    starts: x.shape.map((extent, axis) => bound(starts[axis] ?? 0, extent)),
    ends: x.shape.map((extent, axis) => bound(ends[axis] ?? extent, extent)),
    steps: x.shape.map((_, axis) => steps[axis] ?? 1),
  };
  x.shape.forEach((extent, axis) => {
    const [start, end, step] = [
      attributes.starts[axis],
      attributes.ends[axis],
      attributes.steps[axis],
    ];
    const whole = [start, end, step].every(Number.isInteger);
    if (!whole || start < 0 || end <= start || end > extent || step < 1) {
      throw new ShapeMismatch(
        `slice: ${start}:${end}:${step} along axis ${axis} of ${formatShape(x.shape)}; ` +
          `give 0 ≤ start < end ≤ ${extent} and a step of 1 or more`,
      );
    }
  });
  return trace(sliceOp, [x], attributes) as Node;
}

export const broadcastToOp: Op<{ readonly shape: Shape }> = {
  name: 'broadcastTo',
  infer: ([x], { shape }) => {
    if (!sameShape(broadcastShapes('broadcastTo', x.shape, shape), shape)) {
      throw new ShapeMismatch(
        `broadcastTo: ${formatShape(x.shape)} does not broadcast to ${formatShape(shape)}`,
      );
    }
    return { shape, dtype: x.dtype };
  },
  adjoint: ({ inputs: [x] }, gradient) => [sumTo(gradient, x.shape)],
  lower: (node, to) => {
    to.alias(node as Node, broadcastOperand(to.operand(node.inputs[0]), node.shape));
  },
};

/** Repeats x along axes that it lacks or has with extent 1; no memory is used. */
export function broadcastTo(x: Node, shape: Shape): Node {
  return sameShape(x.shape, shape) ? x : (trace(broadcastToOp, [x], { shape }) as Node);
}
