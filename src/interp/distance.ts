/** Distance irrelevance (Zhong et al., arXiv 2306.17844): is the right logit the same whatever the difference of the operands? */
import type { Node } from '../graph/types';
import { PAIR_TABLES, pairMeansOfSum } from '../ops/pair-means';
import { reshape, slice } from '../ops/view';
import { average, share, type Topic } from './topic';

/**
 * Mean over differences a − b of the standard deviation of the right logit over the sums a + b, over its standard deviation over all
 * pairs: 1 where only the sum matters, 0 where only the difference does, and 0 where it is the same everywhere.
 */
export function traceDistance(p: number, logits: Node): Topic {
  const { difference } = PAIR_TABLES;
  const tables = pairMeansOfSum(logits, p);
  const part = slice(tables, [0, difference], [2, difference + 1]);
  return {
    nodes: { distance: reshape(part, [2, p]) },
    columns: ['distance_irrelevance'],
    views: {},
    finish({ distance }) {
      const means = Array.from({ length: p }, (_, d) => distance[d]);
      const variances = Array.from({ length: p }, (_, d) => distance[p + d]);
      const overall = average(means);
      const variance = average(variances) + average(means.map((m) => (m - overall) ** 2));
      const spread = average(variances.map(Math.sqrt));
      return { scalars: { distance_irrelevance: share(spread, Math.sqrt(variance)) }, views: {} };
    },
  };
}
