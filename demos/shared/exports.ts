/** Files a visitor can take away. Everything is made here in the page; nothing is sent anywhere. */
import type { Chart } from './chart';
import { make } from './dom';
import { colour } from './theme';

export interface Export {
  readonly id: string;
  readonly label: string;
  readonly title: string;
  /** Resolves to a short word on what happened, for the status line. */
  readonly act: () => Promise<string>;
}

/** A row of small buttons and a line that says what the last one did. */
export function createExports(exports: readonly Export[]): HTMLElement {
  const said = make('span', { class: 'said', role: 'status' });
  const row = make('p', { class: 'exports' });
  for (const { id, label, title, act } of exports) {
    const button = make('button', { type: 'button', class: 'quiet', id, title }, label);
    button.addEventListener('click', () => {
      act().then(
        (words) => (said.textContent = words),
        (error: unknown) =>
          (said.textContent = `not done: ${error instanceof Error ? error.message : String(error)}`),
      );
    });
    row.append(button, ' ');
  }
  row.append(said);
  return row;
}

/** Offers a file to the browser under a name made of safe characters only. */
export function download(name: string, content: Blob): string {
  const safe = name.replace(/[^A-Za-z0-9._-]+/g, '-').slice(0, 120);
  const link = make('a', { href: URL.createObjectURL(content), download: safe });
  document.body.append(link);
  link.click();
  link.remove();
  // The browser reads the blob after the click; a minute is plenty.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  return `saved ${safe}`;
}

export function asJson(value: object): Blob {
  return new Blob([`${JSON.stringify(value)}\n`], { type: 'application/json' });
}

/** The files a visitor chooses; none when nothing was chosen. `accept` as the browser's field wants it. */
export function chooseFiles(accept: string, multiple: boolean): Promise<readonly File[]> {
  const input = make('input', { type: 'file', accept, multiple });
  return new Promise((resolve) => {
    input.addEventListener('cancel', () => resolve([]));
    input.addEventListener('change', () => resolve([...(input.files ?? [])]));
    input.click();
  });
}

/** The chart as it stands, with its title above and what made it below. */
export function chartPicture(chart: Chart, made: string): Promise<Blob> {
  return pictureSheet(chart.canvas(), chart.title(), made);
}

/** A canvas as a PNG, with a title above and what made it below. */
export async function pictureSheet(
  source: HTMLCanvasElement,
  title: string,
  made: string,
): Promise<Blob> {
  const ratio = source.width / Math.max(1, source.clientWidth || source.width);
  const [top, bottom, side] = [44 * ratio, 40 * ratio, 16 * ratio];
  const sheet = document.createElement('canvas');
  sheet.width = source.width + 2 * side;
  sheet.height = source.height + top + bottom;
  const pen = sheet.getContext('2d');
  if (pen === null) throw new Error('this browser gave no canvas');
  pen.fillStyle = colour('paper');
  pen.fillRect(0, 0, sheet.width, sheet.height);
  pen.textBaseline = 'middle';
  pen.fillStyle = colour('ink');
  pen.font = `${17 * ratio}px Charter, "Bitstream Charter", Cambria, serif`;
  pen.fillText(title, side, top / 2, source.width);
  pen.drawImage(source, side, top);
  pen.fillStyle = colour('ink-soft');
  pen.font = `${11 * ratio}px system-ui, sans-serif`;
  pen.fillText(made, side, sheet.height - bottom / 2, source.width);
  return new Promise((resolve, reject) => {
    sheet.toBlob((blob) => {
      if (blob === null) reject(new Error('this browser made no picture'));
      else resolve(blob);
    }, 'image/png');
  });
}

export async function copyText(text: string, name: string): Promise<string> {
  // Absent where the page is not secure or the frame may not.
  const clipboard = navigator.clipboard as Clipboard | undefined;
  if (clipboard === undefined) throw new Error('this page may not write to the clipboard');
  await clipboard.writeText(text);
  return `${name} copied`;
}

/** A frame that shows the figure alone, with this configuration, in another page. */
export function embedSnippet(address: URL): string {
  const framed = new URL(address);
  framed.searchParams.set('embed', '1');
  const source = framed.href.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  return `<iframe src="${source}" width="100%" height="620" title="Cusp experiment"></iframe>`;
}
