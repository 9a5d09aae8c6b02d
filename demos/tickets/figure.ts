/** The race: test accuracy and frequency entropy of all networks over their own steps, with the stages as ribbon below. */
import { createChart, type Chart } from '../shared/chart';
import type { ChartSpec } from '../shared/chart-options';
import { createChartTools } from '../shared/chart-tools';
import { make } from '../shared/dom';
import type { Maker } from '../shared/made';
import { createRibbon } from '../shared/ribbon';
import { coalesce, type Signal } from '../shared/signal';
import { drawTimeLine } from '../shared/time-line';
import type { TimeCursor } from '../shared/time-cursor';
import type { Transport } from '../shared/transport';
import { sayNumber, sayShare } from '../shared/words';
import { linesOf } from './entrants';
import { longest, phasesOf, type Shown } from './source';
import { sayEntropies, sayRace } from './words';

export interface Figure {
  readonly element: HTMLElement;
  readonly entropy: HTMLElement;
  readonly race: Chart;
  toggleLogSteps(): void;
  update(shown: Shown): void;
}

const common = {
  lines: [],
  logY: false,
  floor: 0,
  labelRoom: 92,
  topRoom: 14,
  nameEvent: () => null,
} as const;

const specs: readonly ChartSpec[] = [
  {
    ...common,
    id: 'race',
    axis: 'test accuracy, by each network’s own step',
    title: 'Test accuracy of a network, and of what is left of it',
    limits: [0, 1.03],
    height: 320,
    say: sayShare,
    tick: (value) => `${Math.round(100 * value)} %`,
  },
  {
    ...common,
    id: 'entropy',
    axis: 'frequency entropy of W_in·E (nats), mean over neurons',
    title: 'Entropy of the frequencies that the neurons read',
    limits: 'tight',
    height: 260,
    say: sayNumber,
    tick: sayNumber,
  },
];

/** `source` is the step that the mask is drawn from: a click on the chart sets it. */
export function createFigure(
  hovered: Signal<number | null>,
  source: Signal<number | null>,
  transport: Transport,
  maker: Maker,
): Figure {
  const cursor: TimeCursor = { ...hovered, pinned: source };
  let latest: Shown | null = null;
  const charts = specs.map((spec) => createChart(spec, hovered));
  const [race, entropy] = charts as [Chart, Chart];
  const metrics = ['test_accuracy', 'entropy_in'] as const;
  charts.forEach((chart, k) => {
    const metric = metrics[k] as string;
    const tools = createChartTools({
      name: (specs[k] as ChartSpec).id,
      chart,
      lines: () => (latest === null ? [] : linesOf(latest.story.entrants, metric)),
      maker,
      source: () => ({
        columns: latest?.story.columns ?? { steps: [], values: new Map() },
        stored: latest?.story.stored === true ? latest.story.config : null,
      }),
    });
    chart.element.querySelector('figcaption')?.after(tools);
    chart.setLog('x', true);
  });
  drawTimeLine(race, cursor);
  const ribbon = createRibbon([]);
  race.element.querySelector('.plot')?.after(ribbon.element);
  const numbers = race.element.querySelector('.numbers');

  const paintRibbon = coalesce(() => {
    if (latest === null) return;
    const { step, total, finished, story } = latest;
    const area = race.area();
    ribbon.update({
      ...phasesOf(latest),
      step,
      finished,
      stored: story.stored,
      // Stage after stage; the axis above is each network's own.
      place: (at) => area.left + (area.width * at) / total,
      area,
    });
  });
  race.onLayout(paintRibbon);

  return {
    element: make('div', {}, race.element, transport.element, numbers),
    entropy: entropy.element,
    race,
    toggleLogSteps() {
      for (const chart of charts) chart.setLog('x', !chart.isLog('x'));
      paintRibbon();
    },
    update(shown) {
      latest = shown;
      const { story, grey } = shown;
      const none = { steps: [], values: new Map<string, number[][]>() };
      charts.forEach((chart, k) => {
        chart.setLines(linesOf(story.entrants, metrics[k] as string));
        chart.setRun(story.stored ? none : story.columns, [], longest(story));
        const columns = story.stored ? story.columns : grey;
        chart.setStored(columns === null ? null : { columns, events: [] });
      });
      race.setTitle(sayRace(story));
      entropy.setTitle(sayEntropies(story));
      paintRibbon();
    },
  };
}
