/** The choice of preset: three words and a sentence on the chosen one. */
import { make } from '../shared/dom';

const names: readonly (readonly [string, string, string])[] = [
  ['quick', 'Quick', 'An MLP on p = 53: understands near step 1,100 (800 to 1,600 by seed).'],
  ['transformer', 'Transformer', 'The paper’s network made small: understands near step 800.'],
  ['paper', 'Paper', 'p = 113 as in Nanda et al.: understands near step 10,000. Bring patience.'],
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
