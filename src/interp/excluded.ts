/** Losses on the train set with what the logits know of a + b taken out: of one frequency, of the key ones, of all. */
import type { Node } from '../graph/types';
import { pairLosses } from '../ops/pair-losses';
import { mean } from '../ops/reduce';
import { reshape } from '../ops/view';
import { SUM_TABLES, type SumTables } from './sums';
import type { Topic } from './topic';
import type { PairSet } from './types';

/** `logits` [p², C] of all pairs. */
export function traceExcluded(
  logits: Node,
  { all, frequencies }: SumTables,
  train: PairSet,
): Topic {
  const [count, p, width] = all.shape;
  const losses = pairLosses(reshape(all, [count, 1, p, width]), {
    classes: logits.shape[1],
    rows: train.rows,
    base: logits,
  });
  const at = (name: (typeof SUM_TABLES)[number]): number => frequencies + SUM_TABLES.indexOf(name);
  return {
    nodes: { excluded: mean(losses, { axes: [1] }) },
    columns: ['excluded_loss', 'excluded_loss_all', 'excluded_loss_cube', 'excluded_loss_neurons'],
    views: { excluded_by_frequency: [frequencies] },
    finish: ({ excluded }) => ({
      scalars: {
        excluded_loss: excluded[at('keys')],
        excluded_loss_all: excluded[at('every')],
        excluded_loss_cube: excluded[at('cube')],
        excluded_loss_neurons: excluded[at('neurons')],
      },
      views: {
        excluded_by_frequency: Float64Array.from({ length: frequencies }, (_, k) => excluded[k]),
      },
    }),
  };
}
