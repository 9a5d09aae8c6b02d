/** What is under `Rivals`: boxes to tick, and two lines for shares and for steps of the base. */
import { BadConfig } from '../../src/gpu/errors';
import { make } from '../shared/dom';
import { readRivals, rivalChoices, shareIn, stepIn } from './rivals';

export interface RivalBoxes {
  readonly elements: readonly HTMLElement[];
  update(rivals: readonly string[]): void;
}

export function createRivalBoxes(onChange: (rivals: readonly string[]) => void): RivalBoxes {
  let now: readonly string[] = [];
  const said = make('p', { class: 'pending', role: 'status' });
  const take = (words: readonly string[]): void => {
    try {
      const rivals = readRivals(words, 'race.rivals');
      said.textContent = '';
      onChange(rivals);
    } catch (error) {
      if (!(error instanceof BadConfig)) throw error;
      said.textContent = error.message;
    }
  };
  const boxes = rivalChoices.map(({ word, label, help }) => {
    const box = make('input', { type: 'checkbox', id: `rival-${word}` });
    box.addEventListener('change', () => {
      take(box.checked ? [...now, word] : now.filter((one) => one !== word));
    });
    return { word, box, row: make('label', { class: 'switch', title: help }, box, ` ${label}`) };
  });
  const lines = [
    {
      id: 'rival-shares',
      label: 'Tickets of other shares',
      hint: '0.4, 0.9',
      is: shareIn,
      say: (word: string) => word,
    },
    {
      id: 'rival-steps',
      label: 'Masks from other steps',
      hint: '1000, 2000',
      is: stepIn,
      say: (word: string) => word.slice(1),
    },
  ].map((line, k) => {
    const box = make('input', { type: 'text', id: line.id, class: 'box', placeholder: line.hint });
    box.addEventListener('change', () => {
      const words = box.value.split(/[\s,;]+/).filter((word) => word !== '');
      const own = words.map((word) => (k === 0 ? word : `@${word.replace(/^@/, '')}`));
      take([...own, ...now.filter((word) => line.is(word) === null)]);
    });
    const row = make(
      'div',
      { class: 'field' },
      make('div', { class: 'field-head' }, make('label', { for: line.id }, line.label)),
      make('div', { class: 'dial' }, box),
    );
    return { ...line, box, row };
  });
  return {
    elements: [
      make('div', { class: 'rivals' }, ...boxes.map(({ row }) => row)),
      ...lines.map(({ row }) => row),
      said,
    ],
    update(rivals) {
      now = rivals;
      for (const { word, box } of boxes) box.checked = rivals.includes(word);
      for (const { box, is, say } of lines) {
        if (document.activeElement === box) continue;
        box.value = rivals
          .filter((word) => is(word) !== null)
          .map(say)
          .join(', ');
      }
    },
  };
}
