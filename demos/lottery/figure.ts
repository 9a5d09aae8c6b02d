/** The classic figure: test accuracy and early-stopping step against the weights left, with the rounds as ribbon below. */
import { shareLeft } from '../../src/lab/experiments/lottery-shares';
import type { LotteryConfig } from '../../src/lab/experiments/lottery-schema';
import { createChart, type Chart } from '../shared/chart';
import type { AxisX, ChartSpec, LineSpec } from '../shared/chart-options';
import { createChartTools } from '../shared/chart-tools';
import { make } from '../shared/dom';
import type { Maker } from '../shared/made';
import { createRibbon, type Phase } from '../shared/ribbon';
import { coalesce } from '../shared/signal';
import { drawTimeLine } from '../shared/time-line';
import type { TimeCursor } from '../shared/time-cursor';
import type { Transport } from '../shared/transport';
import { sayCount, sayNumber } from '../shared/words';
import type { Shown } from './source';
import {
  accuracyLines,
  llcLines,
  sayAccuracies,
  sayAccuracy,
  sayLeft,
  sayStops,
  stopLines,
} from './words';

export interface Figure {
  readonly element: HTMLElement;
  /** λ̂ over the rounds, hidden while there is none. */
  readonly llc: HTMLElement;
  readonly accuracy: Chart;
  update(shown: Shown): void;
}

/** Rounds are evenly spaced on an axis of shares: each takes the same part of what is left. */
export function createFigure(
  cursor: TimeCursor,
  transport: Transport,
  maker: Maker,
  configNow: () => LotteryConfig,
): Figure {
  const x: AxisX = {
    say: (round) => sayLeft(shareLeft(configNow(), Math.round(round))),
    ticks(from, to, width) {
      const rounds = Array.from({ length: Math.floor(to) + 1 }, (_, round) => round);
      const every = Math.ceil(rounds.length / Math.max(2, Math.floor(width / 52)));
      return rounds.filter((round) => round >= from && round % every === 0);
    },
  };
  const common = {
    x,
    logY: false,
    floor: 0,
    limits: 'tight',
    labelRoom: 76,
    topRoom: 12,
    counts: 'weights left',
    nameEvent: () => null,
  } as const;
  const specs: readonly ChartSpec[] = [
    {
      ...common,
      id: 'accuracy',
      axis: 'test accuracy at the early stop (%)',
      title: 'Test accuracy against the share of weights left',
      lines: accuracyLines,
      height: 196,
      say: sayAccuracy,
      tick: (value) => String(Number((100 * value).toFixed(2))),
    },
    {
      ...common,
      id: 'stop',
      axis: 'early stop, by weights left (log)',
      title: 'The step of the least validation loss',
      lines: stopLines,
      height: 156,
      say: sayCount,
      tick: sayCount,
    },
    {
      ...common,
      id: 'llc',
      axis: 'learning coefficient λ̂, ± standard error',
      title: 'λ̂ of the first network of each round, at its last step',
      lines: llcLines,
      height: 220,
      say: sayNumber,
      tick: sayNumber,
    },
  ];
  let latest: Shown | null = null;
  const charts = specs.map((spec) => createChart(spec, cursor));
  const [accuracy, stop, llc] = charts as [Chart, Chart, Chart];
  charts.forEach((chart, k) => {
    const { id, lines } = specs[k] as ChartSpec;
    chart.element.querySelector('figcaption')?.after(toolsOf(id, chart, lines));
    drawTimeLine(chart, cursor);
  });
  const none = make('p', { class: 'hint' }, 'Not estimated in this run.');
  const ribbon = createRibbon([]);
  stop.element.querySelector('.plot')?.after(ribbon.element);
  const numbers = charts.map((chart) => chart.element.querySelector('.numbers'));

  function toolsOf(name: string, chart: Chart, lines: readonly LineSpec[]): HTMLElement {
    return createChartTools({
      name,
      chart,
      lines,
      maker,
      source: () => ({
        columns: latest?.columns ?? { steps: [], values: new Map() },
        stored: latest?.old ? latest.config : null,
      }),
    });
  }

  const paintRibbon = coalesce(() => {
    if (latest === null) return;
    const { config, step, old, finished } = latest;
    const { steps, rounds } = config;
    const names = ['dense', ...Array.from({ length: rounds }, (_, k) => String(k + 1))];
    const phases: Phase[] = names.map((name, k) => ({
      name: k === 1 ? 'round 1' : name,
      colour: k === 0 ? 'norm' : k % 2 === 0 ? 'even' : 'test',
      until: k < rounds ? `end-${k}` : null,
    }));
    const events = names
      .slice(0, -1)
      .map((_, k) => ({ name: `end-${k}`, step: (k + 1) * steps, replica: 0 }));
    ribbon.update({
      phases,
      events: events.filter((event) => event.step <= step),
      step,
      finished,
      stored: old,
      // A round is trained up to the place where its point stands.
      place: (at) => stop.placeOf(at / steps - 1),
      area: stop.area(),
    });
  });
  stop.onLayout(paintRibbon);

  function update(shown: Shown): void {
    latest = shown;
    const { levels, columns, config, old, reference } = shown;
    for (const chart of charts) {
      chart.setRun(old ? { steps: [], values: new Map() } : columns, [], config.rounds);
      chart.setStored(reference === null ? null : { columns: reference, events: [] });
    }
    accuracy.setTitle(sayAccuracies(levels, old));
    stop.setTitle(sayStops(levels, old));
    const some = columns.values.get('llc')?.some((row) => row.length > 0) === true;
    llc.element.hidden = !some;
    none.hidden = some;
    paintRibbon();
  }

  const tables = make('div', {}, ...numbers.slice(0, 2).filter((one) => one !== null));
  return {
    element: make('div', {}, accuracy.element, stop.element, transport.element, tables),
    llc: make('div', {}, none, llc.element),
    accuracy,
    update,
  };
}
