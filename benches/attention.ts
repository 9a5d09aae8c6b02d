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
import { kernelContender, plainContender, referenceContenders } from './kernel';
import type { PlainWork } from './kernel';
import { attendCausally } from './plain-attention';
import type { Heads } from './plain-attention';
import { createTask } from './task';
import type { Task } from './task';
import type { Bench, Contender, Weight } from './types';

const sizes: readonly (Heads & { readonly weight?: Weight })[] = [
  // The grokking transformer's three tokens, and sentences of a small language model.
  { batch: 512, length: 3, heads: 4, headWidth: 32, weight: 'light' },
  { batch: 16, length: 64, heads: 4, headWidth: 32 },
  { batch: 16, length: 512, heads: 8, headWidth: 64, weight: 'heavy' },
];

export const benches: readonly Bench[] = sizes.flatMap((size) =>
  [false, true].map((gradients): Bench => {
    const { batch, length, heads, headWidth, weight } = size;
    const shape = `${batch} × ${length} tokens, ${heads} heads of ${headWidth}, causal`;
    return {
      name: `attention/${batch}x${length}${gradients ? '/gradient' : ''}`,
      title: gradients ? `${shape}, forward and backward` : shape,
      unit: 'passes',
      weight,
      contenders: async ({ gpu }) => {
        const task = createTask({
          ...{ case: caseOf(size, fused), gradients, flops: countFlops(size, gradients) },
          bytes: 4 * batch * length * heads * headWidth * (gradients ? 8 : 4),
        });
        return [
          kernelContender(gpu, 'fused', task),
          kernelContender(gpu, 'from parts', task, caseOf(size, fromParts)),
          plainContenderOf(task, size, gradients),
          ...referenceContenders(task),
        ];
      },
    };
  }),
);

/** Scores and mixing of the pairs below and on the diagonal; backward five such products, scores among them again. */
function countFlops({ batch, length, heads, headWidth }: Heads, gradients: boolean): number {
  const pairs = (length * (length + 1)) / 2;
  return batch * heads * pairs * headWidth * 2 * (gradients ? 7 : 2);
}

type Attend = (graph: Graph, q: Node, k: Node, v: Node) => Node;

function caseOf({ batch, length, heads, headWidth }: Heads, attend: Attend): Case {
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
  const scores = scale(matmul(heads(q), transpose(heads(k))), 1 / Math.sqrt(headWidth));
  const masked = select(causalMask(graph, length), scores, constant(graph, -1e30));
  return transpose(matmul(softmax(masked), heads(v)), [0, 2, 1, 3]);
}

function plainContenderOf(task: Task, size: Heads, gradients: boolean): Contender {
  return plainContender(task, (values): PlainWork => {
    const [q, k, v] = ['q', 'k', 'v'].map((name) => values[name] as Float32Array);
    const like = (): Float32Array => new Float32Array(q.length);
    const output = like();
    if (!gradients)
      return { outputs: { output }, run: () => attendCausally(size, { q, k, v }, output, null) };
    const to = { q: like(), k: like(), v: like() };
    const w = values['probe weights'] as Float32Array;
    return {
      outputs: {
        output,
        'gradient of q': to.q,
        'gradient of k': to.k,
        'gradient of v': to.v,
      },
      run: () => attendCausally(size, { q, k, v }, output, { w, to }),
    };
  });
}
