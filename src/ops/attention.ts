/** Scaled dot-product attention per head. Kernels: shaders/attention*.wgsl; gradients: src/ops/attention. */
import { trace } from '../graph/node';
import type { Node, Op, Type } from '../graph/types';
import shortKernel from '../../shaders/attention-short.wgsl';
import shortScalarKernel from '../../shaders/attention-short-scalar.wgsl';
import rowsKernel from '../../shaders/attention-rows.wgsl';
import rowsScalarKernel from '../../shaders/attention-rows-scalar.wgsl';
import tiledKernel from '../../shaders/attention-tiled.wgsl';
import patternKernel from '../../shaders/attention-pattern.wgsl';
import {
  SHORT_GRADIENT,
  attentionGradientOp,
  attentionKeyGradientOp,
  attentionQueryGradientOp,
} from './attention/gradient';
import {
  RESIDENT,
  attentionParams,
  headLayout,
  invocations,
  tiles,
  vectorizes,
} from './attention/launch';
import {
  attentionSizes,
  keySize,
  querySize,
  statisticsSize,
  type AttentionAttributes,
} from './attention/sizes';
import { scale as scaleBy } from './elementwise';
import { matmul } from './matmul';
import { sumTo } from './reduce';
import { softmaxGradient } from './softmax';
import { reshape, slice, transpose } from './view';

export interface AttentionOptions {
  /** Each query sees the keys up to its own time; the last query is aligned with the last key. */
  readonly causal: boolean;
  /** On the products of query and key; 1 / √d unless given. */
  readonly scale?: number;
}

/** Keys up to which a query's scores fit in two vec4s. */
const SHORT_KEYS = 8;

export const attentionOp: Op<AttentionAttributes> = {
  name: 'attention',
  infer([q, k, v], attributes) {
    const { batch, queries, heads, depth } = attentionSizes('attention', q, [k, v], attributes);
    return { shape: [batch, queries, heads, depth], dtype: 'f32' };
  },
  adjoint: (node, gradient) => traceGradients(node, gradient),
  lower(node, to) {
    const [q, k, v] = node.inputs;
    const sizes = attentionSizes('attention', q, [k, v], node.attributes);
    const [query, key, value] = node.inputs.map((input) => headLayout(input, to));
    const inputs = { query, key, value };
    const output = to.result(node as Node);
    const vector = vectorizes(sizes.depth, Object.values(inputs), [output]);
    const copies = to.copies(node as Node);
    const heads = copies * sizes.batch * sizes.heads;
    const flops = 4 * copies * querySize(sizes) * sizes.keys;
    const bindings = {
      query: query.operand.block,
      key: key.operand.block,
      value: value.operand.block,
      output: output.block,
    };
    if (sizes.keys <= SHORT_KEYS) {
      const total = heads * sizes.queries;
      const params = attentionParams(sizes, node.attributes, inputs, output, total);
      const overrides = { KEYS: sizes.keys };
      const groups = invocations(total);
      to.launch(vector ? shortKernel : shortScalarKernel, {
        bindings,
        params,
        overrides,
        groups,
        flops,
      });
    } else if (tiles(sizes.queries, sizes.depth, vector, to)) {
      const total = heads * Math.ceil(sizes.queries / RESIDENT);
      const params = attentionParams(sizes, node.attributes, inputs, output, total);
      const overrides = { CHUNKS: sizes.depth / 4 };
      to.launch(tiledKernel, { bindings, params, overrides, groups: total, flops });
    } else {
      const total = heads * Math.ceil(sizes.queries / 4);
      const params = attentionParams(sizes, node.attributes, inputs, output, total);
      const groups = invocations(total);
      to.launch(vector ? rowsKernel : rowsScalarKernel, { bindings, params, groups, flops });
    }
  },
};

