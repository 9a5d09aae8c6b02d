/** The main figure: four losses with their phases and the transport, and the smaller curves of the sections below. */
import { createChart, type Chart } from '../shared/chart';
import type { ChartSpec } from '../shared/chart-options';
import { make } from '../shared/dom';
import { createChartTools } from '../shared/chart-tools';
import type { Maker } from '../shared/made';
import { createRibbon, type Phase } from '../shared/ribbon';
import type { Session } from '../shared/session';
import { coalesce } from '../shared/signal';
import type { TimeCursor } from '../shared/time-cursor';
import { drawTimeLine } from '../shared/time-line';
import type { RunEvent } from '../../src/lab/record';
import type { StoredRun } from '../shared/stored';
import type { Transport } from '../shared/transport';
import { formatValue } from '../../src/lab/schema-paths';
import { valueAt } from '../shared/fields';
import { sayNumber, sayPower, sayShare } from '../shared/words';
import {
  accuracyLines,
  giniLines,
  lossLines,
  nameEvent,
  normLines,
  phaseAt,
  phases,
  plainPhases,
  sayAccuracy,
  sayFinding,
  sayGini,
  sayNorm,
  sayStructure,
  structureLines,
} from './words';

export interface Figure {
  readonly element: HTMLElement;
  /** Accuracy and weight norm; what the waves explain and Gini coefficients. */
  readonly curves: readonly HTMLElement[];
  readonly measured: readonly HTMLElement[];
  readonly loss: Chart;
  setStored(stored: StoredRun | null): void;
  toggleLogSteps(): void;
  /** The phase at a step of the run shown, empty before there are any. */
  phaseAt(step: number): string;
  /** The finding so far, as its title says it. */
  update(total: number): void;
}

const common = { floor: 1e-9, nameEvent };
const small = { height: 190, labelRoom: 126, topRoom: 8 };
const unnamed = {
  nameEvent: (event: RunEvent): string | null => (nameEvent(event) === null ? null : ''),
};

const lossSpec: ChartSpec = {
  ...common,
  id: 'loss',
  axis: 'loss (nats)',
  title: 'Loss on the pairs shown and on the others',
  lines: lossLines,
  logY: true,
  height: 392,
  labelRoom: 116,
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
  ...unnamed,
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
  ...unnamed,
};
const structureSpec: ChartSpec = {
  ...common,
  ...small,
  id: 'structure',
  axis: 'explained by waves',
  title: 'How much the waves explain',
  lines: structureLines,
  logY: false,
  limits: [0, 1.04],
  say: sayShare,
  tick: (value) => `${Math.round(value * 100)} %`,
  ...unnamed,
};
const giniSpec: ChartSpec = {
  ...common,
  ...small,
  id: 'gini',
  axis: 'Gini coefficient of Fourier norms',
  title: 'How few frequencies carry the weights',
  lines: giniLines,
  logY: false,
  limits: [0, 1.04],
  say: sayNumber,
  tick: sayNumber,
  ...unnamed,
};
const specs = [lossSpec, accuracySpec, normSpec, structureSpec, giniSpec];

export function createFigure(
  session: Session,
  cursor: TimeCursor,
  transport: Transport,
  maker: Maker,
): Figure {
  const charts = specs.map((spec) => createChart(spec, cursor));
  const [loss, accuracy, norm, structure, gini] = charts as [Chart, Chart, Chart, Chart, Chart];
  charts.forEach((chart, index) => {
    const { id, lines } = specs[index] as ChartSpec;
    const tools = createChartTools({ name: id, chart, lines, maker, source: () => source() });
    drawTimeLine(chart, cursor);
    // Behind the title, which is replaced as a whole, and not within it.
    chart.element.querySelector('figcaption')?.after(tools);
  });
  const ribbon = createRibbon(phases);
  let stored: StoredRun | null = null;

  const logSteps = toggle('log-steps', 'log steps', false, (on) => {
    for (const chart of charts) chart.setLog('x', on);
  });
  const logLoss = toggle('log-loss', 'log loss', true, (on) => loss.setLog('y', on));
  const toggles = make('div', { class: 'toggles' }, logSteps.label, logLoss.label);
  // The toggles stand at the end of the axis, where the room for labels leaves a corner free.
  ribbon.element.append(toggles);
  loss.element.querySelector('.plot')?.after(ribbon.element);
  // The numbers come last, so that nothing stands between the ribbon and the transport.
  const numbers = loss.element.querySelector('.numbers');

  const source = () => {
    const alive = session.state.step > 0 || stored === null;
    return alive
      ? { columns: session.state.columns, stored: null }
      : { columns: stored?.columns ?? session.state.columns, stored: stored?.config ?? null };
  };
  const phasesNow = (): readonly Phase[] =>
    source().columns.values.has('restricted_loss') ? phases : plainPhases;

  const paintRibbon = coalesce(() => {
    const { state } = session;
    const alive = state.step > 0;
    ribbon.update({
      phases: phasesNow(),
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
      // The circuit is at its marker: the title of another's run keeps to a line.
      const [finding = ''] = sayFinding(stored.events, last, true).split(';');
      const seed = formatValue(valueAt(stored.config, 'seed'));
      loss.setTitle(
        `In the stored run (seed ${seed}) ${finding.charAt(0).toLowerCase()}${finding.slice(1)}`,
      );
    } else loss.setTitle(lossSpec.title);
    const shown = alive ? state.columns : stored?.columns;
    if (shown !== undefined) {
      accuracy.setTitle(sayAccuracy(shown));
      norm.setTitle(sayNorm(shown));
      structure.setTitle(sayStructure(shown));
      gini.setTitle(sayGini(shown));
    }
    paintRibbon();
  }

  return {
    element: make('div', {}, loss.element, transport.element, numbers),
    curves: [accuracy.element, norm.element],
    measured: [structure.element, gini.element],
    loss,
    phaseAt: (step) => {
      const alive = session.state.step > 0;
      const events = alive ? session.state.events : (stored?.events ?? []);
      return events.length === 0 ? '' : phaseAt(step, events, phasesNow());
    },
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
