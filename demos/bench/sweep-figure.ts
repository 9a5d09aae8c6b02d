/** One figure for sweeps of a kind, with a choice where there are several. */
import type { Result } from '../../benches/run';
import { make } from '../shared/dom';
import { createTools } from '../shared/figure-tools';
import { createLogPlot } from './log-plot';
import { linesOf, sweepScene } from './sweep';
import type { Scene } from './scene';

export interface SweepFigureOptions {
  /** Names the files and elements: `crossover`. */
  readonly name: string;
  readonly topics: readonly string[];
  /** Said while nothing of it was measured. */
  readonly empty: string;
  readonly made: () => string;
  readonly stem: (figure: string) => string;
}

export interface SweepFigure {
  readonly element: HTMLElement;
  update(results: readonly Result[]): void;
}

export function createSweepFigure(options: SweepFigureOptions): SweepFigure {
  const { name, topics, empty, made, stem } = options;
  const title = make('span', {}, empty);
  const plot = createLogPlot(`plot-${name}`, `Points of ${name}`);
  const select = make('select', { id: `choose-${name}` });
  const choice = make(
    'p',
    { class: 'choose' },
    make('label', { for: select.id }, 'Sweep '),
    select,
  );
  let found: readonly Result[] = [];
  let scene: Scene | null = null;
  const chosen = (): Result | undefined =>
    found.find((result) => result.name === select.value) ?? found[0];
  const tools = createTools({
    name,
    title: () => scene?.title ?? empty,
    canvas: () => plot.canvas,
    numbers() {
      const result = chosen();
      if (result === undefined) return null;
      const points = [...linesOf(result)].flatMap(([who, line]) =>
        line.map(({ size, rate, spread }) => [who, size, rate, ...spread]),
      );
      const axis = scene?.x.label ?? 'size';
      const rate = `${result.unit} a second`;
      return {
        columns: ['who', axis, rate, 'lower quartile', 'upper quartile'],
        rows: points,
      };
    },
    made,
    stem: () => stem(name),
  });
  const caption = make('figcaption', { class: 'view-title', id: `${name}-title` }, title, tools);

  function show(): void {
    const result = chosen();
    scene = result === undefined ? null : sweepScene(result);
    title.textContent = scene?.title ?? empty;
    plot.element.hidden = scene === null;
    tools.hidden = scene === null;
    plot.update(scene);
  }

  select.addEventListener('change', show);
  return {
    element: make('figure', { class: 'view', id: `view-${name}` }, caption, choice, plot.element),
    update(results) {
      const before = select.value;
      found = topics.flatMap((topic) =>
        results.filter(
          (result) => result.name.startsWith(`${topic}/`) && sweepScene(result) !== null,
        ),
      );
      if (
        found.map((one) => one.name).join() !== [...select.options].map((one) => one.value).join()
      ) {
        const options = found.map((one) => make('option', { value: one.name }, one.name));
        select.replaceChildren(...options);
        if (found.some((one) => one.name === before)) select.value = before;
      }
      choice.hidden = found.length < 2;
      show();
    },
  };
}
