/** A finished race as a file: curves of each network, masks packed, spectra and the base's weights that the masks were drawn from. */
import type { AdapterRecord, RunEvent } from '../../src/lab/record';
import { writeStored, type StoredFile, type StoredRun } from '../shared/stored';
import { writeSeries } from '../shared/stored-series';
import type { Snapshot } from '../shared/session-state';
import { entrantsOf } from './entrants';
import type { Place, Story } from './story';

/** Whole numbers of so many bits are exact in float32. */
const BITS = 24;

export function packMask(mask: ArrayLike<number>): Float32Array {
  const words = new Float32Array(Math.ceil(mask.length / BITS));
  for (let k = 0; k < mask.length; k++)
    if (mask[k] !== 0) words[Math.floor(k / BITS)]! += 2 ** (k % BITS);
  return words;
}

export function unpackMask(words: ArrayLike<number>, length: number): Uint8Array {
  return Uint8Array.from(
    { length },
    (_, k) => Math.floor((words[Math.floor(k / BITS)] ?? 0) / 2 ** (k % BITS)) % 2,
  );
}

export function writeStory(
  story: Story,
  {
    adapter,
    events,
    results,
  }: { adapter: AdapterRecord; events: readonly RunEvent[]; results: object },
): StoredFile {
  const { config, columns, places, entrants } = story;
  const views = new Map<string, Snapshot>();
  const series: Record<string, ReturnType<typeof writeSeries>> = {};
  for (const { entry } of entrants) {
    const mask = story.mask(entry);
    if (mask !== null && entry > 0) {
      const data = packMask(mask);
      views.set(`mask.${entry}`, { step: 0, shape: [data.length], data });
    }
    const spectrum = story.spectrum(entry);
    if (spectrum === null) continue;
    const { step, neurons, frequencies, data } = spectrum;
    const shape = [neurons, frequencies];
    series[`spectrum.${entry}`] = writeSeries([{ step, shape, data: Float32Array.from(data) }], 8);
  }
  const source = entrants[1]?.ticket?.sourceStep ?? null;
  const weights = source === null ? null : story.weights(source);
  if (source !== null && weights !== null) {
    const data = Float32Array.from(weights);
    series['weights'] = writeSeries([{ step: source, shape: [data.length], data }], 8);
  }
  const kept = new Map(
    [...columns.values].filter(([name]) => /^(test_accuracy|test_loss|entropy_in)\./.test(name)),
  );
  return writeStored(
    {
      config,
      adapter,
      columns: { steps: columns.steps, values: kept },
      events,
      results: {
        places: places.map(({ name, shape, offset, size }) => ({ name, shape, offset, size })),
        llc: llcOf(story),
        record: trim(results),
      },
    },
    views,
    series,
  );
}

/** Without the curves that the columns have. */
function trim(results: object): object {
  return JSON.parse(
    JSON.stringify(results, (key, value: unknown) => (key === 'entropy' ? undefined : value)),
  ) as object;
}

function llcOf(story: Story): (readonly [number, number] | null)[] {
  return story.entrants.map(({ entry }) => {
    const found = story.llc(entry);
    return found === null ? null : [found.mean, found.error];
  });
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
  return {
    config: run.config,
    entrants: entrantsOf(run.config),
    columns: run.columns,
    places,
    weights: (step) => (weights?.step === step ? weights.data : null),
    mask(entry) {
      const packed = run.views.get(`mask.${entry}`);
      if (packed === undefined) return null;
      let mask = masks.get(entry);
      if (mask === undefined) masks.set(entry, (mask = unpackMask(packed.data, stride)));
      return mask;
    },
    spectrum(entry) {
      const found = run.series.get(`spectrum.${entry}`)?.[0];
      if (found === undefined) return null;
      const [neurons = 0, frequencies = 0] = found.shape;
      return { step: found.step, neurons, frequencies, data: found.data };
    },
    llc(entry) {
      const found = llc[entry] ?? null;
      return found === null ? null : { mean: found[0], error: found[1] };
    },
    stored: true,
  };
}
