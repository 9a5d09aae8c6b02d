/** Views along a run as a file of curves keeps them: every measured vector, and pictures at a few steps. */
import type { Snapshot } from '../shared/session-state';
import type { StoredSeries } from '../shared/stored-series';
import { writeSeries } from '../shared/stored-write';

/** Values in a snapshot from which on it is a picture, and a large one: the larger, the fewer steps are kept. */
const [picture, large] = [1000, 5000];
const [mostVectors, mostPictures, mostLarge] = [60, 6, 4];

export function seriesOf(
  views: ReadonlyMap<string, readonly Snapshot[]>,
): Record<string, StoredSeries> {
  return Object.fromEntries(
    [...views]
      .filter(([, list]) => list.length > 0)
      .map(([name, list]) => {
        const size = list[0]?.data.length ?? 0;
        if (size < picture) return [name, writeSeries(thin(list, mostVectors), 16)];
        return [name, writeSeries(thin(list, size < large ? mostPictures : mostLarge), 8)];
      }),
  );
}

/** So many, evenly spread over the steps, the first and the last among them. */
function thin(list: readonly Snapshot[], most: number): Snapshot[] {
  if (list.length <= most) return [...list];
  const [from, to] = [list[0]?.step ?? 0, list.at(-1)?.step ?? 0];
  const chosen = Array.from({ length: most }, (_, index) => {
    const wanted = from + (index * (to - from)) / (most - 1);
    return list.reduce((best, one) =>
      Math.abs(one.step - wanted) < Math.abs(best.step - wanted) ? one : best,
    );
  });
  return [...new Set(chosen)];
}
