/** Do the directions that W_L reads, u_k and v_k, carry cos and sin of w_k(a + b)? */
import type { Node } from '../graph/types';
import { add, multiply, negate } from '../ops/elementwise';
import { matmul } from '../ops/matmul';
import { PAIR_TABLES } from '../ops/pair-means';
import { norm, sum } from '../ops/reduce';
import { reshape, slice, transpose } from '../ops/view';
import { share, type Topic } from './topic';
import { wavesOf, type PairComponents, type Waves } from './waves';

/**
 * `neurons` [p², hidden]; `readout` [hidden, p], W_L transformed along the classes: its columns 2k − 1 and 2k are u_k and v_k. The
 * regression of u_k·neurons on cos(w_k(a + b)) explains p·(u_k·S)² of its variance, S the row of that wave in the transform of means
 * over equal sums.
 */
export function traceReadout(
  { p, frequencies }: Waves,
  neurons: Node,
  components: PairComponents,
  readout: Node,
): Topic {
  const hidden = readout.shape[0];
  const directions = slice(readout, [0, 1], [hidden, p]);
  const centre = matmul(reshape(negate(components.mean), [1, hidden]), directions);
  const centred = add(matmul(neurons, directions), reshape(centre, [2 * frequencies]));
  const along = multiply(transpose(directions), wavesOf(components, PAIR_TABLES.sum));
  return {
    nodes: {
      'readout.along': sum(along, { axes: [1] }),
      'readout.lengths': norm(centred, { axes: [0] }),
    },
    columns: [],
    views: { readout_fve: [2, frequencies] },
    finish(values) {
      const fractions = new Float64Array(2 * frequencies);
      for (let j = 0; j < 2 * frequencies; j++) {
        const explained = p * values['readout.along'][j] ** 2;
        const fraction = share(explained, values['readout.lengths'][j] ** 2);
        fractions[(j % 2) * frequencies + (j >> 1)] = Math.min(fraction, 1);
      }
      return { scalars: {}, views: { readout_fve: fractions } };
    },
  };
}
