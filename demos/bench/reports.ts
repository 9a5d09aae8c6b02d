/** The reports at hand: the stored one, this page's own, files; which is shown, and which it is compared with. */
import type { StoredReport } from '../../benches/read-report';
import { describeAdapter } from '../../benches/environment';
import { make } from '../shared/dom';

export interface Reports {
  readonly element: HTMLElement;
  /** Adds a report or replaces the one of that name, and shows it unless told not to. */
  put(name: string, report: StoredReport, show?: boolean): void;
  shown(): { readonly name: string; readonly report: StoredReport } | null;
  other(): StoredReport | null;
}

export const OWN = 'this run';

export function createReports(changed: () => void): Reports {
  const reports = new Map<string, StoredReport>();
  const shown = make('select', { id: 'shown' });
  const other = make('select', { id: 'other' });
  shown.addEventListener('change', refresh);
  other.addEventListener('change', refresh);
  const field = (text: string, select: HTMLSelectElement): HTMLElement =>
    make('span', {}, make('label', { for: select.id }, text), ' ', select);
  const element = make('p', { class: 'which' }, field('Shown', shown), field('against', other));

  function fill(): void {
    for (const [select, none] of [
      [shown, null],
      [other, 'nothing'],
    ] as const) {
      const before = select.value;
      const options = [...reports.keys()].map((name) => make('option', { value: name }, name));
      const first = none === null ? [] : [make('option', { value: '' }, none)];
      select.replaceChildren(...first, ...options);
      if (reports.has(before)) select.value = before;
    }
    element.hidden = reports.size < 2;
  }

  function refresh(): void {
    // Nothing is compared with itself.
    for (const option of other.options) option.disabled = option.value === shown.value;
    if (other.value === shown.value) other.value = '';
    changed();
  }

  fill();
  return {
    element,
    put(name, report, show = true) {
      const known = reports.has(name);
      reports.set(name, report);
      if (!known) fill();
      if (show) shown.value = name;
      refresh();
    },
    shown() {
      const report = reports.get(shown.value);
      return report === undefined ? null : { name: shown.value, report };
    },
    other: () => reports.get(other.value) ?? null,
  };
}

/** Adapter, browser, how and when: what stands below every figure that leaves the page. */
export function sayReport(name: string, report: StoredReport): string {
  const { environment, quick, date, stopped } = report;
  const words = [
    name === OWN ? '' : name,
    `${describeAdapter(environment)}${environment.fallback ? ' (fallback adapter, software)' : ''}`,
    environment.host,
    quick ? 'quick timing' : 'usual timing',
    date.slice(0, 10),
    stopped ? 'not all of it' : '',
  ];
  return words.filter((word) => word !== '').join(', ');
}
