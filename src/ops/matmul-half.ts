/**
 * Matrix products with weights kept as float16, for inference: half the bytes of a large matrix that few rows are multiplied with.
 * Products and sums are float32. Nothing takes this by itself; where the adapter does not grant `shader-f16` it is `matmul`.
 */
import packShader from '../../shaders/matmul/pack-half.wgsl';
import registersAny from '../../shaders/matmul/registers-any-half.wgsl';
import registersRows from '../../shaders/matmul/registers-rows-half.wgsl';
import tiledAny from '../../shaders/matmul/tiled-any-half.wgsl';
import tiledRows from '../../shaders/matmul/tiled-rows-half.wgsl';
import { trace } from '../graph/node';
import { sizeOf } from '../graph/shape';
import type { Lowering, Node, Op, Operand } from '../graph/types';
import { PLAIN } from './matmul/epilogue';
import { launchProduct } from './matmul/launch';
import type { ProductShader } from './matmul/choose';
import { inferProduct } from './matmul/shape';
import { upToFour } from './rows';

const byLayout = (rows: ProductShader, any: ProductShader) =>
  ({ 'rows-rows': rows, 'columns-rows': any, 'rows-columns': any, any }) as const;

const WORKGROUP = 64;

export const matmulHalfOp: Op<null> = {
  name: 'matmulHalf',
  infer: ([a, b]) => inferProduct('matmulHalf', a, b),
  lower(node, to) {
    const [a, b] = node.inputs;
    const [c, copies] = [to.result(node as Node), to.copies(node as Node)];
    if (!to.traits.half)
      return launchProduct(to, 'matmul', to.operand(a), to.operand(b), c, copies);
    const kernels = {
      registers: byLayout(registersRows, registersAny),
      tiled: byLayout(tiledRows, tiledAny),
    };
    const packed = pack(b, to);
    launchProduct(to, 'matmul, float16', to.operand(a), packed, c, copies, PLAIN, kernels);
  },
};

/** Where the elements of a matrix lie as float16: strides in elements of two bytes, rows padded to fours. */
function pack(node: Node, to: Lowering): Operand {
  const source = to.rows(node);
  const copies = to.copies(node);
  const [rows, columns] = [sizeOf(node.shape) / node.shape.at(-1)!, node.shape.at(-1)!];
  const padded = upToFour(columns);
  const block = to.transient('float16 weights', (copies * rows * padded) / 2, 'u32');
  to.launch(packShader, {
    label: 'as float16',
    bindings: { x: source.block, y: block },
    params: {
      ...{ columns, rows, total: copies * rows },
      ...{ offset: source.offset, row: source.strides.at(-2)!, copy: source.replicaStride },
    },
    overrides: { WORKGROUP },
    groups: Math.ceil((copies * rows * padded) / 4 / WORKGROUP),
  });
  const strides = node.shape.map((_, axis) =>
    axis === node.shape.length - 1 ? 1 : sizeOf([...node.shape.slice(axis + 1, -1), padded]),
  );
  const replicaStride = copies > 1 ? rows * padded : 0;
  return { block, offset: 0, shape: node.shape, strides, replicaStride, padded: true };
}

/**
 * A·B as `matmul` has it, B read as float16. Each element is off by at most 2⁻¹⁰·Σ|a·b| more than `matmul`'s, for |b| between 2⁻¹⁴,
 * below which it may count as 0, and 65,504, above which it is infinite. Has no gradient.
 */
export function matmulHalf(a: Node, b: Node): Node {
  return trace(matmulHalfOp, [a, b], null) as Node;
}
