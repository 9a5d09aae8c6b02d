/** The choice of target: a list and a sentence on the chosen one. */
import { make } from '../shared/dom';
import { targets } from './setup';

export interface TargetChooser {
  readonly element: HTMLElement;
  /** `own` is whether a grokking run is kept in this browser. */
  update(name: string, own: boolean): void;
}

export function createTargets(choose: (name: string) => void): TargetChooser {
  const select = make('select', { id: 'target' });
  const options = targets.map(({ name, label }) => make('option', { value: name }, label));
  select.append(...options);
  select.addEventListener('change', () => choose(select.value));
  const sentence = make('p', { class: 'hint' });
  return {
    element: make(
      'div',
      { class: 'preset' },
      make('div', { class: 'field-head' }, make('label', { for: 'target' }, 'Target')),
      select,
      sentence,
    ),
    update(name, own) {
      const last = options.find(({ value }) => value === 'browser');
      if (last !== undefined) {
        last.disabled = !own;
        last.textContent = own ? 'Your grokking run' : 'Your grokking run (none kept yet)';
      }
      select.value = name;
      sentence.textContent = targets.find((target) => target.name === name)?.sentence ?? '';
    },
  };
}
