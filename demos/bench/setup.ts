/** The side column: quick or usual timing, which benches, and the address that says both. */
import { make } from '../shared/dom';
import type { Config, Field } from '../shared/fields';
import { createPresetChooser } from '../shared/preset-chooser';
import { partsOf, topics, toggleTopic } from './topics';

export const fields: readonly Field[] = [
  { path: 'filter', kind: 'text', default: '', label: 'parts of names' } as Field,
];

export const presets: ReadonlyMap<string, Config> = new Map([
  ['quick', { filter: '' }],
  ['usual', { filter: '' }],
]);

const choices = [
  {
    name: 'quick',
    label: 'Quick',
    sentence: 'Small cases, three short rounds of each: for a look, in a few minutes.',
  },
  {
    name: 'usual',
    label: 'Usual',
    sentence:
      'All cases that suit the adapter, nine rounds of each: numbers to quote, and far slower.',
  },
] as const;

export interface Setting {
  readonly preset: string;
  readonly filter: string;
}

export interface Setup {
  readonly element: HTMLElement;
  update(setting: Setting): void;
}

export function createSetup(change: (setting: Setting) => void): Setup {
  let setting: Setting = { preset: 'quick', filter: '' };
  const chooser = createPresetChooser(
    choices,
    (preset) => change({ ...setting, preset }),
    'Timing',
  );
  const boxes = topics.map(({ name, title, quick }) => {
    const box = make('input', { type: 'checkbox', id: `topic-${name}` });
    box.addEventListener('change', () =>
      change({ ...setting, filter: toggleTopic(setting.filter, name, box.checked) }),
    );
    const label = make('label', { class: 'switch', title }, box, name);
    return { name, quick, box, label };
  });
  const text = make('input', { type: 'text', id: 'field-filter', placeholder: 'everything' });
  text.addEventListener('change', () =>
    change({ ...setting, filter: partsOf(text.value.slice(0, 200)).join(',') }),
  );
  const group = make(
    'fieldset',
    { class: 'topics' },
    make('legend', {}, 'Topics, all unless some are chosen'),
    ...boxes.map(({ label }) => label),
  );
  const element = make(
    'div',
    {},
    chooser.element,
    group,
    make(
      'p',
      { class: 'field filter' },
      make('label', { for: 'field-filter' }, 'Parts of names'),
      text,
    ),
  );
  return {
    element,
    update(next) {
      setting = next;
      chooser.update(next.preset);
      const parts = partsOf(next.filter);
      text.value = parts.join(',');
      for (const { name, quick, box, label } of boxes) {
        box.checked = parts.includes(name);
        label.classList.toggle('idle', next.preset === 'quick' && !quick);
      }
    },
  };
}
