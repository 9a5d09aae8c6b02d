/** What the buttons of a figure do. */
import { download, pictureSheet } from './exports';
import type { FigureSource } from './figure-tools';
import { writeNumbers } from './numbers';

/** Both resolve to a word on what happened. */
export async function savePicture(
  source: FigureSource,
  canvas: HTMLCanvasElement,
): Promise<string> {
  const sheet = await pictureSheet(canvas, source.title(), source.made());
  return download(`${source.stem()}.png`, sheet);
}

export function saveNumbers(source: FigureSource): string {
  const table = source.numbers();
  if (table === null) throw new Error('there are no numbers yet');
  const text = writeNumbers(table, source.made());
  return download(`${source.stem()}.csv`, new Blob([text], { type: 'text/csv' }));
}