export const attentionPatternOp: Op<AttentionAttributes> = {
  name: 'attention pattern',
  infer([q, k], attributes) {
    const sizes = attentionSizes('attention pattern', q, [k], attributes);
    return { shape: [sizes.batch, sizes.heads, sizes.queries, sizes.keys], dtype: 'f32' };
  },
  // A masked weight is 0, and so is the gradient of its score.
  adjoint(node, gradient) {
    const [q, k] = node.inputs;
    const ds = scaleBy(softmaxGradient(node as Node, gradient), node.attributes.scale);
    const byHead = [0, 2, 1, 3];
    const dq = transpose(matmul(ds, transpose(k, byHead)), byHead);
    const dk = transpose(matmul(transpose(ds), transpose(q, byHead)), byHead);
    return [sumTo(dq, q.shape), sumTo(dk, k.shape)];
  },
  lower(node, to) {
    const [q, k] = node.inputs;
    const sizes = attentionSizes('attention pattern', q, [k], node.attributes);
    const [query, key] = node.inputs.map((input) => headLayout(input, to));
    const output = to.result(node as Node);
    const copies = to.copies(node as Node);
    const total = copies * sizes.batch * sizes.heads * sizes.queries;
    to.launch(patternKernel, {
      bindings: { query: query.operand.block, key: key.operand.block, output: output.block },
      params: attentionParams(sizes, node.attributes, { query, key }, output, total),
      groups: invocations(total),
      flops: 2 * copies * querySize(sizes) * sizes.keys,
    });
  },
};

/**
 * softmax(scale · q kᵀ) v for each head: q [B, Tq, H, d], k and v [B, Tk, H, d] → [B, Tq, H, d]. A batch of 1 is shared by
 * all. Nothing but the result is kept for the gradients. Throws `ShapeMismatch`, and `LimitExceeded` for more than 512 tokens
 * or d above 128.
 */
export function attention(q: Node, k: Node, v: Node, options: AttentionOptions): Node {
  return trace(attentionOp, [q, k, v], attributesOf(q, options)) as Node;
}

/** The weights that `attention` gives the keys: [B, H, Tq, Tk], rows sum to 1. For reading; differentiable all the same. */
export function attentionPattern(q: Node, k: Node, options: AttentionOptions): Node {
  return trace(attentionPatternOp, [q, k], attributesOf(q, options)) as Node;
}

function attributesOf(q: Type, { causal, scale }: AttentionOptions): AttentionAttributes {
  return { causal, scale: scale ?? 1 / Math.sqrt(q.shape[q.shape.length - 1] ?? 1) };
}

/** One kernel for short sequences; otherwise one for the queries, then one for the keys and values. */
function traceGradients(node: Node<AttentionAttributes>, gradient: Node): readonly Node[] {
  const { attributes, inputs } = node;
  const [q, k, v] = inputs;
  const sizes = attentionSizes('attention', q, [k, v], attributes);
  const { batch, queries, keys, heads, depth } = sizes;
  const [ofQuery, ofKey] = [querySize(sizes), keySize(sizes)];
  const part = (flat: Node, start: number, times: number, like: Node): Node => {
    const shape = [batch, times, heads, depth];
    const end = start + batch * times * heads * depth;
    return sumTo(reshape(slice(flat, [start], [end]), shape), like.shape);
  };
  if (Math.max(queries, keys) <= SHORT_GRADIENT) {
    const all = trace(attentionGradientOp, [q, k, v, gradient], attributes) as Node;
    return [
      part(all, 0, queries, q),
      part(all, ofQuery, keys, k),
      part(all, ofQuery + ofKey, keys, v),
    ];
  }
  const first = trace(
    attentionQueryGradientOp,
    [q, k, v, node as Node, gradient],
    attributes,
  ) as Node;
  const statistics = slice(first, [ofQuery], [ofQuery + statisticsSize(sizes)]);
  const second = trace(attentionKeyGradientOp, [q, k, v, gradient, statistics], attributes) as Node;
  return [part(first, 0, queries, q), part(second, 0, keys, k), part(second, ofKey, keys, v)];
}
