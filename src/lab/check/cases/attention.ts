import { attention, attentionPattern } from '../../../ops/attention';
import { broadcastTo, reshape, slice, transpose } from '../../../ops/view';
import { ofLargest, relative } from '../bounds';
import { listCases, type Case, type Draw } from '../types';

type Extent = number | readonly number[];

interface Layout {
  readonly name: string;
  readonly batch: Extent;
  /** Queries and keys; one number for both when they attend to themselves. */
  readonly queries: Extent;
  readonly keys?: Extent;
  readonly heads: Extent;
  readonly depth: Extent;
  readonly causal: boolean;
  readonly gradients?: boolean;
}

const layouts: readonly Layout[] = [
  {
    name: 'the three tokens of modular addition',
    batch: 70,
    queries: 3,
    heads: 4,
    depth: 32,
    causal: true,
  },
  {
    name: 'its last position alone',
    batch: 70,
    queries: 1,
    keys: 3,
    heads: 4,
    depth: 32,
    causal: true,
  },
  {
    name: 'up to 4 tokens',
    batch: [1, 2, 5],
    queries: [1, 2, 3, 4],
    heads: [1, 3],
    depth: [1, 3, 4, 6, 8],
    causal: true,
  },
  {
    name: 'up to 4 tokens, all seen',
    batch: [1, 5],
    queries: [1, 2, 4],
    keys: [1, 2, 3, 4],
    heads: [1, 3],
    depth: [4, 5, 12],
    causal: false,
  },
  {
    name: '5 to 9 tokens',
    batch: [1, 3],
    queries: [5, 6, 7, 8, 9],
    heads: [1, 2],
    depth: [4, 7, 8, 16],
    causal: true,
  },
  {
    name: 'fewer queries than keys',
    batch: [1, 3],
    queries: [1, 2, 3, 5],
    keys: [5, 8, 11],
    heads: [1, 2],
    depth: [4, 5, 8],
    causal: true,
  },
  {
    name: 'more queries than keys, all seen',
    batch: 2,
    queries: [11, 33],
    keys: [2, 7],
    heads: 2,
    depth: [3, 8],
    causal: false,
  },
  {
    name: '15 to 65 tokens',
    batch: [1, 2],
    queries: [15, 16, 17, 31, 32, 33, 64, 65],
    heads: [1, 2],
    depth: [8, 12, 16],
    causal: true,
  },
  {
    name: '15 to 65 tokens, all seen, odd depth',
    batch: 1,
    queries: [15, 18, 65],
    keys: [16, 17, 33],
    heads: 2,
    depth: [1, 5, 10],
    causal: false,
  },
  { name: '131 tokens, depth 64', batch: 1, queries: 131, heads: 1, depth: 64, causal: true },
  { name: '40 tokens, depth 92', batch: 1, queries: 40, heads: 1, depth: 92, causal: false },
  { name: '20 tokens, depth 128', batch: 1, queries: 20, heads: 1, depth: 128, causal: true },
  {
    name: '512 tokens',
    batch: 1,
    queries: 512,
    heads: 1,
    depth: 8,
    causal: true,
    gradients: false,
  },
];

const choose = (draw: Draw, extent: Extent): number =>
  typeof extent === 'number' ? extent : draw.pick(extent);

function caseOf({ name, causal, gradients = true, ...extents }: Layout): Case {
  return {
    op: 'attention',
    name,
    build(_, draw) {
      const batch = choose(draw, extents.batch);
      const queries = choose(draw, extents.queries);
      const keys = extents.keys === undefined ? queries : choose(draw, extents.keys);
      const [heads, depth] = [choose(draw, extents.heads), choose(draw, extents.depth)];
      const q = draw.leaf('q', [batch, queries, heads, depth]);
      const k = draw.leaf('k', [batch, keys, heads, depth]);
      const v = draw.leaf('v', [batch, keys, heads, depth], { replicated: false });
      return {
        output: attention(q, k, v, { causal }),
        bound: ofLargest(1e-5),
        gradients: gradients ? ['q', 'k'] : [],
      };
    },
  };
}

export const attentionCases: readonly Case[] = listCases(() => [
  ...layouts.map(caseOf),
  ...[3, 9, 20].map((tokens): Case => ({
    op: 'attention',
    name: `${tokens} tokens, slices of one projection`,
    build(_, draw) {
      const all = draw.leaf('all', [2, tokens, 3, 2, 8]);
      const part = (n: number) =>
        reshape(slice(all, [0, 0, n], [2, tokens, n + 1]), [2, tokens, 2, 8]);
      return {
        output: attention(part(0), part(1), part(2), { causal: true }),
        bound: ofLargest(1e-5),
        gradients: ['all'],
      };
    },
  })),
  ...[3, 12].map((tokens): Case => ({
    op: 'attention',
    name: `${tokens} tokens, one query for all examples, heads outside`,
    build(_, draw) {
      const q = draw.leaf('q', [2, 8]);
      const k = draw.leaf('k', [5, 2, tokens, 8]);
      const v = draw.leaf('v', [5, tokens, 8, 2]);
      const query = broadcastTo(reshape(q, [1, 1, 2, 8]), [5, 1, 2, 8]);
      return {
        output: attention(query, transpose(k, [0, 2, 1, 3]), transpose(v), {
          causal: true,
          scale: 0.7,
        }),
        bound: ofLargest(1e-5),
        gradients: ['q', 'k', 'v'],
      };
    },
  })),
  {
    op: 'attention',
    name: 'a batch of one query against many keys, shared',
    build(_, draw) {
      const q = draw.leaf('q', [1, 2, 3, 4], { replicated: false });
      const k = draw.leaf('k', [6, 3, 3, 4]);
      const v = draw.leaf('v', [1, 3, 3, 4]);
      return {
        output: attention(q, k, v, { causal: false }),
        bound: ofLargest(1e-5),
        gradients: ['q', 'k', 'v'],
      };
    },
  },
  {
    op: 'attention',
    name: 'scores of ±200',
    build(_, draw) {
      const q = draw.leaf('q', [2, 18, 1, 8], { scale: 12 });
      const k = draw.leaf('k', [2, 18, 1, 8], { scale: 12 });
      const v = draw.leaf('v', [2, 18, 1, 8]);
      return {
        output: attention(q, k, v, { causal: true }),
        bound: ofLargest(1e-4),
        gradients: ['v'],
        gradientBound: 1e-4,
      };
    },
  },
  {
    op: 'attentionPattern',
    name: 'any sizes',
    build(_, draw) {
      const keys = draw.pick([1, 3, 8, 17, 40]);
      const queries = draw.integer(1, keys);
      const depth = draw.pick([1, 4, 5, 8]);
      const q = draw.leaf('q', [2, queries, 3, depth]);
      const k = draw.leaf('k', [draw.pick([1, 2]), keys, 3, depth]);
      return {
        output: attentionPattern(q, k, { causal: draw.pick([true, false]) }),
        bound: relative(1e-5, 1e-7),
        gradients: ['q', 'k'],
      };
    },
  },
]);
