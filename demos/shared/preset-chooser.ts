/** The choice of preset: a word each and a sentence on the chosen one. */
import { make } from './dom';

export interface PresetChoice {
  /** As the address has it. */
  readonly name: string;
  readonly label: string;
  readonly sentence: string;
}

export interface PresetChooser {
  readonly element: HTMLElement;
  update(name: string): void;
}

export function createPresetChooser(
  choices: readonly PresetChoice[],
  choose: (name: string) => void,
  legend = 'Preset',
): PresetChooser {
  const sentence = make('p', { class: 'hint' });
  const inputs = choices.map(({ name: value }) => {
    const input = make('input', { type: 'radio', name: 'preset', value, id: `preset-${value}` });
    input.addEventListener('change', () => choose(value));
    return input;
  });
  const labels = choices.map(({ name, label }, index) =>
    make('span', {}, inputs[index], make('label', { for: `preset-${name}` }, label)),
  );
  const group = make('fieldset', { class: 'presets-row' }, make('legend', {}, legend), ...labels);
  return {
    element: make('div', { class: 'preset' }, group, sentence),
    update(name) {
      for (const input of inputs) input.checked = input.value === name;
      sentence.textContent = choices.find((one) => one.name === name)?.sentence ?? '';
    },
  };
}
