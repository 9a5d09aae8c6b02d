/** Choosing between tensors by a condition, one-hot rows and masks. */
import oneHotShader from '../../shaders/one-hot.wgsl';
import selectShader from '../../shaders/select.wgsl';
import { ShapeMismatch } from '../gpu/errors';
import { trace } from '../graph/node';
import { broadcastShapes, sizeOf } from '../graph/shape';
import type { Graph, Node, Op } from '../graph/types';
import { sumTo } from './reduce';
import { constant } from './source';
import { table } from './table';
import { broadcastOperand } from './walk';
import { launchWalks } from './walk-launch';
import { reshapeStrides } from './view';

const WORKGROUP = 64;
/** All bits but the sign, so that −0 is zero too. */
const FLOAT_MASK = 0x7fffffff;
const INTEGER_MASK = 0xffffffff;

export const selectOp: Op<null> = {
  name: 'select',
  infer: ([condition, a, b]) => {
    if (a.dtype !== b.dtype) {
      throw new ShapeMismatch(
        `select: between ${a.dtype} and ${b.dtype}; both must be of one type`,
      );
    }
    const between = broadcastShapes('select', a.shape, b.shape);
    return { shape: broadcastShapes('select', condition.shape, between), dtype: a.dtype };
  },
  adjoint: ({ inputs: [condition, a, b], dtype }, gradient) => {
    if (dtype === 'u32') return [null, null, null];
    const zero = constant(gradient.graph, 0);
    return [
      null,
      sumTo(select(condition, gradient, zero), a.shape),
      sumTo(select(condition, zero, gradient), b.shape),
    ];
  },
  lower: (node, to) => {
    const [condition, a, b] = node.inputs.map((input) =>
      broadcastOperand(to.operand(input), node.shape),
    );
    const job = {
      label: 'select',
      shape: node.shape,
      copies: to.copies(node as Node),
      operands: { result: to.result(node as Node), condition, a, b },
      overrides: { MASK: node.inputs[0].dtype === 'f32' ? FLOAT_MASK : INTEGER_MASK },
    };
    launchWalks(to, job, selectShader);
  },
};

/** a where the condition (f32 or u32) is not 0, else b; all three broadcast. No gradient by the condition. */
export function select(condition: Node, a: Node, b: Node): Node {
  return trace(selectOp, [condition, a, b], null) as Node;
}

export const oneHotOp: Op<{ readonly classes: number }> = {
  name: 'oneHot',
  infer: ([indices], { classes }) => {
    if (indices.dtype !== 'u32') {
      throw new ShapeMismatch(`oneHot: indices are ${indices.dtype}, must be u32`);
    }
    return { shape: [...indices.shape, classes], dtype: 'f32' };
  },
  adjoint: () => [null],
  lower: (node, to) => {
    const [input] = node.inputs;
    const rows = sizeOf(input.shape);
    let indices = to.operand(input);
    let strides = reshapeStrides(indices.shape, indices.strides, [rows]);
    if (!strides) {
      indices = to.dense(input);
      strides = [1];
    }
    const result = to.result(node as Node);
    const units = to.copies(node as Node) * sizeOf(node.shape);
    to.launch(oneHotShader, {
      label: 'oneHot',
      bindings: { indices: indices.block, result: result.block },
      params: {
        rows,
        classes: node.attributes.classes,
        units,
        stride: strides[0],
        indices: [indices.offset, indices.replicaStride],
        result: [result.offset, result.replicaStride],
      },
      overrides: { WORKGROUP },
      groups: Math.ceil(units / WORKGROUP),
    });
  },
};

/**
 * u32 indices [...] → f32 [..., classes], 1 at the index and 0 elsewhere. An index of `classes` or more throws
 * `BadConfig` in the reference and gives zeros on the device.
 */
export function oneHot(indices: Node, classes: number): Node {
  return trace(oneHotOp, [indices], { classes }) as Node;
}

/** f32 [n, n], 1 where column ≤ row: what a query may look at. A constant, one for all replicas. */
export function causalMask(graph: Graph, n: number): Node {
  const make = (): Float64Array =>
    Float64Array.from({ length: n * n }, (_, i) => Number(i % n <= Math.floor(i / n)));
  return table(graph, `causal mask ${n}`, [n, n], make);
}
