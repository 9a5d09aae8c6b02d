/** Which group of chains the figure shows, where there are several, and the choice of another. */
import type { LlcGroup } from '../../src/lab/experiments/llc-results';
import { make } from '../shared/dom';
import type { Signal } from '../shared/signal';
import { sayGroup } from './words';

export interface GroupLine {
  readonly element: HTMLElement;
  update(groups: readonly LlcGroup[]): void;
}

export function createGroupLine(chosen: Signal<number>): GroupLine {
  const select = make('select', { id: 'group' });
  const element = make(
    'p',
    { class: 'fine', id: 'which', hidden: true },
    make('label', { for: 'group' }, 'Shown: '),
    select,
  );
  select.addEventListener('change', () => chosen.set(Number(select.value)));
  let shown = '';
  return {
    element,
    update(groups) {
      element.hidden = groups.length < 2;
      const names = groups.map((group) => sayGroup(group, groups));
      const key = names.join('|');
      if (key !== shown) {
        shown = key;
        const options = names.map((name, index) => make('option', { value: index }, name));
        select.replaceChildren(...options);
      }
      select.value = String(chosen.get());
    },
  };
}
