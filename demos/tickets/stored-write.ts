/** A finished race as a file, as stored-file.ts reads it. */
import type { AdapterRecord, RunEvent } from '../../src/lab/record';
import type { Snapshot } from '../shared/session-state';
import type { StoredFile } from '../shared/stored';
import { writeSeries, writeStored } from '../shared/stored-write';
import { spectrumOf } from './spectrum';
import { BITS } from './stored-file';
import type { Story } from './story';

export function packMask(mask: ArrayLike<number>): Float32Array {
  const words = new Float32Array(Math.ceil(mask.length / BITS));
  for (let k = 0; k < mask.length; k++)
    if (mask[k] !== 0) words[Math.floor(k / BITS)]! += 2 ** (k % BITS);
  return words;
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
    const spectrum = spectrumOf(story, entry);
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
