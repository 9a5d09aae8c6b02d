/** The main figure: the loss with its phases and transport, and the two smaller curves beside it. */
import { createChart, type Chart } from '../shared/chart';
import type { ChartSpec } from '../shared/chart-options';
import { make } from '../shared/dom';
import { createRibbon } from '../shared/ribbon';
import type { Session } from '../shared/session';
import { coalesce, type Signal } from '../shared/signal';
import type { StoredRun } from '../shared/stored';
import type { Transport } from '../shared/transport';
import { sayNumber, sayPower, sayShare } from '../shared/words';
import {
  accuracyLines,
  lossLines,
  nameEvent,
  normLines,
  phases,
  sayAccuracy,
  sayFinding,
  sayNorm,
} from './words';

export interface Figure {
  readonly element: HTMLElement;
  readonly curves: readonly HTMLElement[];
  readonly loss: Chart;
  setStored(stored: StoredRun | null): void;
  toggleLogSteps(): void;
  /** The finding so far, as its title says it. */
  update(total: number): void;
}

const common = { floor: 1e-9, nameEvent };
const small = { height: 190, labelRoom: 92, topRoom: 8 };

const lossSpec: ChartSpec = {
  ...common,
  id: 'loss',
  axis: 'loss (nats) over steps',
  title: 'Loss on the pairs shown and on the others',
  lines: lossLines,
  logY: true,
  height: 392,
  labelRoom: 92,
  topRoom: 22,
  say: sayNumber,
  tick: (value) => (value > 0 ? sayNumber(value) : sayPower(0)),
};
const accuracySpec: ChartSpec = {
  ...common,
  ...small,
  id: 'accuracy',
  axis: 'correct answers',
  title: 'Correct answers on the pairs shown and on the others',
  lines: accuracyLines,
  logY: false,
  limits: [0, 1.04],
  say: sayShare,
  tick: (value) => `${Math.round(value * 100)} %`,
  nameEvent: (event) => (nameEvent(event) === null ? null : ''),
};
const normSpec: ChartSpec = {
  ...common,
  ...small,
  id: 'norm',
  axis: 'sum of squared weights',
  title: 'The size of the weights',
  lines: normLines,
  logY: false,
  say: sayNumber,
  tick: sayNumber,
  nameEvent: (event) => (nameEvent(event) === null ? null : ''),
};

export function createFigure(
  session: Session,
  cursor: Signal<number | null>,
  transport: Transport,
): Figure {
  const [loss, accuracy, norm] = [
    createChart(lossSpec, cursor),
    createChart(accuracySpec, cursor),
    createChart(normSpec, cursor),
  ];
  const charts = [loss, accuracy, norm];
  const ribbon = createRibbon(phases);
  let stored: StoredRun | null = null;

  const logSteps = toggle('log-steps', 'log steps', false, (on) => {
    for (const chart of charts) chart.setLog('x', on);
  });
  const logLoss = toggle('log-loss', 'log loss', true, (on) => loss.setLog('y', on));
  const toggles = make('div', { class: 'toggles' }, logSteps.label, logLoss.label);
  // The toggles stand in the chart's own head, at the right of its axis title.
  loss.element.querySelector('.chart-head')?.append(toggles);
  loss.element.querySelector('.plot')?.after(ribbon.element);
  // The numbers come last, so that nothing stands between the ribbon and the transport.
  const numbers = loss.element.querySelector('.numbers');

  const paintRibbon = coalesce(() => {
    const { state } = session;
    const alive = state.step > 0;
    ribbon.update({
      events: alive ? state.events : (stored?.events ?? []),
      step: alive ? state.step : (stored?.columns.steps.at(-1) ?? 0),
      finished: alive ? state.status === 'done' : true,
      stored: !alive,
      place: loss.placeOf,
      area: loss.area(),
    });
  });
  loss.onLayout(paintRibbon);

  function update(total: number): void {
    const { state } = session;
    const alive = state.step > 0;
    for (const chart of charts) {
      if (alive) chart.setRun(state.columns, state.events, total);
      else chart.setRun({ steps: [], values: new Map() }, [], total);
    }
    if (alive) loss.setTitle(sayFinding(state.events, state.step, state.status === 'done'));
    else if (stored !== null) {
      const last = stored.columns.steps.at(-1) ?? 0;
      const finding = sayFinding(stored.events, last, true);
      loss.setTitle(`In the stored run ${finding.charAt(0).toLowerCase()}${finding.slice(1)}`);
    } else loss.setTitle(lossSpec.title);
    const shown = alive ? state.columns : stored?.columns;
    if (shown !== undefined) {
      accuracy.setTitle(sayAccuracy(shown));
      norm.setTitle(sayNorm(shown));
    }
    paintRibbon();
  }

  return {
    element: make('div', {}, loss.element, transport.element, numbers),
    curves: [accuracy.element, norm.element],
    loss,
    setStored(next) {
      if (next === stored) return;
      stored = next;
      for (const chart of charts) chart.setStored(next);
    },
    toggleLogSteps: () => logSteps.box.click(),
    update,
  };
}

function toggle(
  id: string,
  text: string,
  on: boolean,
  act: (on: boolean) => void,
): { label: HTMLLabelElement; box: HTMLInputElement } {
  const box = make('input', { type: 'checkbox', id, checked: on });
  box.addEventListener('change', () => act(box.checked));
  return { label: make('label', { class: 'switch' }, box, ` ${text}`), box };
}
