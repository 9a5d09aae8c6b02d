/** The roofline with its title, the key of its marks, and its files. */
import { draw, make } from '../shared/dom';
import { createTools } from '../shared/figure-tools';
import type { StoredReport } from '../../benches/read-report';
import { createLogPlot } from './log-plot';
import { intensityOf, rooflineScene } from './roofline';
import { kindOf } from './rows';
import type { Kind, Scene } from './scene';

const empty = 'The roofline, once the ceilings are measured';

export interface RooflineFigure {
  readonly element: HTMLElement;
  update(report: StoredReport | null): void;
}

export function createRooflineFigure(
  made: () => string,
  stem: (figure: string) => string,
): RooflineFigure {
  const title = make('figcaption', { class: 'chart-title', id: 'roofline-title' }, empty);
  const plot = createLogPlot('plot-roofline', 'Rows below the roofline');
  let report: StoredReport | null = null;
  let scene: Scene | null = null;
  const tools = createTools({
    name: 'roofline',
    title: () => scene?.title ?? empty,
    canvas: () => plot.canvas,
    numbers() {
      const rows = (report?.results ?? []).flatMap(({ name, rows: found }) =>
        found.flatMap((row, at) => {
          const intensity = intensityOf(row);
          if (row.gflops === undefined && row.gbs === undefined) return [];
          return [
            [
              ...[name, row.contender, kindOf(row, at), intensity, row.gflops ?? null],
              ...[row.gbs ?? null, row.fractionOfCeiling ?? null],
            ],
          ];
        }),
      );
      if (rows.length === 0) return null;
      const columns = ['bench', 'contender', 'kind', 'FLOP/B', 'GFLOP/s', 'GB/s', 'of ceiling'];
      return { columns, rows };
    },
    made,
    stem: () => stem('roofline'),
  });
  return {
    element: make(
      'figure',
      { id: 'view-roofline' },
      make('div', { class: 'head-row' }, title, tools),
      createKey(),
      plot.element,
    ),
    update(next) {
      report = next;
      const ceilings = next?.ceilings ?? null;
      scene = next === null || ceilings === null ? null : rooflineScene(next.results, ceilings);
      title.textContent = scene?.title ?? empty;
      tools.hidden = scene === null;
      plot.update(scene);
    },
  };
}

function createKey(): HTMLElement {
  const entry = (kind: Kind, path: string, filled: boolean, text: string): HTMLElement => {
    const shape = draw('path', { d: path, class: filled ? 'full' : 'open' });
    const icon = draw('svg', { viewBox: '0 0 12 12', 'aria-hidden': 'true' }, shape);
    return make('span', { class: `tint-${kind}` }, icon, text);
  };
  const circle = (r: number): string =>
    `M${6 - r} 6a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`;
  return make(
    'p',
    { class: 'mark-key' },
    entry('kernel', circle(4), true, 'kernel'),
    entry('variant', circle(3.25), false, 'other ways to compute it'),
    entry('library', 'M6 1.5L10 9L2 9Z', true, 'other libraries'),
    entry('cpu', 'M3 3L9 9M3 9L9 3', false, 'plain loop and float64, on the CPU'),
  );
}
