import { concat } from '../../../ops/concat';
import { MOST_KEYS, tokenAttention } from '../../../ops/token-attention';
import { slice } from '../../../ops/view';
import { listCases, type Case } from '../types';

const shared = { replicated: false } as const;

export const tokenAttentionCases: readonly Case[] = listCases(() => [
  {
    op: 'tokenAttention',
    name: 'samples that end in one token',
    build(_, draw) {
      const [batch, vocabulary] = [draw.pick([1, 5, 70]), draw.integer(2, 30)];
      const [keys, heads, depth] = [
        draw.integer(2, MOST_KEYS),
        draw.integer(1, 4),
        draw.pick([4, 12, 32]),
      ];
      const table = draw.leaf('table', [vocabulary + keys, 3 * heads * depth]);
      const words = draw.indices('words', [batch, keys - 1], vocabulary, shared);
      const tokens = concat([words, draw.indices('end', [batch, 1], 1, shared)], 1);
      const output = tokenAttention(table, tokens, { heads, lastToken: 0 });
      return { output, bound: () => 4e-6 * depth, gradients: ['table'] };
    },
  },
  {
    op: 'tokenAttention',
    name: 'a part of a table, one table for all',
    build(_, draw) {
      const table = draw.leaf('table', [9, 3 * 8 + 4], shared);
      const part = slice(table, [0, 4], [9, 28]);
      const words = draw.indices('words', [40, 2], 6, shared);
      const tokens = concat([words, draw.indices('end', [40, 1], 1, shared)], 1);
      const output = tokenAttention(part, tokens, { heads: 2, lastToken: 0, scale: 0.3 });
      return { output, bound: () => 2e-5, gradients: ['table'] };
    },
  },
  {
    op: 'tokenAttention',
    name: 'a token that stands in every sample, thousands of times',
    build(_, draw) {
      const table = draw.leaf('table', [7, 3 * 16]);
      const tokens = draw.indices('tokens', [3001, 1], 1, shared);
      const output = tokenAttention(table, tokens, { heads: 2, lastToken: 0 });
      return { output, bound: () => 2e-5, gradients: ['table'] };
    },
  },
]);
