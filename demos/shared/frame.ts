/** A picture with its title and the moment it shows. */
import { make } from './dom';
import type { Picture } from './picture';
import type { Snapshot } from './session-state';
import { sayCount } from './words';

export interface Shown {
  readonly snapshot: Snapshot | null;
  /** From the stored run. */
  readonly old: boolean;
}

export interface Frame<T> {
  readonly element: HTMLElement;
  readonly picture: Picture<T>;
  say(shown: Shown): void;
  setTitle(text: string): void;
}

export function createFrame<T>(title: string, picture: Picture<T>): Frame<T> {
  const when = make('span', { class: 'when' });
  const name = make('span', {}, title);
  const caption = make('figcaption', { class: 'view-title' }, name, ' ', when);
  return {
    element: make('figure', { class: 'view' }, caption, picture.element),
    picture,
    say({ snapshot, old }) {
      when.textContent =
        snapshot === null ? '' : `${old ? 'stored, ' : ''}step ${sayCount(snapshot.step)}`;
    },
    setTitle(text) {
      if (name.textContent !== text) name.textContent = text;
    },
  };
}
