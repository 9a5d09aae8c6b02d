/**
 * Attention of the last position of short samples that end in one token, straight from the table of what tokens and positions
 * contribute to queries, keys and values: nothing is laid out per sample. Kernels: shaders/token-attention.
 */
import forwardKernel from '../../shaders/token-attention/forward.wgsl';
import scoresKernel from '../../shaders/token-attention/scores.wgsl';
import tableKernel from '../../shaders/token-attention/table.wgsl';
import tableTeamKernel from '../../shaders/token-attention/table-team.wgsl';
import { BadConfig, ShapeMismatch } from '../gpu/errors';
import { trace } from '../graph/node';
import { formatShape } from '../graph/shape';
import type { Lowering, Node, Op, Operand, Type } from '../graph/types';
import { sortPositions } from './sort-positions';

export interface TokenAttentionOptions {
  readonly heads: number;
  /** The token every sample ends in. */
  readonly lastToken: number;
  /** On the products of query and key; 1 / √d unless given. */
  readonly scale?: number;
}

export type TokenAttentionAttributes = Required<TokenAttentionOptions>;

/** Scores of a sample are one vec4. */
export const MOST_KEYS = 4;
const WORKGROUP = 64;
const ROW_WORKGROUP = 32;

interface Sizes {
  readonly batch: number;
  readonly keys: number;
  readonly heads: number;
  readonly depth: number;
  readonly vocabulary: number;
}

function sizesOf([table, tokens]: readonly Type[], { heads }: TokenAttentionAttributes): Sizes {
  const [batch, keys] = tokens.shape;
  const [rows, columns] = table.shape;
  return { batch, keys, heads, depth: columns / (3 * heads), vocabulary: rows - keys };
}

function check(
  op: string,
  [table, tokens]: readonly Type[],
  attributes: TokenAttentionAttributes,
): Sizes {
  const sizes = sizesOf([table, tokens], attributes);
  const { keys, depth, vocabulary } = sizes;
  const fits = table.shape.length === 2 && tokens.shape.length === 2 && tokens.dtype === 'u32';
  if (!fits || !Number.isInteger(depth / 4) || keys > MOST_KEYS || vocabulary < 1) {
    throw new ShapeMismatch(
      `${op}: table ${formatShape(table.shape)}, ${tokens.dtype} tokens ${formatShape(tokens.shape)}, ${attributes.heads} heads; ` +
        `give [V + T, 3·heads·d] and u32 [B, T] with d a multiple of 4 and T at most ${MOST_KEYS}`,
    );
  }
  if (!(attributes.lastToken < vocabulary)) {
    throw new BadConfig('lastToken', `${op}: token ${attributes.lastToken} of ${vocabulary}`);
  }
  return sizes;
}

export const tokenAttentionOp: Op<TokenAttentionAttributes> = {
  name: 'token attention',
  infer(inputs, attributes) {
    const { batch, heads, depth } = check('token attention', inputs, attributes);
    return { shape: [batch, 1, heads, depth], dtype: 'f32' };
  },
  adjoint: ({ inputs: [table, tokens], attributes }, gradient) => [
    trace(tokenAttentionGradientOp, [table, tokens, gradient], attributes) as Node,
    null,
  ],
  lower(node, to) {
    const [table, tokens] = operandsOf(node, to);
    const output = to.result(node as Node);
    const { batch, keys, heads, depth } = sizesOf(node.inputs, node.attributes);
    const total = to.copies(node as Node) * batch * heads;
    to.launch(forwardKernel, {
      label: node.op.name,
      bindings: { table: table.block, tokens: tokens.block, output: output.block },
      params: paramsOf(node, [table, tokens, null], total, output),
      overrides: { KEYS: keys, WORKGROUP },
      groups: Math.ceil(total / WORKGROUP),
      flops: 4 * total * keys * depth,
    });
  },
};

