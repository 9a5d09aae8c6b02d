/** The masks of the network that is chosen, and the spectra of all of them. */
import { createFigureFrame } from '../shared/figure-frame';
import { make } from '../shared/dom';
import type { Maker } from '../shared/made';
import { createMapGrid, type SmallMap } from '../shared/map-grid';
import type { Signal } from '../shared/signal';
import { sayCount, sayNumber } from '../shared/words';
import { densityOf } from './density';
import { sayPruned, type Entrant } from './entrants';
import { createMaskSheet, type MaskStrip } from './mask-sheet';
import { sayMask } from './mask-words';
import { previewMask } from './preview';
import type { Race } from './setup';
import type { Shown } from './source';
import { sharesOf, spectrumOf } from './spectrum';
import { standingOf, type Story } from './story';
import { sayDensity, sayTensor } from './words';

export interface Pictures {
  readonly masks: HTMLElement;
  readonly spectra: HTMLElement;
  update(shown: Shown, race: Race): void;
}

/** What the select calls the mask of the settings. */
const AS_SET = -1;
/** Colours of the spectra end here: a neuron that gives so much of its amplitude to one frequency reads that one. */
const RANGE = [0, 0.5] as const;

export function createPictures(chosen: Signal<number>, maker: Maker): Pictures {
  let latest: Shown | null = null;
  const storedConfig = (): object | null =>
    latest?.story.stored === true ? latest.story.config : null;
  const masks = createFigureFrame<readonly MaskStrip[]>({
    name: 'masks',
    title: 'Which weights stay',
    picture: createMaskSheet('mask-sheet'),
    maker,
    storedConfig,
  });
  const spectra = createFigureFrame<readonly SmallMap[]>({
    name: 'spectra',
    title: 'Neurons over frequencies',
    picture: createMapGrid({
      id: 'spectra-maps',
      name: 'Spectra of neurons',
      across: 4,
      places: 8,
    }),
    maker,
    storedConfig,
  });
  const select = make('select', { id: 'network' });
  const chooser = make(
    'p',
    { class: 'choose' },
    make('label', { for: 'network' }, 'Masks of '),
    select,
  );
  select.addEventListener('change', () => chosen.set(Number(select.value)));

  /** Networks with masks, and the mask of the settings where it can be drawn. */
  function fill(entrants: readonly Entrant[], preview: string | null): void {
    const options = [
      ...(preview === null ? [] : [{ value: AS_SET, text: preview }]),
      ...entrants.map(({ entry, label }) => ({ value: entry, text: label })),
    ];
    const key = JSON.stringify(options);
    if (select.dataset['options'] === key) return;
    select.dataset['options'] = key;
    select.replaceChildren(
      ...options.map(({ value, text }) => make('option', { value: String(value) }, text)),
    );
  }

  function showMasks({ story }: Shown, race: Race): void {
    const drawn = story.entrants.filter(({ entry }) => entry > 0 && story.mask(entry) !== null);
    const last = story.entrants[0]?.steps ?? 0;
    const step = Math.min(race.sourceStep, last);
    const preview = previewMask(story, step, race.pruned);
    fill(
      drawn,
      preview === null ? null : `the settings: ${sayPruned(race.pruned)} of step ${sayCount(step)}`,
    );
    const entrant =
      chosen.get() === AS_SET && preview !== null
        ? null
        : (drawn.find(({ entry }) => entry === chosen.get()) ?? drawn[0] ?? null);
    select.value = String(entrant === null ? AS_SET : entrant.entry);
    select.disabled = select.options.length === 0;
    const mask = entrant === null ? preview : story.mask(entrant.entry);
    const strips = mask === null ? null : stripsOf(story, mask);
    const names = story.places.map(({ name }) => name);
    const [ticket] = story.entrants.slice(1);
    const setting = { ...(ticket as Entrant), label: 'the ticket of the settings' };
    const whose = entrant === null ? setting : entrant;
    const density = mask === null ? null : densityOf(mask, story.places);
    masks.setTitle(density === null ? 'Which weights stay' : sayMask(whose, density, names));
    masks.show({ snapshot: null, old: story.stored }, strips, () =>
      strips === null
        ? null
        : {
            columns: ['tensor', 'row', 'column', 'kept'],
            rows: strips.flatMap(({ columns, bits }, k) =>
              Array.from(bits, (bit, at) => [
                names[k] ?? '',
                Math.floor(at / columns),
                at % columns,
                bit === 0 ? 0 : 1,
              ]),
            ),
          },
    );
  }

  function showSpectra({ story }: Shown): void {
    const found = story.entrants.flatMap((entrant) => {
      const spectrum = spectrumOf(story, entrant.entry);
      return spectrum === null ? [] : [{ entrant, spectrum, shares: sharesOf(spectrum) }];
    });
    const [base, ticket] = [0, 1].map((entry) => found.find((one) => one.entrant.entry === entry));
    spectra.setTitle(
      base === undefined || ticket === undefined
        ? 'Neurons over frequencies'
        : `One frequency has ${sayPeak(ticket.shares, ticket.spectrum.neurons)} of a neuron in the ticket, ${sayPeak(base.shares, base.spectrum.neurons)} in its base`,
    );
    spectra.show(
      { snapshot: null, old: story.stored },
      found.length === 0
        ? null
        : found.map(({ entrant, spectrum, shares }) => {
            const entropy = standingOf(story, entrant).entropy;
            return {
              matrix: { rows: spectrum.neurons, columns: spectrum.frequencies, data: shares },
              range: RANGE,
              caption: `${entrant.label}${entropy === null ? '' : `, ${entropy.toFixed(2)}`}`,
            };
          }),
      () => ({
        columns: ['network', 'step', 'neuron', 'frequency', 'amplitude'],
        rows: found.flatMap(({ entrant, spectrum: { step, frequencies, data } }) =>
          Array.from(data, (value, at) => [
            entrant.name,
            step,
            Math.floor(at / frequencies),
            (at % frequencies) + 1,
            value,
          ]),
        ),
      }),
    );
  }

  return {
    masks: make('div', {}, chooser, masks.element),
    spectra: spectra.element,
    update(shown, race) {
      latest = shown;
      showMasks(shown, race);
      showSpectra(shown);
    },
  };
}

function stripsOf({ places }: Story, mask: ArrayLike<number>): MaskStrip[] {
  return places.map(({ name, shape, offset, size }) => {
    const bits = Uint8Array.from({ length: size }, (_, k) => (mask[offset + k] === 0 ? 0 : 1));
    const kept = bits.reduce((sum, bit) => sum + bit, 0);
    const columns = shape.at(-1) ?? size;
    const rows = Math.max(1, Math.round(size / columns));
    const caption = `${sayTensor(name)[1]}, ${rows} × ${columns}: ${sayDensity(kept / size)} stay`;
    return { caption, rows, columns, bits };
  });
}

/** The strongest frequency's share of a neuron's amplitude, mean over neurons. */
function sayPeak(shares: Float64Array, neurons: number): string {
  const width = shares.length / neurons;
  let sum = 0;
  for (let j = 0; j < neurons; j++) {
    sum += Math.max(...shares.subarray(j * width, (j + 1) * width));
  }
  return `${sayNumber(Math.round((100 * sum) / neurons))} %`;
}
