/** The table of the race: when each network reached what, what it kept, and how its line is drawn. A click on a name chooses its masks. */
import { createTools } from '../shared/figure-tools';
import { draw, make } from '../shared/dom';
import type { Maker } from '../shared/made';
import type { Signal } from '../shared/signal';
import { sayCount, sayNumber, sayShare } from '../shared/words';
import { colours, type Entrant } from './entrants';
import type { Shown } from './source';
import { shares, standingOf, type Standing, type Story } from './story';
import { sayDensity, speedUp } from './words';

export interface Standings {
  readonly element: HTMLElement;
  update(shown: Shown): void;
}

const heads: readonly (readonly [string, string])[] = [
  ['Network', 'Networks in the order of the run; a click shows its masks'],
  ['Left', 'Share of all weights that the mask keeps'],
  ['Mask', 'Step of the base that the mask is drawn from'],
  ...shares.map((share): readonly [string, string] => [
    `${100 * share} %`,
    `First measured step with so much test accuracy`,
  ]),
  ['Speed-up', 'Steps of the base over its own, to 95 %, else to 50 % (in brackets)'],
  ['End', 'Test accuracy at its last measured step'],
  ['Entropy', 'Shannon entropy of the spectra of W_in·E, mean over neurons, in nats'],
  ['λ̂', 'Learning coefficient around its last weights, ± standard error'],
];

export function createStandings(chosen: Signal<number>, maker: Maker): Standings {
  const body = make('tbody');
  const table = make(
    'table',
    { class: 'standings' },
    make('caption', { class: 'unseen' }, 'All networks of the run'),
    make(
      'thead',
      {},
      make('tr', {}, ...heads.map(([text, title]) => make('th', { scope: 'col', title }, text))),
    ),
    body,
  );
  const box = make('div', {
    class: 'scroll',
    tabindex: 0,
    role: 'region',
    'aria-label': 'Networks',
  });
  box.append(table);
  const title = make('span', {}, 'Who got where');
  let latest: Story | null = null;
  const tools = createTools({
    name: 'standings',
    title: () => 'Standings',
    canvas: null,
    numbers: () =>
      latest === null
        ? null
        : {
            columns: [
              'network',
              'density',
              'source_step',
              'to_50',
              'to_95',
              'to_99',
              'speed_up',
            ].concat(['test_accuracy', 'steps', 'entropy_in', 'llc', 'llc_error']),
            rows: standingsOf(latest).map((one, _, all) => [
              one.entrant.name,
              one.left,
              one.entrant.ticket?.sourceStep ?? null,
              ...one.reached,
              speedUp(all[0] as Standing, one),
              one.accuracy,
              one.taken,
              one.entropy,
              one.llc?.mean ?? null,
              one.llc?.error ?? null,
            ]),
          },
    made: () => maker.made(null, latest?.stored === true ? latest.config : null),
    stem: () => maker.stem('standings', null, latest?.stored === true ? latest.config : null),
  });

  function rowOf(one: Standing, base: Standing, stored: boolean): HTMLElement {
    const { entrant, left, reached, accuracy, entropy, llc } = one;
    const pressed = chosen.get() === entrant.entry;
    const name = make(
      'button',
      {
        type: 'button',
        class: 'quiet',
        'aria-pressed': String(pressed),
        id: `choose-${entrant.entry}`,
      },
      entrant.label,
    );
    name.addEventListener('click', () => chosen.set(entrant.entry));
    const ratio = entrant.entry === 0 ? null : speedUp(base, one);
    const at95 = reached[1] !== null && base.reached[1] !== null;
    const times = ratio === null ? '' : `${Number(ratio.toPrecision(ratio < 10 ? 2 : 3))}×`;
    const whole = entrant.ticket === null || entrant.ticket.method === 'dense';
    return make(
      'tr',
      { class: pressed ? 'chosen' : '' },
      make('th', { scope: 'row' }, swatch(entrant, stored), ' ', name),
      ...[
        whole ? '100 %' : left === null ? '' : sayDensity(left),
        entrant.ticket?.sourceStep == null ? '' : sayCount(entrant.ticket.sourceStep),
        ...reached.map((step) => (step === null ? '–' : sayCount(step))),
        ratio === null || at95 ? times : `(${times})`,
        accuracy === null ? '' : sayShare(accuracy),
        entropy === null ? '' : entropy.toFixed(2),
        llc === null ? '' : `${sayNumber(llc.mean)} ± ${sayNumber(llc.error)}`,
      ].map((text) => make('td', {}, text)),
    );
  }

  return {
    element: make(
      'figure',
      { class: 'view', id: 'view-standings' },
      make('figcaption', { class: 'view-title' }, title, tools),
      box,
    ),
    update({ story }) {
      latest = story;
      const all = standingsOf(story);
      const focus = document.activeElement?.id;
      body.replaceChildren(...all.map((one) => rowOf(one, all[0] as Standing, story.stored)));
      if (focus?.startsWith('choose-') === true) document.getElementById(focus)?.focus();
      table.classList.toggle(
        'without-llc',
        all.every(({ llc }) => llc === null),
      );
      title.textContent = sayStandings(all, story.stored);
    },
  };
}

export function standingsOf(story: Story): Standing[] {
  return story.entrants.map((entrant) => standingOf(story, entrant));
}

/** How many of the rivals came to half of the other pairs. */
function sayStandings(all: readonly Standing[], stored: boolean): string {
  const rivals = all.slice(2).filter(({ accuracy }) => accuracy !== null);
  if (rivals.length === 0) return 'Who got where';
  const there = rivals.filter(({ reached }) => reached[0] !== null);
  const names = there.map(({ entrant }) => entrant.label).join('; ');
  const whose = stored ? 'Stored run: of' : 'Of';
  const some = there.length === 0 ? 'none' : `${there.length}`;
  return `${whose} ${rivals.length} rivals ${some} came to half of the other pairs${names === '' ? '' : ` (${names})`}`;
}

/** A piece of the network's line. */
function swatch({ family, dash, entry }: Entrant, stored: boolean): SVGSVGElement {
  return draw(
    'svg',
    {
      class: `swatch tint-${stored ? 'stored' : colours[family]}`,
      width: 28,
      height: 10,
      'aria-hidden': 'true',
    },
    draw('line', {
      x1: 0,
      x2: 28,
      y1: 5,
      y2: 5,
      'stroke-dasharray': dash.join(' ') || undefined,
      'stroke-width': entry === 1 ? 2.75 : 1.75,
    }),
  );
}
