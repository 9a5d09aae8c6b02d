/** How periodic the attention to the first operand is. */
import type { Node } from '../graph/types';
import { PAIR_TABLES } from '../ops/pair-means';
import { reshape, transpose } from '../ops/view';
import { average, share, type Topic } from './topic';
import { lengthsByFrequency, totalDeviation, tracePairComponents, type Waves } from './waves';

/**
 * `pattern` [heads, p, p], from the last position to a. What one frequency explains are its linear terms, cos and sin of w_k·a and of
 * w_k·b: attention is close to a polynomial of degree one in them (Nanda et al.).
 */
export function traceAttention(waves: Waves, pattern: Node): Topic {
  const { p, frequencies } = waves;
  const [heads] = pattern.shape;
  const components = tracePairComponents(waves, transpose(reshape(pattern, [heads, p * p])));
  const lengths = lengthsByFrequency(components, PAIR_TABLES.first, PAIR_TABLES.second + 1);
  return {
    nodes: {
      'attention.lengths': lengths,
      'attention.within': components.within,
      'attention.between': components.between,
    },
    columns: ['attention_periodicity'],
    views: { attention_spectrum: [heads, frequencies] },
    finish(values) {
      const spectrum = new Float64Array(heads * frequencies);
      const best = Array.from({ length: heads }, (_, head) => {
        const total = totalDeviation(
          p,
          values['attention.within'],
          values['attention.between'],
          head,
        );
        const own = spectrum.subarray(head * frequencies, (head + 1) * frequencies);
        for (let k = 0; k < frequencies; k++) {
          const length = values['attention.lengths'][k * heads + head];
          own[k] = Math.min(share(p * length ** 2, total), 1);
        }
        return own.reduce((most, one) => Math.max(most, one), 0);
      });
      return {
        scalars: { attention_periodicity: average(best) },
        views: { attention_spectrum: spectrum },
      };
    },
  };
}
