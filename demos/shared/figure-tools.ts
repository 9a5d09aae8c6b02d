/** Two small buttons that go with every figure: its picture as PNG, its numbers as CSV, each saying what made them. */
import { make } from './dom';
import { download, pictureSheet } from './exports';
import { writeNumbers, type NumberTable } from './numbers';

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
  const button = (kind: string, act: () => string | Promise<string>): HTMLButtonElement => {
    const title = `Save ${source.name.replaceAll('-', ' ')} as ${kind}`;
    const made = make('button', { type: 'button', class: 'quiet', 'aria-label': title }, kind);
    made.id = `${kind.toLowerCase()}-${source.name}`;
    made.addEventListener('click', () => {
      // Within a promise, so that what is thrown at once is told like the rest.
      void Promise.resolve()
        .then(act)
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
      const sheet = await pictureSheet(canvas(), source.title(), source.made());
      return download(`${source.stem()}.png`, sheet);
    });
  const csv = button('CSV', () => {
    const table = source.numbers();
    if (table === null) throw new Error('there are no numbers yet');
    const text = writeNumbers(table, source.made());
    return download(`${source.stem()}.csv`, new Blob([text], { type: 'text/csv' }));
  });
  return make('span', { class: 'tools' }, png, ' ', csv, said);
}
