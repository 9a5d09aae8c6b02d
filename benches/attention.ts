/** Fused attention against the same thing put together from matrix products and a softmax, forward and backward. */
import type { Graph, Node } from '../src/graph/types';
import { ofLargest } from '../src/lab/check/bounds';
import type { Built, Case, Draw } from '../src/lab/check/types';
import { attention } from '../src/ops/attention';
import { constant } from '../src/ops/source';
import { scale } from '../src/ops/elementwise';
import { matmul } from '../src/ops/matmul';
import { causalMask, select } from '../src/ops/select';
import { softmax } from '../src/ops/softmax';
import { transpose } from '../src/ops/view';
import type { Bench } from './types';
import { kernelContender } from './kernel';

interface Size {
  readonly batch: number;
  readonly length: number;
  readonly heads: number;
  readonly headWidth: number;
}

const sizes: readonly Size[] = [
  // The grokking transformer's three tokens, and sentences of a small language model.
  { batch: 512, length: 3, heads: 4, headWidth: 32 },
  { batch: 16, length: 64, heads: 4, headWidth: 32 },
];

export const benches: readonly Bench[] = sizes.flatMap((size) =>
  [false, true].map((gradients): Bench => {
    const { batch, length, heads, headWidth } = size;
    const shape = `${batch} × ${length} tokens, ${heads} heads of ${headWidth}, causal`;
    return {
      name: `attention/${batch}x${length}${gradients ? '/gradient' : ''}`,
      title: gradients ? `${shape}, forward and backward` : shape,
      unit: 'passes',
      contenders: async ({ gpu }) => [
        kernelContender(gpu, { name: 'fused', case: caseOf(size, fused), gradients }),
        kernelContender(gpu, { name: 'from parts', case: caseOf(size, fromParts), gradients }),
      ],
    };
  }),
);

type Attend = (graph: Graph, q: Node, k: Node, v: Node) => Node;

function caseOf({ batch, length, heads, headWidth }: Size, attend: Attend): Case {
  return {
    op: 'attention',
    name: `${batch} × ${length} × ${heads} × ${headWidth}`,
    build(graph: Graph, draw: Draw): Built {
      const leaf = (name: string): Node => draw.leaf(name, [batch, length, heads, headWidth]);
      const output = attend(graph, leaf('q'), leaf('k'), leaf('v'));
      return { output, bound: ofLargest(1e-5), gradients: ['q', 'k', 'v'] };
    },
  };
}

function fused(_graph: Graph, q: Node, k: Node, v: Node): Node {
  return attention(q, k, v, { causal: true });
}

function fromParts(graph: Graph, q: Node, k: Node, v: Node): Node {
  const [, length, , headWidth] = q.shape;
  const heads = (x: Node): Node => transpose(x, [0, 2, 1, 3]);
  const scores = scale(matmul(heads(q), transpose(heads(k))), 1 / Math.sqrt(headWidth!));
  const masked = select(causalMask(graph, length!), scores, constant(graph, -1e30));
  return transpose(matmul(softmax(masked), heads(v)), [0, 2, 1, 3]);
}
