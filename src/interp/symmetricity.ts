/** Gradient symmetricity (Zhong et al., arXiv 2306.17844): does a logit change alike with the embeddings of both operands? */
import { gradients } from '../graph/grad';
import type { Graph, Node } from '../graph/types';
import { multiply } from '../ops/elementwise';
import { matmul } from '../ops/matmul';
import { norm, sum } from '../ops/reduce';
import { table } from '../ops/table';
import { slice } from '../ops/view';
import { drawSamples, SAMPLES } from './samples';
import { average, share, type Topic } from './topic';
import type { Subject } from './types';

/** Mean cosine between ∂logit_c/∂E_a and ∂logit_c/∂E_b over random (a, b, c). */
export function traceSymmetricity(
  graph: Graph,
  { p, embedding }: Subject,
  embedded: NonNullable<Subject['embedded']>,
  seed: number,
): Topic {
  const samples = drawSamples(p, seed);
  const width = embedding.shape[1];
  // Rows of ones and zeros: a product with them reads rows of the embedding exactly.
  const chosen = (name: string, columns: number, picks: readonly number[]): Node =>
    table(graph, `symmetricity ${name} ${p} ${seed} ${columns}`, [picks.length, columns], () => {
      const rows = new Float64Array(picks.length * columns);
      picks.forEach((pick, n) => (rows[n * columns + pick] = 1));
      return rows;
    });
  const operands = [...samples.map(({ a }) => a), ...samples.map(({ b }) => b)];
  const vectors = matmul(chosen('operands', p, operands), embedding);
  const first = slice(vectors, [0, 0], [SAMPLES, width]);
  const second = slice(vectors, [SAMPLES, 0], [2 * SAMPLES, width]);
  const logits = embedded(first, second);
  const classes = chosen(
    'classes',
    logits.shape[1],
    samples.map(({ c }) => c),
  );
  const [byFirst, bySecond] = gradients(sum(multiply(logits, classes)), [first, second]);
  const along = { axes: [1] };
  return {
    nodes: {
      'symmetricity.products': sum(multiply(byFirst, bySecond), along),
      'symmetricity.first': norm(byFirst, along),
      'symmetricity.second': norm(bySecond, along),
    },
    columns: ['gradient_symmetricity'],
    views: {},
    finish(values) {
      const cosines = Array.from(values['symmetricity.products'], (product, n) =>
        share(product, values['symmetricity.first'][n] * values['symmetricity.second'][n]),
      );
      return { scalars: { gradient_symmetricity: average(cosines) }, views: {} };
    },
  };
}
