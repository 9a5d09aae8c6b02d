/** A finished race as a file: curves of each network, masks packed, spectra and the base's weights that the masks were drawn from. */
import type { StoredRun } from '../shared/stored';
import { densityOf } from './density';
import { entrantsOf } from './entrants';
import type { Place, Story } from './story';

/** Whole numbers of so many bits are exact in float32. */
export const BITS = 24;

export function unpackMask(words: ArrayLike<number>, length: number): Uint8Array {
  return Uint8Array.from(
    { length },
    (_, k) => Math.floor((words[Math.floor(k / BITS)] ?? 0) / 2 ** (k % BITS)) % 2,
  );
}

interface StoredResults {
  readonly places?: readonly Place[];
  readonly llc?: readonly (readonly [number, number] | null)[];
}

/** @throws BadConfig where the file is of another experiment. */
export function readStory(run: StoredRun): Story {
  const { places = [], llc = [] } = run.results as StoredResults;
  const stride = Math.max(0, ...places.map(({ offset, size }) => offset + size));
  const masks = new Map<number, Uint8Array>();
  const weights = run.series.get('weights')?.[0] ?? null;
  function maskOf(entry: number): Uint8Array | null {
    const packed = run.views.get(`mask.${entry}`);
    if (packed === undefined) return null;
    let mask = masks.get(entry);
    if (mask === undefined) masks.set(entry, (mask = unpackMask(packed.data, stride)));
    return mask;
  }
  return {
    config: run.config,
    entrants: entrantsOf(run.config),
    columns: run.columns,
    places,
    weights: (step) => (weights?.step === step ? weights.data : null),
    mask: maskOf,
    spectrum(entry) {
      const found = run.series.get(`spectrum.${entry}`)?.[0];
      if (found === undefined) return null;
      const [neurons = 0, frequencies = 0] = found.shape;
      return { step: found.step, neurons, frequencies, data: found.data };
    },
    left(entry) {
      const mask = maskOf(entry);
      return mask === null ? null : densityOf(mask, places).all;
    },
    llc(entry) {
      const found = llc[entry] ?? null;
      return found === null ? null : { mean: found[0], error: found[1] };
    },
    stored: true,
  };
}
