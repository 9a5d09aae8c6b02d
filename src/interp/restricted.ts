/** Losses of logits restricted to what the key frequencies say of a + b. */
import type { Graph, Node } from '../graph/types';
import { add, greater, multiply } from '../ops/elementwise';
import { concat } from '../ops/concat';
import { gather } from '../ops/gather';
import { matmul } from '../ops/matmul';
import { pairLosses } from '../ops/pair-losses';
import { PAIR_TABLES } from '../ops/pair-means';
import { maximumOf, mean, sum } from '../ops/reduce';
import { table } from '../ops/table';
import { reshape, slice, transpose } from '../ops/view';
import type { Keys } from './keys';
import { sumTable, SUM_TABLES, type SumTables } from './sums';
import type { Topic } from './topic';
import type { PairSet } from './types';
import { wavesOf, type PairComponents, type Waves } from './waves';

interface Sources {
  readonly classes: number;
  readonly logits: PairComponents;
  readonly keys: Keys;
  readonly tables: SumTables;
  readonly train: PairSet;
  readonly test: PairSet;
}

/**
 * Restricted logits are those tables with the mean of each class over all pairs added: a function of a + b, so that there are p
 * losses to compute, and the pairs of a set read theirs by label.
 */
export function traceRestricted(
  graph: Graph,
  { p, frequencies, back }: Waves,
  { classes, logits, keys, tables, train, test }: Sources,
): Topic {
  const { width } = logits;
  const from = frequencies + SUM_TABLES.indexOf('keys');
  // keys and neurons lie side by side.
  const both = add(slice(tables.all, [from], [from + 2]), logits.mean);
  const losses = pairLosses(reshape(both, [2, 1, p, width]), { classes, step: p });
  const ofSet = ({ labels }: PairSet): Node =>
    mean(gather(transpose(losses), labels), { axes: [0] });

  const restricted = add(sumTable(tables, 'keys'), logits.mean);
  const right = answersRight(graph, slice(restricted, [0, 0], [p, classes]));

  const differences = reshape(wavesOf(logits, PAIR_TABLES.difference), [frequencies, 2, width]);
  const kept = multiply(differences, reshape(keys.on, [frequencies, 1, 1]));
  const byDifference = matmul(back, reshape(kept, [2 * frequencies, width]));
  const terms = concat(
    [restricted, byDifference].map((x) => reshape(x, [1, 1, p, width])),
    1,
  );

  return {
    nodes: {
      'restricted.all': mean(losses, { axes: [1] }),
      'restricted.train': ofSet(train),
      'restricted.test': ofSet(test),
      'restricted.terms': mean(pairLosses(terms, { classes, rows: test.rows })),
      'restricted.accuracy': mean(gather(right, test.labels)),
    },
    columns: [
      'restricted_loss',
      'restricted_loss_train',
      'restricted_loss_all',
      'restricted_accuracy',
      'restricted_loss_terms',
      'restricted_loss_neurons',
    ],
    views: {},
    finish: (values) => ({
      scalars: {
        restricted_loss: values['restricted.test'][0],
        restricted_loss_train: values['restricted.train'][0],
        restricted_loss_all: values['restricted.all'][0],
        restricted_accuracy: values['restricted.accuracy'][0],
        restricted_loss_terms: values['restricted.terms'][0],
        restricted_loss_neurons: values['restricted.test'][1],
      },
      views: {},
    }),
  };
}

/** Larger than any logit, and added to none but the right one. */
const FAR = 1e30;

/** 1 for each sum whose own class is above all others in its row of `logits` [p, classes], [p]. */
function answersRight(graph: Graph, logits: Node): Node {
  const [p, classes] = logits.shape;
  const diagonal = (scale: number): Node =>
    table(graph, `diagonal ${p} ${classes} ${scale}`, [p, classes], () =>
      Float64Array.from({ length: p * classes }, (_, i) =>
        i % classes === Math.floor(i / classes) ? scale : 0,
      ),
    );
  const own = sum(multiply(logits, diagonal(1)), { axes: [1] });
  return greater(own, maximumOf(add(logits, diagonal(-FAR)), { axes: [1] }));
}
