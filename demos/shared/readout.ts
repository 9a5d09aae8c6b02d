/** The numbers under the time cursor in words: a chart's readout for the eye and for assistive technology. */
import type { ChartSpec } from './chart-options';
import { make } from './dom';
import { lineOf, rowAt, type Columns } from './series';
import { sayCount } from './words';

export interface Source {
  readonly columns: Columns;
  readonly row: number;
  readonly stored: boolean;
}

/** The run's row at a step, or its last; where the run has not got to, the stored run's. */
export function pickSource(run: Columns, stored: Columns | null, at: number | null): Source {
  const own = run.steps.length > 0 && (at === null || at <= (run.steps.at(-1) ?? 0));
  const columns = own ? run : (stored ?? run);
  const row = at === null ? columns.steps.length - 1 : rowAt(columns.steps, at);
  return { columns, row, stored: !own };
}

export function showReadout(element: HTMLElement, spec: ChartSpec, source: Source): void {
  const { columns, row, stored } = source;
  const step = columns.steps[row];
  element.replaceChildren();
  if (step === undefined) return;
  element.append(
    make(
      'span',
      {},
      `${stored ? 'stored run, ' : ''}${spec.counts ?? 'step'} ${(spec.x?.say ?? sayCount)(step)}`,
    ),
  );
  for (const { metric, label, colour, sparse, unread } of spec.lines) {
    if (unread === true) continue;
    const { middle } = lineOf(columns, metric);
    const at = sparse === true ? lastKnown(middle, row) : row;
    const value = middle[at];
    if (value === null || value === undefined) continue;
    const tint = stored ? '' : ` ink-${colour}`;
    // The blank keeps the words apart where they are read as one text.
    element.append(' ', make('span', { class: `value${tint}` }, `${label} ${spec.say(value)}`));
  }
}

/** The last row up to this one that has a number. */
function lastKnown(values: readonly (number | null)[], row: number): number {
  let at = row;
  while (at > 0 && values[at] === null) at--;
  return at;
}
