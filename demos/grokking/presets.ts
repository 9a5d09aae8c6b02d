/** The presets in words. */
import type { PresetChoice } from '../shared/preset-chooser';

export const choices: readonly PresetChoice[] = [
  {
    name: 'quick',
    label: 'Quick',
    sentence: 'An MLP on p = 53: understands near step 1,100 (800 to 1,600 by seed).',
  },
  {
    name: 'transformer',
    label: 'Transformer',
    sentence: 'The paper’s network made small: understands near step 800.',
  },
  {
    name: 'paper',
    label: 'Paper',
    sentence: 'p = 113 as in Nanda et al.: understands near step 10,000. Bring patience.',
  },
];
