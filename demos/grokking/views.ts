/** All pictures of the microscope, each at the step of the time cursor. */
import type { Maker } from '../shared/made';
import { coalesce } from '../shared/signal';
import type { TimeCursor } from '../shared/time-cursor';
import type { History } from './history';
import { createKeyTable } from './key-table';
import { createMeasuresTable } from './measures-table';
import { createNeurons } from './neurons';
import { createSpectra } from './spectra';
import { createSums } from './sums';
import { createWaves } from './waves';

export interface Views {
  /** By the id of the place on the page that they go to. */
  readonly places: Readonly<Record<string, readonly HTMLElement[]>>;
  update(): void;
}

export function createViews(history: History, cursor: TimeCursor, maker: Maker): Views {
  const spectra = createSpectra(history, maker);
  const waves = createWaves(history, cursor, maker);
  const keys = createKeyTable(history, maker);
  const neurons = createNeurons(history, maker);
  const sums = createSums(history, maker);
  const measures = createMeasuresTable(history, cursor, maker);
  const parts = [spectra, waves, keys, neurons, sums, measures];
  const update = coalesce(() => {
    for (const part of parts) part.update();
  });
  cursor.watch(update);
  return {
    places: {
      fourier: spectra.elements,
      waves: [...waves.elements, keys.element],
      'wave-maps': waves.pair,
      neurons: neurons.elements,
      'neuron-maps-place': neurons.pair,
      maps: sums.elements,
      table: [measures.element],
    },
    update,
  };
}
