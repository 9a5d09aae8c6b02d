/**
 * Our parameter names and TransformerLens' (HookedTransformer.state_dict), and how the axes of the one become those of the
 * other. Ours are [out, in], TransformerLens multiplies from the right and gives each head an axis of its own:
 *
 * | arrangement   | ours                  | TransformerLens          |
 * | same          | as it is              | as it is                 |
 * | transposed    | [out, in]             | [in, out]                |
 * | head-inputs   | [heads·d_head, width] | [heads, width, d_head]   |
 * | head-output   | [width, heads·d_head] | [heads, d_head, width]   |
 * | head-biases   | [heads·d_head]        | [heads, d_head]          |
 */
import { permute, type Weight } from './weights';

export type Arrangement = 'same' | 'transposed' | 'head-inputs' | 'head-output' | 'head-biases';

export interface Rule {
  readonly ours: string;
  readonly theirs: string;
  readonly arrangement: Arrangement;
}

const outer: readonly Rule[] = [
  { ours: 'embed.weight', theirs: 'embed.W_E', arrangement: 'same' },
  { ours: 'pos_embed.weight', theirs: 'pos_embed.W_pos', arrangement: 'same' },
  { ours: 'ln_final.weight', theirs: 'ln_final.w', arrangement: 'same' },
  { ours: 'ln_final.bias', theirs: 'ln_final.b', arrangement: 'same' },
  { ours: 'unembed.weight', theirs: 'unembed.W_U', arrangement: 'transposed' },
  { ours: 'unembed.bias', theirs: 'unembed.b_U', arrangement: 'same' },
];

const block: readonly Rule[] = [
  { ours: 'ln1.weight', theirs: 'ln1.w', arrangement: 'same' },
  { ours: 'ln1.bias', theirs: 'ln1.b', arrangement: 'same' },
  { ours: 'attn.query.weight', theirs: 'attn.W_Q', arrangement: 'head-inputs' },
  { ours: 'attn.key.weight', theirs: 'attn.W_K', arrangement: 'head-inputs' },
  { ours: 'attn.value.weight', theirs: 'attn.W_V', arrangement: 'head-inputs' },
  { ours: 'attn.query.bias', theirs: 'attn.b_Q', arrangement: 'head-biases' },
  { ours: 'attn.key.bias', theirs: 'attn.b_K', arrangement: 'head-biases' },
  { ours: 'attn.value.bias', theirs: 'attn.b_V', arrangement: 'head-biases' },
  { ours: 'attn.out.weight', theirs: 'attn.W_O', arrangement: 'head-output' },
  { ours: 'attn.out.bias', theirs: 'attn.b_O', arrangement: 'same' },
  { ours: 'ln2.weight', theirs: 'ln2.w', arrangement: 'same' },
  { ours: 'ln2.bias', theirs: 'ln2.b', arrangement: 'same' },
  { ours: 'mlp.in.weight', theirs: 'mlp.W_in', arrangement: 'transposed' },
  { ours: 'mlp.in.bias', theirs: 'mlp.b_in', arrangement: 'same' },
  { ours: 'mlp.out.weight', theirs: 'mlp.W_out', arrangement: 'transposed' },
  { ours: 'mlp.out.bias', theirs: 'mlp.b_out', arrangement: 'same' },
];

/** Buffers that TransformerLens saves beside the weights: the causal mask, and what it puts in its place. */
export const BUFFERS = ['attn.mask', 'attn.IGNORE'] as const;

/** Axes of a tensor in TransformerLens' arrangement; null where any number will do. */
export const RANK: Readonly<Record<Arrangement, number | null>> = {
  same: null,
  transposed: 2,
  'head-inputs': 3,
  'head-output': 3,
  'head-biases': 2,
};

/** The rule of a tensor by its name in either of the two; null for an unknown one. */
export function findRule(name: string, side: 'ours' | 'theirs'): Rule | null {
  const parts = /^(blocks\.\d+)\.(.+)$/.exec(name);
  if (!parts) return outer.find((rule) => rule[side] === name) ?? null;
  const [, prefix, inner] = parts;
  const rule = block.find((one) => one[side] === inner);
  if (!rule) return null;
  const { ours, theirs, arrangement } = rule;
  return { ours: `${prefix}.${ours}`, theirs: `${prefix}.${theirs}`, arrangement };
}

/** The layer and name of a buffer; null for any other tensor. */
export function isBuffer(name: string): boolean {
  return BUFFERS.some(
    (buffer) =>
      /^blocks\.\d+$/.test(name.slice(0, -buffer.length - 1)) && name.endsWith(`.${buffer}`),
  );
}

/** Ours → theirs. */
export function arrange(weight: Weight, arrangement: Arrangement, heads: number): Weight {
  const [first, second] = weight.shape;
  switch (arrangement) {
    case 'same':
      return weight;
    case 'transposed':
      return permute(weight, weight.shape, [1, 0]);
    case 'head-inputs':
      return permute(weight, [heads, first / heads, second], [0, 2, 1]);
    case 'head-output':
      return permute(weight, [first, heads, second / heads], [1, 2, 0]);
    case 'head-biases':
      return { shape: [heads, first / heads], data: weight.data };
  }
}

/** Theirs → ours. */
export function disarrange(weight: Weight, arrangement: Arrangement): Weight {
  const { shape, data } = weight;
  const [first, second, third] = shape;
  switch (arrangement) {
    case 'same':
      return weight;
    case 'transposed':
      return permute(weight, shape, [1, 0]);
    case 'head-inputs':
      return { shape: [first * third, second], data: permute(weight, shape, [0, 2, 1]).data };
    case 'head-output':
      return { shape: [third, first * second], data: permute(weight, shape, [2, 0, 1]).data };
    case 'head-biases':
      return { shape: [first * second], data };
  }
}
