/** How the logits lie along cos(w_k(a + b − c)), and which frequencies that makes the key ones (facts of Nanda et al., 2301.05217). */
import type { Graph, Node } from '../graph/types';
import { greater, multiply, scale, square } from '../ops/elementwise';
import { PAIR_TABLES } from '../ops/pair-means';
import { mean, sum } from '../ops/reduce';
import { select } from '../ops/select';
import { constant } from '../ops/source';
import { table } from '../ops/table';
import { reshape, slice } from '../ops/view';
import { average, share, type Topic } from './topic';
import type { Waves } from './waves';
import { totalDeviation, wavesOf, type PairComponents } from './waves';

export interface Keys {
  /** α_k, [K]: least-squares weights of the cubes cos(w_k(a + b − c)) in the logits of the p answers. */
  readonly weights: Node;
  /** 1 for a key frequency, else 0, [K]. */
  readonly on: Node;
}

/**
 * α_k = ⟨L, cube_k⟩/(p³/2). The cube depends on a + b and c alone, and cos(w(s − c)) = p/2·Σ F_j(s)·F_j(c) over its two rows j of F, so
 * that α_k = 1/p·Σ_j Σ_c F_j(c)·S_j(c), S the transform of the means over equal sums.
 */
export function traceKeys(
  graph: Graph,
  { p, frequencies, basis }: Waves,
  logits: PairComponents,
  pinned: readonly number[] | null,
): Keys {
  const answers = slice(wavesOf(logits, PAIR_TABLES.sum), [0, 0], [2 * frequencies, p]);
  const along = multiply(answers, slice(basis, [1, 0], [p, p]));
  // A mean over p columns of two rows each: the division by p comes with it.
  const weights = sum(mean(reshape(along, [frequencies, 2, p]), { axes: [2] }), { axes: [1] });
  if (pinned) {
    const make = (): Float64Array =>
      Float64Array.from({ length: frequencies }, (_, k) => Number(pinned.includes(k + 1)));
    const key = `key frequencies ${p}: ${[...pinned].sort((a, b) => a - b).join(' ')}`;
    return { weights, on: table(graph, key, [frequencies], make) };
  }
  const squares = square(weights);
  const low = greater(scale(mean(squares), 0.5), squares);
  const zero = constant(graph, 0);
  return { weights, on: select(low, zero, greater(weights, zero)) };
}

/** `logit_fve`, `key_count` and the views of the coefficients. */
export function traceKeyMeasures(
  { p, frequencies }: Waves,
  logits: PairComponents,
  keys: Keys,
): Topic {
  return {
    nodes: {
      'keys.weights': keys.weights,
      'keys.on': keys.on,
      'logits.mean': logits.mean,
      'logits.within': logits.within,
      'logits.between': logits.between,
    },
    columns: ['logit_fve', 'key_count'],
    views: {
      logit_coefficients: [frequencies],
      logit_cosines: [frequencies],
      key_frequencies: [frequencies],
    },
    finish(values) {
      const weights = Float64Array.from(values['keys.weights']);
      const on = Float64Array.from(values['keys.on']);
      const means = Array.from({ length: p }, (_, c) => values['logits.mean'][c]);
      const overall = average(means);
      // ‖L − mean‖² over p² pairs and p answers: within columns and between their means.
      const variation = means.reduce(
        (total, own, c) =>
          total +
          totalDeviation(p, values['logits.within'], values['logits.between'], c) +
          p ** 2 * (own - overall) ** 2,
        0,
      );
      const length = Math.sqrt(variation + p ** 3 * overall ** 2);
      const cube = p ** 3 / 2;
      const explained = weights.reduce((total, w, k) => total + on[k] * w ** 2 * cube, 0);
      return {
        scalars: {
          logit_fve: share(explained, variation),
          key_count: on.reduce((total, one) => total + one, 0),
        },
        views: {
          logit_coefficients: weights,
          logit_cosines: weights.map((w) => share(w * Math.sqrt(cube), length)),
          key_frequencies: on,
        },
      };
    },
  };
}
