/** The measures of the table in their groups; the clause on each is the command line's own. */
import { VARIANTS } from '../../src/lab/experiments/progress-variants';

export interface MeasureGroup {
  readonly name: string;
  readonly metrics: readonly string[];
}

export const measureGroups: readonly MeasureGroup[] = [
  {
    name: 'Restricted: the key frequencies alone',
    metrics: [
      'restricted_loss',
      'restricted_loss_train',
      'restricted_loss_all',
      'restricted_accuracy',
      'restricted_loss_terms',
      'restricted_loss_neurons',
    ],
  },
  {
    name: 'Excluded: everything but them',
    metrics: ['excluded_loss', 'excluded_loss_all', 'excluded_loss_cube', 'excluded_loss_neurons'],
  },
  {
    name: 'Logits and neurons',
    metrics: ['logit_fve', 'key_count', 'explained_neurons', 'attention_periodicity'],
  },
  {
    name: 'Spectra of the weights',
    metrics: [
      'gini_embedding',
      'gini_readout',
      'entropy_in',
      'entropy_in_code',
      'entropy_out',
      'entropy_out_code',
    ],
  },
  {
    name: 'Symmetry',
    metrics: ['gradient_symmetricity', 'distance_irrelevance', 'circularity'],
  },
  { name: 'Sums of squared weights', metrics: ['weight_norm'] },
];

export const tensorPrefix = 'weight_norm/';

/** What a measure is, in a clause. */
export function sayMeasure(metric: string): string {
  if (metric === 'key_count') return `frequencies with a ${VARIANTS['key_frequencies'] ?? ''}`;
  if (metric === 'weight_norm') return 'of all tensors';
  if (metric.startsWith(tensorPrefix)) return 'of this tensor';
  return VARIANTS[metric] ?? '';
}
