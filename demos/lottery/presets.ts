/** The presets in words. */
import type { PresetChoice } from '../shared/preset-chooser';

export const choices: readonly PresetChoice[] = [
  {
    name: 'digits',
    label: 'Digits',
    sentence:
      'Images of 14 × 14 pixels, two trials: some ten minutes on two CPU cores, less on a GPU.',
  },
  {
    name: 'classic',
    label: 'Classic',
    sentence:
      'The paper’s network on 28 × 28 pixels, five trials, down to 4 % of the weights: needs a GPU.',
  },
];
