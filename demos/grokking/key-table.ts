/** The key frequencies one by one: where each shows in the weights, how many neurons follow it, what the network loses without it. */
import { make } from '../shared/dom';
import { createTools } from '../shared/figure-tools';
import type { Maker } from '../shared/made';
import { sayCount, sayNumber, sayShare } from '../shared/words';
import type { History } from './history';
import { keysAt, waveNorms } from './keys';
import { explained } from './neuron-cloud';

export interface KeyTable {
  readonly element: HTMLElement;
  update(): void;
}

interface Column {
  readonly name: readonly (string | HTMLElement)[];
  /** In the file. */
  readonly key: string;
  readonly title: string;
  readonly say: (value: number) => string;
}

const columns: readonly Column[] = [
  { name: ['‖E‖'], key: 'embedding', title: 'norm of its Fourier rows of E', say: sayNumber },
  {
    name: ['‖W', make('sub', {}, 'L'), '‖'],
    key: 'readout',
    title: 'norm of its Fourier rows of W_L',
    say: sayNumber,
  },
  { name: ['α'], key: 'coefficient', title: 'coefficient of cos(w(a + b − c))', say: sayNumber },
  { name: ['neurons'], key: 'neurons', title: 'neurons that follow it', say: sayCount },
  {
    name: ['FVE u'],
    key: 'fve_u',
    title: 'variance of u·neurons that cos w(a + b) explains',
    say: sayShare,
  },
  {
    name: ['FVE v'],
    key: 'fve_v',
    title: 'variance of v·neurons that sin w(a + b) explains',
    say: sayShare,
  },
  {
    name: ['excluded'],
    key: 'excluded_loss',
    title: 'train loss without it in the logits',
    say: sayNumber,
  },
  {
    name: ['ablated'],
    key: 'ablation',
    title: 'loss without its neurons, the others kept to their own frequency',
    say: sayNumber,
  },
];

export function createKeyTable(history: History, maker: Maker): KeyTable {
  const caption = make('caption', { class: 'unseen' });
  const body = make('tbody');
  const heading = make(
    'tr',
    {},
    make('th', { scope: 'col' }, 'k'),
    ...columns.map(({ name, title }) => make('th', { scope: 'col', title }, ...name)),
  );
  const table = make('table', { class: 'keys-table' }, caption, make('thead', {}, heading), body);
  const title = make('span', {}, 'The key frequencies one by one');
  const box = make('div', {
    class: 'scroll',
    role: 'region',
    tabindex: 0,
    'aria-label': 'Key frequencies',
  });
  box.append(table);
  const shown = () => history.pick('key_frequencies');
  const stored = (): object | null => (shown().old ? history.config() : null);
  const tools = createTools({
    name: 'key-frequencies',
    title: () => title.textContent ?? '',
    canvas: null,
    numbers() {
      const count = shown().snapshot?.data.length ?? 0;
      if (count === 0) return null;
      const keys = keysAt(history);
      const all = Array.from({ length: count }, (_, index) => index + 1);
      const rows = all.map((k) => [k, keys.includes(k) ? 1 : 0, ...valuesAt(history, k)]);
      return { columns: ['frequency', 'key', ...columns.map(({ key }) => key)], rows };
    },
    made: () => maker.made(shown().snapshot?.step ?? null, stored()),
    stem: () => maker.stem('key-frequencies', shown().snapshot?.step ?? null, stored()),
  });
  const when = make('span', { class: 'when' });
  const element = make(
    'figure',
    { class: 'view', id: 'view-key-frequencies' },
    make('figcaption', { class: 'view-title' }, title, ' ', when, tools),
    box,
  );
  return {
    element,
    update() {
      const { snapshot, old } = shown();
      when.textContent =
        snapshot === null ? '' : `${old ? 'stored, ' : ''}step ${sayCount(snapshot.step)}`;
      caption.textContent = `Key frequencies at step ${sayCount(snapshot?.step ?? 0)}`;
      body.replaceChildren(
        ...keysAt(history).map((k) => {
          const values = valuesAt(history, k);
          return make(
            'tr',
            {},
            make('th', { scope: 'row' }, k),
            ...columns.map(({ say }, index) => {
              const value = values[index];
              return make('td', {}, value === null || value === undefined ? '–' : say(value));
            }),
          );
        }),
      );
    },
  };
}

/** Of frequency k, in the order of the columns; null where this network has no such thing. */
function valuesAt(history: History, k: number): (number | null)[] {
  const view = (name: string): Float32Array | null => history.pick(name).snapshot?.data ?? null;
  const norm = (name: string): number | null => {
    const rows = view(name);
    return rows === null ? null : (waveNorms(rows)[k - 1] ?? null);
  };
  const fve = view('readout_fve');
  const count = (fve?.length ?? 0) / 2;
  return [
    norm('embedding_spectrum'),
    norm('readout_spectrum'),
    view('logit_coefficients')?.[k - 1] ?? null,
    followers(view('neurons'), k),
    fve?.[k - 1] ?? null,
    fve?.[count + k - 1] ?? null,
    view('excluded_by_frequency')?.[k - 1] ?? null,
    view('ablation')?.[k - 1] ?? null,
  ];
}

function followers(neurons: Float32Array | null, k: number): number | null {
  if (neurons === null) return null;
  const hidden = neurons.length / 2;
  let count = 0;
  for (let n = 0; n < hidden; n++) {
    if (neurons[n] === k && (neurons[hidden + n] ?? 0) > explained) count++;
  }
  return count;
}
