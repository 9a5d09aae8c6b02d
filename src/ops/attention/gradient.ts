/** The gradients of attention as ops. None has an adjoint of its own. */
import { ShapeMismatch } from '../../gpu/errors';
import { formatShape } from '../../graph/shape';
import type { Node, Op, Type } from '../../graph/types';
import shortKernel from '../../../shaders/attention-short-gradient.wgsl';
import shortScalarKernel from '../../../shaders/attention-short-gradient-scalar.wgsl';
import queryKernel from '../../../shaders/attention-query-rows.wgsl';
import queryScalarKernel from '../../../shaders/attention-query-rows-scalar.wgsl';
import queryTiledKernel from '../../../shaders/attention-query-tiled.wgsl';
import keyKernel from '../../../shaders/attention-key-rows.wgsl';
import keyScalarKernel from '../../../shaders/attention-key-rows-scalar.wgsl';
import keyTiledKernel from '../../../shaders/attention-key-tiled.wgsl';
import { RESIDENT, attentionParams, headLayout, invocations, tiles, vectorizes } from './launch';
import {
  attentionSizes,
  keySize,
  querySize,
  statisticsSize,
  type AttentionAttributes,
  type AttentionSizes,
} from './sizes';

/** Queries and keys up to which one kernel does all three gradients. */
export const SHORT_GRADIENT = 4;

const SHORT = 'attention gradient';
const QUERY = 'attention query gradient';
const KEY = 'attention key gradient';

function sizesOf(op: string, [q, k, v]: readonly Type[], attributes: AttentionAttributes) {
  return attentionSizes(op, q, [k, v], attributes);
}

/** Multiply-adds as 2; `products` of [Tq, d] by [d, Tk] per head. */
function flopsOf(sizes: AttentionSizes, copies: number, products: number): number {
  return 2 * products * copies * querySize(sizes) * sizes.keys;
}

/** All three for short sequences. Inputs q, k, v, gradient [B, Tq, H, d]; result: dq, dk, dv one after another, each for all B. */
export const attentionGradientOp: Op<AttentionAttributes> = {
  name: SHORT,
  infer(inputs, attributes) {
    const sizes = sizesOf(SHORT, inputs, attributes);
    if (Math.max(sizes.queries, sizes.keys) > SHORT_GRADIENT) {
      throw new ShapeMismatch(
        `${SHORT}: ${sizes.queries} queries, ${sizes.keys} keys; at most ${SHORT_GRADIENT}`,
      );
    }
    checkGradient(SHORT, inputs[3], sizes);
    return { shape: [querySize(sizes) + 2 * keySize(sizes)], dtype: 'f32' };
  },
  lower(node, to) {
    const sizes = sizesOf(SHORT, node.inputs, node.attributes);
    const [query, key, value, gradient] = node.inputs.map((input) => headLayout(input, to));
    const output = to.result(node as Node);
    const vector = vectorizes(sizes.depth, [query, key, value, gradient], [output]);
    const copies = to.copies(node as Node);
    const total = copies * sizes.batch * sizes.heads;
    to.launch(vector ? shortKernel : shortScalarKernel, {
      bindings: {
        query: query.operand.block,
        key: key.operand.block,
        value: value.operand.block,
        gradient: gradient.operand.block,
        output: output.block,
      },
      params: attentionParams(
        sizes,
        node.attributes,
        { query, key, value, gradient },
        output,
        total,
      ),
      overrides: { QUERIES: sizes.queries, KEYS: sizes.keys },
      groups: invocations(total),
      flops: flopsOf(sizes, copies, 5),
    });
  },
};

/**
 * Inputs q, k, v, result of attention, gradient. Result: dq [B, Tq, H, d], then rows [B, H, Tq, 4] of (peak, 1 / mass,
 * delta, 0) for the gradients by key and value.
 */
