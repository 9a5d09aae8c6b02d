/** The numbers behind a chart as a table, for those who cannot or do not want to see the picture. */
import { make } from './dom';
import { lineOf, type Columns } from './series';
import { sayCount } from './words';

const mostRows = 40;

export interface DataTable {
  readonly element: HTMLElement;
  update(run: Columns, stored: Columns | null): void;
}

/** Filled in only while it is open: nobody pays for a table that is not read. */
export function createTable(
  id: string,
  lines: readonly { readonly metric: string; readonly label: string }[],
  say: (value: number) => string,
  counts = 'step',
  sayAt: (at: number) => string = sayCount,
): DataTable {
  const body = make('tbody');
  const caption = make('caption');
  const heading = make(
    'tr',
    {},
    make('th', { scope: 'col' }, `${counts.charAt(0).toUpperCase()}${counts.slice(1)}`),
    ...lines.map((line) => make('th', { scope: 'col' }, line.label)),
  );
  const table = make('table', {}, caption, make('thead', {}, heading), body);
  // The scrolling box takes the focus so that it can be scrolled by keys.
  const box = make('div', {
    class: 'scroll',
    tabindex: 0,
    role: 'region',
    'aria-label': 'Numbers',
  });
  box.append(table);
  const element = make(
    'details',
    { class: 'numbers', id: `numbers-${id}` },
    make('summary', {}, 'Numbers'),
    box,
  );
  let latest: { run: Columns; stored: Columns | null } | null = null;

  function fill(): void {
    if (!element.open || latest === null) return;
    const alive = latest.run.steps.length > 0;
    const from = alive ? latest.run : (latest.stored ?? latest.run);
    caption.textContent = alive ? 'Your run' : 'The stored run';
    const values = lines.map((line) => lineOf(from, line.metric).middle);
    const every = Math.max(1, Math.ceil(from.steps.length / mostRows));
    body.replaceChildren();
    from.steps.forEach((step, row) => {
      if (row % every !== 0 && row !== from.steps.length - 1) return;
      const cells = values.map((column) => {
        const value = column[row];
        return make('td', {}, value === null || value === undefined ? '' : say(value));
      });
      body.append(make('tr', {}, make('th', { scope: 'row' }, sayAt(step)), ...cells));
    });
  }

  element.addEventListener('toggle', fill);
  return {
    element,
    update(run, stored) {
      latest = { run, stored };
      fill();
    },
  };
}
