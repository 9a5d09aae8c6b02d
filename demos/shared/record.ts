/** The footer of record, fetched when the reader comes to it, or when a file is dropped on the page. */
import { find } from './dom';
import { takeDrops } from './drops';
import { fetchNear, once } from './near';
import type { RecordFooter, RecordOptions } from './record-footer';

/** Fills the page's place of record. */
export function placeRecord(options: RecordOptions): { update(): void } {
  const place = find('record');
  let footer: RecordFooter | null = null;
  const fetched = once(async () => {
    const { createFooter } = await import('./record-footer');
    footer = createFooter(options);
    place.append(footer.element);
    footer.update();
    return footer;
  });
  fetchNear([place], fetched);

  takeDrops((files) => void fetched().then(({ drop }) => drop(files)));
  return { update: () => footer?.update() };
}
