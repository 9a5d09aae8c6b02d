/** Validation losses of one round beside the dense networks, with the steps at which they stop; all rounds faint behind. */
import { createChart } from '../shared/chart';
import type { ChartSpec } from '../shared/chart-options';
import { createChartTools } from '../shared/chart-tools';
import { make } from '../shared/dom';
import type { Maker } from '../shared/made';
import { createSignal } from '../shared/signal';
import type { Signal } from '../shared/signal';
import { sayCount, sayNumber, sayPower } from '../shared/words';
import { lossColumns, meanOf, type Level } from './levels';
import type { Shown } from './source';
import { lossLines, sayLeft, sayLosses } from './words';

export interface Curves {
  readonly element: HTMLElement;
  update(shown: Shown, level: Level | null): void;
}

const spec: ChartSpec = {
  id: 'losses',
  axis: 'validation loss (nats), band over trials',
  title: 'Validation loss falls, then rises again',
  lines: lossLines,
  logY: true,
  limits: 'tight',
  floor: 1e-4,
  height: 300,
  labelRoom: 76,
  topRoom: 40,
  say: sayNumber,
  tick: (value) => (value > 0 ? sayNumber(value) : sayPower(0)),
  nameEvent: ({ name }) => name,
  strands: { metric: 'all', colour: 'test' },
};

/** `round` is the one chosen, null for the one of the claim. */
export function createCurves(maker: Maker, round: Signal<number | null>): Curves {
  const chart = createChart(spec, createSignal<number | null>(null));
  const select = make('select', { id: 'round' });
  const chooser = make(
    'p',
    { class: 'choose' },
    make('label', { for: 'round' }, 'Weights left '),
    select,
  );
  let latest: { shown: Shown; round: number } | null = null;
  const tools = createChartTools({
    name: 'losses',
    chart,
    lines: lossLines,
    maker,
    source: () => ({
      columns:
        latest === null
          ? { steps: [], values: new Map() }
          : lossColumns(latest.shown.config, latest.shown.rows, latest.round),
      stored: latest?.shown.old ? latest.shown.config : null,
    }),
  });
  chart.element.querySelector('figcaption')?.after(tools);
  select.addEventListener('change', () => round.set(Number(select.value)));

  function fill(levels: readonly Level[], chosen: number): void {
    const pruned = levels.filter((level) => level.round > 0);
    const options = pruned.map((level) => `${level.round}: ${level.left}`).join();
    if (select.dataset['options'] !== options) {
      select.dataset['options'] = options;
      select.replaceChildren(
        ...pruned.map((level) =>
          make(
            'option',
            { value: String(level.round) },
            `${sayLeft(level.left)}, round ${level.round}`,
          ),
        ),
      );
    }
    select.value = String(chosen);
    select.disabled = pruned.length === 0;
  }

  return {
    element: make('div', {}, chooser, chart.element),
    update(shown, level) {
      const { config, rows, old, levels } = shown;
      const at = level?.round ?? 0;
      latest = { shown, round: at };
      fill(levels, at);
      const columns = lossColumns(config, rows, at);
      const stops = [
        { name: 'dense stops', trials: levels[0]?.tickets ?? [] },
        { name: 'ticket', trials: at > 0 ? (level?.tickets ?? []) : [] },
        { name: 'new start', trials: at > 0 ? (level?.random ?? []) : [] },
      ].filter(({ trials }) => trials.length > 0);
      const events = stops.map(({ name, trials }) => {
        const step = Math.round(meanOf(trials, 'earlyStop'));
        return { name: `${name} ${sayCount(step)}`, step, replica: 0 };
      });
      const none = { steps: [], values: new Map<string, number[][]>() };
      chart.setRun(old ? none : columns, events, config.steps);
      chart.setStored(old ? { columns, events } : null);
      chart.setTitle(sayLosses(level));
    },
  };
}
