/** Who races the ticket; what is ticked there is fetched when it is first opened. */
import { make } from '../shared/dom';
import { once, tellMissing } from '../shared/near';
import type { RivalBoxes } from './rival-boxes';

export interface RivalPicker {
  readonly element: HTMLElement;
  update(rivals: readonly string[], changed: boolean): void;
}

export function createRivalPicker(onChange: (rivals: readonly string[]) => void): RivalPicker {
  let now: readonly string[] = [];
  let boxes: RivalBoxes | null = null;
  const summary = make('summary', {}, 'Rivals');
  const element = make('details', { class: 'more', id: 'rivals' }, summary);
  const fetchBoxes = once(async () => {
    const { createRivalBoxes } = await import('./rival-boxes');
    boxes = createRivalBoxes(onChange);
    element.append(...boxes.elements);
    boxes.update(now);
  });
  element.addEventListener('toggle', () => {
    fetchBoxes().catch(() => tellMissing(element));
  });
  return {
    element,
    update(rivals, changed) {
      now = rivals;
      boxes?.update(rivals);
      element.classList.toggle('changed', changed);
      summary.textContent = `Rivals: ${rivals.length}`;
    },
  };
}
