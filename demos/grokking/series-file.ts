/** Views along a run as a file of curves keeps them: every measured vector, and pictures at a few steps. */
import type { Snapshot } from '../shared/session-state';
import { writeSeries, type StoredSeries } from '../shared/stored-series';

/** Values in a snapshot above which it is a picture. */
const smallest = 1000;
const mostVectors = 60;
const mostPictures = 6;

export function seriesOf(
  views: ReadonlyMap<string, readonly Snapshot[]>,
): Record<string, StoredSeries> {
  return Object.fromEntries(
    [...views]
      .filter(([, list]) => list.length > 0)
      .map(([name, list]) => {
        const picture = (list[0]?.data.length ?? 0) > smallest;
        const few = thin(list, picture ? mostPictures : mostVectors);
        return [name, writeSeries(few, picture ? 8 : 16)];
      }),
  );
}

/** So many spread evenly, the first and the last among them. */
function thin(list: readonly Snapshot[], most: number): Snapshot[] {
  if (list.length <= most) return [...list];
  const rows = Array.from({ length: most }, (_, index) =>
    Math.round((index * (list.length - 1)) / (most - 1)),
  );
  return rows.flatMap((row) => list[row] ?? []);
}
