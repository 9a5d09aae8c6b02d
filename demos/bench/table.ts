/** Every row of a report, bench by bench; rows that failed say why, and benches that were not run too. */
import type { Result, Row } from '../../benches/run';
import { HEADINGS, cellsOf, formatNumber, warnOfNoise } from '../../benches/table';
import { make } from '../shared/dom';

export interface ResultsTable {
  readonly element: HTMLElement;
  /** `other` is the report to compare with. Parts that are on the page already stay as they are. */
  update(results: readonly Result[], other: readonly Result[] | null): void;
}

export function createResultsTable(): ResultsTable {
  const heading = make('tr');
  const table = make('table', { class: 'plain results' }, make('thead', {}, heading));
  const count = make('summary');
  const names = make('p');
  const left = make('details', { class: 'numbers', id: 'left-out' }, count, names);
  const empty = make('p', { class: 'fine' }, 'No row yet.');
  const box = make('div', {
    class: 'scroll',
    tabindex: 0,
    role: 'region',
    'aria-label': 'Numbers of all rows',
  });
  box.append(table);
  let shown: readonly Result[] = [];
  let compared: readonly Result[] | null | undefined;

  return {
    element: make('div', {}, empty, box, left),
    update(results, other) {
      const grown = compared === other && shown.every((result, at) => result === results[at]);
      if (!grown) {
        for (const body of [...table.tBodies]) body.remove();
        const columns = [...HEADINGS, ...(other ? ['÷ other'] : [])];
        heading.replaceChildren(...columns.map((text) => make('th', { scope: 'col' }, text)));
        shown = [];
      }
      for (const result of results.slice(shown.length)) {
        if (result.skipped === undefined) table.append(bodyOf(result, other));
      }
      [shown, compared] = [results, other];
      empty.hidden = table.tBodies.length > 0;
      box.hidden = !empty.hidden;
      const out = results.filter(({ skipped }) => skipped !== undefined);
      left.hidden = out.length === 0;
      count.textContent = `${out.length} benches were left out: heavy, or not among the quick ones`;
      names.textContent = `${out.map(({ name }) => name).join(', ')}. A whole name as the filter runs any of them.`;
    },
  };
}

function bodyOf(result: Result, other: readonly Result[] | null): HTMLTableSectionElement {
  const { name, title, unit, rows, conclusions, control } = result;
  const span = HEADINGS.length + (other ? 1 : 0);
  const twin = other?.find((one) => one.name === name);
  const head = make('th', { colspan: span, scope: 'colgroup' }, make('b', {}, name), ` ${title}`);
  const words = [...conclusions, ...warnOfNoise(control)];
  return make(
    'tbody',
    { 'data-bench': name },
    make('tr', { class: 'bench' }, head),
    ...rows.map((row) => rowOf(row, unit, span, other ? ratioTo(row, twin) : null)),
    ...words.map((text) => make('tr', { class: 'words' }, make('td', { colspan: span }, text))),
  );
}

function rowOf(row: Row, unit: string, span: number, ratio: string | null): HTMLTableRowElement {
  const [contender, ...cells] = cellsOf(row, unit);
  const head = make('th', { scope: 'row' }, contender);
  if (row.error !== undefined) {
    return make(
      'tr',
      { class: 'failed' },
      head,
      make('td', { colspan: span - 1 }, `failed: ${row.error}`),
    );
  }
  const kind = row.on === 'cpu' ? 'cpu' : row.contender.startsWith('control:') ? 'control' : '';
  return make(
    'tr',
    { class: kind },
    head,
    ...[...cells, ...(ratio === null ? [] : [ratio])].map((text) => make('td', {}, text)),
  );
}

/** Times the rate of the same row in the other report. */
export function ratioTo(row: Row, twin: Result | undefined): string {
  const other = twin?.rows.find(({ contender }) => contender === row.contender);
  if (row.rate === undefined || other?.rate === undefined) return '';
  return `${formatNumber(row.rate / other.rate)}×`;
}
