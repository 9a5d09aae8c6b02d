/** The one preset of progress-measures: all it needs is the checkpoint. */
import type { Preset } from './types';

export const progressPresets: readonly Preset[] = [
  {
    name: 'progress-measures',
    summary:
      'Every progress measure of a trained network, from --checkpoint: a file with names of Cusp or TransformerLens, or a run directory.',
    config: { schema: 1, experiment: 'progress-measures' },
  },
];