/** Inputs: table, tokens, gradient [B, 1, heads, d]; the gradient of the table. Has no adjoint of its own. */
export const tokenAttentionGradientOp: Op<TokenAttentionAttributes> = {
  name: 'token attention gradient',
  infer(inputs, attributes) {
    const { batch, heads, depth } = check('token attention gradient', inputs, attributes);
    const wanted = [batch, 1, heads, depth];
    const { shape } = inputs[2];
    if (shape.length !== 4 || wanted.some((extent, axis) => extent !== shape[axis])) {
      throw new ShapeMismatch(
        `token attention gradient: ${formatShape(shape)}; give ${formatShape(wanted)}`,
      );
    }
    return { shape: inputs[0].shape, dtype: 'f32' };
  },
  lower(node, to) {
    const [table, tokens, gradient] = operandsOf(node, to);
    const copies = to.copies(node as Node);
    const { batch, keys, heads, depth, vocabulary } = sizesOf(node.inputs, node.attributes);
    const size = batch * heads * (depth + 8);
    const block = to.transient('token attention parts', copies * size);
    const parts: Operand = { ...table, block, offset: 0, replicaStride: size };
    const total = copies * batch * heads;
    to.launch(scoresKernel, {
      label: 'token attention scores',
      bindings: {
        table: table.block,
        tokens: tokens.block,
        gradient: gradient.block,
        output: block,
      },
      params: paramsOf(node, [table, tokens, gradient], total, parts),
      overrides: { KEYS: keys, WORKGROUP },
      groups: Math.ceil(total / WORKGROUP),
      flops: 6 * total * keys * depth,
    });
    const { starts, list } = sortPositions(node.inputs[1], vocabulary, to);
    const output = to.result(node as Node);
    const units = (copies * (vocabulary + keys) * heads * depth) / 4;
    const team = to.traits.barriers;
    const launch = {
      label: node.op.name,
      bindings: {
        ...{ table: table.block, parts: block, gradient: gradient.block },
        ...{ list, starts, output: output.block },
      },
      params: paramsOf(node, [table, tokens, gradient], units, output),
      groups: team ? units : Math.ceil(units / ROW_WORKGROUP),
      flops: 4 * total * keys * depth,
    };
    if (team) to.launch(tableTeamKernel, { ...launch, overrides: { KEYS: keys } });
    else {
      to.launch(tableKernel, { ...launch, overrides: { KEYS: keys, WORKGROUP: ROW_WORKGROUP } });
    }
  },
};

/**
 * softmax(scale · q kᵀ) v per head, for the last position: table [V + T, 3·heads·d], rows of tokens and then of positions,
 * columns query | key | value; tokens u32 [B, T], the same for all replicas, the last of each `lastToken` → [B, 1, heads, d].
 * A query, key or value is the row of its token plus that of its position. Throws `ShapeMismatch`, `BadConfig`.
 */
export function tokenAttention(table: Node, tokens: Node, options: TokenAttentionOptions): Node {
  const depth = table.shape[1] / (3 * options.heads);
  const attributes = { ...options, scale: options.scale ?? 1 / Math.sqrt(depth) };
  if (tokens.replicated) {
    throw new BadConfig('tokens', 'token attention: every replica reads the same samples');
  }
  return trace(tokenAttentionOp, [table, tokens], attributes) as Node;
}

/** Table, tokens and, if there, the gradient as the kernels read them: contiguous along the columns. */
function operandsOf(node: Node<TokenAttentionAttributes>, to: Lowering): readonly Operand[] {
  return node.inputs.map((input, k) => {
    const lying = to.operand(input);
    const wide = k !== 1;
    const four = [lying.offset, lying.replicaStride, ...lying.strides.slice(0, -1)];
    const fits = lying.strides.at(-1) === 1 && four.every((step) => step % 4 === 0);
    return !wide || fits ? lying : to.dense(input);
  });
}

function paramsOf(
  { inputs, attributes }: Node<TokenAttentionAttributes>,
  [table, tokens, gradient]: readonly (Operand | null)[],
  total: number,
  output: Operand,
) {
  const { batch, heads, depth, vocabulary } = sizesOf(inputs, attributes);
  const { lastToken, scale } = attributes;
  const [sample, , head] = gradient?.strides ?? [0, 0, 0];
  return {
    ...{ batch, heads, depth, vocabulary, lastToken, total, scale },
    table: [table!.offset, table!.strides[0], table!.replicaStride, 0],
    tokens: [tokens!.offset, ...tokens!.strides, tokens!.replicaStride],
    gradient: [gradient?.offset ?? 0, sample, head, gradient?.replicaStride ?? 0],
    output: [output.offset, output.replicaStride],
  };
}
