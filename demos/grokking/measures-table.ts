/** Every measure at the time cursor: its value, its course in a small line, what it is in a clause. */
import { draw, make } from '../shared/dom';
import { createTools } from '../shared/figure-tools';
import type { Maker } from '../shared/made';
import { lineOf, rowAt, type Columns } from '../shared/series';
import type { Signal } from '../shared/signal';
import { sayCount, sayNumber } from '../shared/words';
import type { History } from './history';
import { measureGroups, sayMeasure, tensorPrefix } from './measures';

export interface MeasuresTable {
  readonly element: HTMLElement;
  update(): void;
}

const [width, height] = [72, 20];

export function createMeasuresTable(
  history: History,
  cursor: Signal<number | null>,
  maker: Maker,
): MeasuresTable {
  const caption = make('caption', { class: 'unseen' });
  const table = make('table', { class: 'measures' }, caption);
  const title = make('p', { class: 'chart-title' });
  const box = make('div', {
    class: 'scroll',
    role: 'region',
    tabindex: 0,
    'aria-label': 'Measures',
  });
  box.append(table);
  const stored = (): object | null => (history.columns().old ? history.config() : null);
  const tools = createTools({
    name: 'measures',
    title: () => title.textContent ?? '',
    canvas: null,
    numbers() {
      const { columns } = history.columns();
      const names = listMetrics(columns).flatMap(({ metrics }) => metrics);
      if (names.length === 0) return null;
      const lines = names.map((name) => lineOf(columns, name).middle);
      const rows = columns.steps.map((step, row) => [
        step,
        ...lines.map((line) => line[row] ?? null),
      ]);
      return { columns: ['step', ...names], rows };
    },
    made: () => maker.made(null, stored()),
    stem: () => maker.stem('measures', null, stored()),
  });

  function update(): void {
    const { columns, old } = history.columns();
    const groups = listMetrics(columns);
    const step = measuredStep(columns, cursor.get());
    const what =
      step === null ? '' : ` at step ${sayCount(step)}${old ? ' of the stored run' : ''}`;
    title.textContent = `All measures${what}`;
    caption.textContent = title.textContent;
    table.replaceChildren(caption);
    for (const { name, metrics } of groups) {
      const body = make(
        'tbody',
        {},
        make('tr', { class: 'group' }, make('th', { colspan: 4, scope: 'rowgroup' }, name)),
      );
      for (const metric of metrics) body.append(rowOf(columns, metric, step));
      table.append(body);
    }
  }

  function rowOf(columns: Columns, metric: string, step: number | null): HTMLElement {
    const value = history.value(metric);
    return make(
      'tr',
      {},
      make('th', { scope: 'row' }, metric.replace(tensorPrefix, '')),
      make('td', { class: 'value' }, value === null ? '' : sayNumber(value)),
      make('td', {}, drawCourse(columns, metric, step)),
      make('td', { class: 'clause' }, ...withSubscripts(sayMeasure(metric))),
    );
  }

  return {
    element: make(
      'div',
      { id: 'view-measures' },
      make('div', { class: 'table-head' }, title, tools),
      box,
    ),
    update,
  };
}

/** w_k and W_out as they are printed; names with underscores stay as they are. */
function withSubscripts(text: string): (string | HTMLElement)[] {
  return text.split(/((?<![\w])[wuvαWF]_[A-Za-z]+)/).map((part) => {
    const [letter, index] = part.split('_');
    return /^[wuvαWF]_/.test(part) ? make('span', {}, letter, make('sub', {}, index)) : part;
  });
}

/** The groups with the measures that this run has; the tensors' norms join the last. */
function listMetrics(columns: Columns): { name: string; metrics: string[] }[] {
  if (!columns.values.has('restricted_loss')) return [];
  const tensors = [...columns.values.keys()].filter((name) => name.startsWith(tensorPrefix));
  return measureGroups
    .map(({ name, metrics }) => ({
      name,
      metrics: [
        ...metrics.filter((metric) => columns.values.has(metric)),
        ...(metrics.includes('weight_norm') ? tensors : []),
      ],
    }))
    .filter(({ metrics }) => metrics.length > 0);
}

/** The last step up to the cursor at which something was measured. */
function measuredStep(columns: Columns, at: number | null): number | null {
  const { middle } = lineOf(columns, 'restricted_loss');
  let row = at === null ? middle.length - 1 : rowAt(columns.steps, at);
  while (row >= 0 && middle[row] === null) row--;
  return columns.steps[row] ?? null;
}

/** From the least to the largest value, on a log axis where a loss spans decades. */
function drawCourse(columns: Columns, metric: string, step: number | null): SVGSVGElement {
  const svg = draw('svg', { class: 'course', width, height, 'aria-hidden': 'true' });
  const points = lineOf(columns, metric).middle.flatMap((value, row) =>
    value === null ? [] : [{ step: columns.steps[row] ?? 0, value }],
  );
  const values = points.map(({ value }) => value);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  if (points.length < 2 || least === most) return svg;
  const log = least > 0 && most / least > 100;
  const size = (value: number): number => (log ? Math.log(value) : value);
  const last = points.at(-1)?.step ?? 1;
  const x = (at: number): number => 2 + ((width - 4) * at) / Math.max(1, last);
  const y = (value: number): number =>
    height - 3 - ((height - 6) * (size(value) - size(least))) / (size(most) - size(least));
  const spots = points.map((point) => `${x(point.step).toFixed(1)},${y(point.value).toFixed(1)}`);
  svg.append(draw('polyline', { points: spots.join(' ') }));
  const at = points.findLast((point) => step !== null && point.step <= step);
  if (at !== undefined) svg.append(draw('circle', { cx: x(at.step), cy: y(at.value), r: 2 }));
  return svg;
}
