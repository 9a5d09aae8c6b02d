/** Two small buttons that go with every figure: its picture as PNG, its numbers as CSV, each saying what made them. */
import { make } from './dom';
import type { NumberTable } from './numbers';

export interface FigureSource {
  /** Names the buttons and the files: `neurons`. */
  readonly name: string;
  title(): string;
  /** Null where the figure is a table. */
  readonly canvas: (() => HTMLCanvasElement) | null;
  /** Null while there is nothing. */
  numbers(): NumberTable | null;
  made(): string;
  /** Begins the names of the files. */
  stem(): string;
}

export function createTools(source: FigureSource): HTMLElement {
  const said = make('span', { class: 'unseen', role: 'status' });
  const button = (kind: string, act: () => Promise<string>): HTMLButtonElement => {
    const title = `Save ${source.name.replaceAll('-', ' ')} as ${kind}`;
    const made = make('button', { type: 'button', class: 'quiet', 'aria-label': title }, kind);
    made.id = `${kind.toLowerCase()}-${source.name}`;
    made.addEventListener('click', () => {
      void act()
        .catch(
          (error: unknown) =>
            `not saved: ${error instanceof Error ? error.message : String(error)}`,
        )
        .then((words) => (said.textContent = words));
    });
    return made;
  };
  const { canvas } = source;
  const png =
    canvas !== null &&
    button('PNG', async () => {
      const { savePicture } = await import('./figure-files');
      return savePicture(source, canvas());
    });
  const csv = button('CSV', async () => {
    const { saveNumbers } = await import('./figure-files');
    return saveNumbers(source);
  });
  return make('span', { class: 'tools' }, png, ' ', csv, said);
}
