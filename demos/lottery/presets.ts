/** The choice of preset: a word each and a sentence on the chosen one. */
import { make } from '../shared/dom';

const names: readonly (readonly [string, string, string])[] = [
  [
    'digits',
    'Digits',
    'Images of 14 × 14 pixels, two trials: some ten minutes on two CPU cores, less on a GPU.',
  ],
  [
    'classic',
    'Classic',
    'The paper’s network on 28 × 28 pixels, five trials, down to 4 % of the weights: needs a GPU.',
  ],
];

export interface PresetChooser {
  readonly element: HTMLElement;
  update(name: string): void;
}

export function createPresets(choose: (name: string) => void): PresetChooser {
  const sentence = make('p', { class: 'hint' });
  const inputs = names.map(([value]) => {
    const input = make('input', { type: 'radio', name: 'preset', value, id: `preset-${value}` });
    input.addEventListener('change', () => choose(value));
    return input;
  });
  const labels = names.map(([value, text], index) =>
    make('span', {}, inputs[index], make('label', { for: `preset-${value}` }, text)),
  );
  const group = make('fieldset', { class: 'presets-row' }, make('legend', {}, 'Preset'), ...labels);
  return {
    element: make('div', { class: 'preset' }, group, sentence),
    update(name) {
      for (const input of inputs) input.checked = input.value === name;
      sentence.textContent = names.find(([value]) => value === name)?.[2] ?? '';
    },
  };
}