export const attentionQueryGradientOp: Op<AttentionAttributes> = {
  name: QUERY,
  infer(inputs, attributes) {
    const sizes = sizesOf(QUERY, inputs, attributes);
    checkGradient(QUERY, inputs[3], sizes);
    checkGradient(QUERY, inputs[4], sizes);
    return { shape: [querySize(sizes) + statisticsSize(sizes)], dtype: 'f32' };
  },
  lower(node, to) {
    const sizes = sizesOf(QUERY, node.inputs, node.attributes);
    const [query, key, value, attended, gradient] = node.inputs.map((input) =>
      headLayout(input, to),
    );
    const inputs = { query, key, value, attended, gradient };
    const output = to.result(node as Node);
    const vector = vectorizes(sizes.depth, Object.values(inputs), [output]);
    const copies = to.copies(node as Node);
    const bindings = {
      query: query.operand.block,
      key: key.operand.block,
      value: value.operand.block,
      attended: attended.operand.block,
      gradient: gradient.operand.block,
      output: output.block,
    };
    const heads = copies * sizes.batch * sizes.heads;
    const flops = flopsOf(sizes, copies, 3);
    if (tiles(sizes.queries, sizes.depth, vector, to)) {
      const total = heads * Math.ceil(sizes.queries / RESIDENT);
      const params = attentionParams(sizes, node.attributes, inputs, output, total);
      to.launch(queryTiledKernel, {
        bindings,
        params,
        overrides: chunks(sizes),
        groups: total,
        flops,
      });
      return;
    }
    const total = heads * Math.ceil(sizes.queries / 4);
    const params = attentionParams(sizes, node.attributes, inputs, output, total);
    const groups = invocations(total);
    to.launch(vector ? queryKernel : queryScalarKernel, { bindings, params, groups, flops });
  },
};

/** Inputs q, k, v, gradient, rows [B·H·Tq·4] of `attentionQueryGradientOp`. Result: dk, dv [B, Tk, H, d] one after another. */
export const attentionKeyGradientOp: Op<AttentionAttributes> = {
  name: KEY,
  infer(inputs, attributes) {
    const sizes = sizesOf(KEY, inputs, attributes);
    checkGradient(KEY, inputs[3], sizes);
    return { shape: [2 * keySize(sizes)], dtype: 'f32' };
  },
  lower(node, to) {
    const sizes = sizesOf(KEY, node.inputs, node.attributes);
    const heads = node.inputs.slice(0, 4);
    const [query, key, value, gradient] = heads.map((input) => headLayout(input, to));
    const statistics = to.dense(node.inputs[4]);
    const inputs = { query, key, value, gradient };
    const output = to.result(node as Node);
    const vector = vectorizes(sizes.depth, Object.values(inputs), [output]);
    const copies = to.copies(node as Node);
    const bindings = {
      query: query.operand.block,
      key: key.operand.block,
      value: value.operand.block,
      gradient: gradient.operand.block,
      statistics: statistics.block,
      output: output.block,
    };
    const all = copies * sizes.batch * sizes.heads;
    const flops = flopsOf(sizes, copies, 4);
    if (tiles(sizes.keys, sizes.depth, vector, to)) {
      const total = all * Math.ceil(sizes.keys / RESIDENT);
      const params = attentionParams(
        sizes,
        node.attributes,
        { ...inputs, statistics },
        output,
        total,
      );
      to.launch(keyTiledKernel, {
        bindings,
        params,
        overrides: chunks(sizes),
        groups: total,
        flops,
      });
      return;
    }
    const total = all * Math.ceil(sizes.keys / 4);
    const params = attentionParams(
      sizes,
      node.attributes,
      { ...inputs, statistics },
      output,
      total,
    );
    const groups = invocations(total);
    to.launch(vector ? keyKernel : keyScalarKernel, { bindings, params, groups, flops });
  },
};

function chunks({ depth }: AttentionSizes): { readonly CHUNKS: number } {
  return { CHUNKS: depth / 4 };
}

function checkGradient(op: string, gradient: Type, sizes: AttentionSizes): void {
  const { batch, queries, heads, depth } = sizes;
  const wanted = [batch, queries, heads, depth];
  if (
    gradient.shape.length !== 4 ||
    wanted.some((extent, axis) => gradient.shape[axis] !== extent)
  ) {
    throw new ShapeMismatch(
      `${op}: gradient ${formatShape(gradient.shape)}; give ${formatShape(wanted)}`,
    );
  }
}
