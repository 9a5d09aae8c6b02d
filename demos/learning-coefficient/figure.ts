/** The main figure: where the chains walk, what their losses say, and the λ̂ that comes of it, over one transport. */
import { createChart, type Chart } from '../shared/chart';
import type { ChartSpec, Rule } from '../shared/chart-options';
import { make } from '../shared/dom';
import { createFrame } from '../shared/frame';
import { createRibbon } from '../shared/ribbon';
import type { Session } from '../shared/session';
import { coalesce, type Signal } from '../shared/signal';
import type { StoredRun } from '../shared/stored';
import type { Transport } from '../shared/transport';
import { sayCount, sayNumber } from '../shared/words';
import type { Diagnostics } from './diagnostics';
import type { Journey } from './journey';
import { sayJourney } from './journey-words';
import { createGroupLine } from './group-line';
import { createLandscape } from './landscape';
import { surfaceOf, type Surface } from './potential';
import { groupsOf } from './results';
import { drawsOf, type Setting } from './setting';
import { estimateColumns, traceColumns } from './traces';
import { phases, sayFinding, sayLambda, sayThree } from './words';

export interface Figure {
  readonly element: HTMLElement;
  /** The chart that PNG and SVG show. */
  readonly estimate: Chart;
  setStored(stored: StoredRun | null, matches: boolean): void;
  toggleLog(): void;
  update(setting: Setting): void;
}

const common = {
  logY: false,
  floor: 1e-9,
  labelRoom: 92,
  topRoom: 8,
  narrowBelow: 300,
  counts: 'draw',
  say: sayNumber,
  tick: sayNumber,
  nameEvent: () => null,
};
const traceSpec: ChartSpec = {
  ...common,
  id: 'traces',
  axis: '',
  title: 'nβ (L − L(w*)): each chain, and their mean',
  lines: [{ metric: 'mean', label: 'mean', colour: 'lambda', dash: [] }],
  strands: { metric: 'excess', colour: 'norm' },
  height: 124,
};
const estimateSpec: ChartSpec = {
  ...common,
  id: 'estimate',
  axis: '',
  title: 'λ̂, the mean of all draws so far',
  lines: [{ metric: 'llc', label: 'λ̂', colour: 'lambda', dash: [], error: 'error' }],
  height: 172,
};

export function createFigure(
  session: Session,
  cursor: Signal<number | null>,
  transport: Transport,
  diagnostics: Diagnostics,
  journey: Journey,
  chosen: Signal<number>,
): Figure {
  const traces = createChart(traceSpec, cursor);
  const estimate = createChart(estimateSpec, cursor);
  const landscape = createFrame('Chains over the loss', createLandscape());
  const ribbon = createRibbon(phases);
  const title = make('p', { class: 'chart-title finding', id: 'finding', role: 'status' });
  const which = createGroupLine(chosen);
  const numbers = estimate.element.querySelector('.numbers');
  traces.element.querySelector('.numbers')?.remove();
  estimate.element.querySelector('.plot')?.after(ribbon.element);
  let stored: StoredRun | null = null;
  let matches = false;
  let setting: Setting | null = null;
  let surface: { key: string; found: Surface | null } = { key: '', found: null };

  const paintRibbon = coalesce(() => {
    if (setting === null) return;
    const { state } = session;
    const { config, old } = setting;
    const steps = old ? 1 : state.step;
    const { now, all } = drawsOf(config, steps, old ? 1 : state.total);
    const burnin = { name: 'burned-in', step: config.sampler.burnin, replica: 0 };
    ribbon.update({
      events: now > config.sampler.burnin ? [burnin] : [],
      step: state.step === 0 && !old ? 0 : Math.min(now, all),
      finished: old || state.status === 'done',
      stored: old,
      place: estimate.placeOf,
      area: estimate.area(),
    });
  });
  estimate.onLayout(paintRibbon);

  function surfaceFor({ config, nbeta, localization, group }: Setting): Surface | null {
    const point = group?.point ?? 0;
    const key = JSON.stringify([config.target, nbeta, localization, point]);
    if (key !== surface.key) {
      surface = { key, found: surfaceOf(config, { nbeta, localization, point }) };
    }
    return surface.found;
  }

  function update(next: Setting): void {
    setting = next;
    const { config, nbeta, old, results, group } = next;
    const found = surfaceFor(next);
    const cloud = next.view('cloud');
    landscape.picture.update({
      surface: found,
      nbeta,
      cloud,
      paths: next.view('paths'),
      old,
      axes: found === null ? ['direction 1', 'direction 2'] : ['w₁ − w₁*', 'w₂ − w₂*'],
    });
    landscape.setTitle(
      found === null ? 'Chains along two fixed directions' : 'Chains over the loss',
    );
    landscape.say({ snapshot: cloud, old });

    // With several points w* the way from one to the next says more than where the chains of one are.
    const several = found === null && (results?.checkpoints.length ?? 0) > 1;
    landscape.element.hidden = several;
    journey.element.hidden = !several;

    const all = drawsOf(config, 0, 1).all;
    const empty = { steps: [], values: new Map<string, number[][]>() };
    traces.setRun(old ? empty : traceColumns(next.view('traces'), nbeta), [], all);
    estimate.setRun(old ? empty : estimateColumns(next.view('estimate')), [], all);
    // The grey run stays under a run of the same target and settings, as what to expect.
    const grey = stored !== null && (old || (matches && next.index === 0)) ? stored : null;
    const before = grey === null ? null : (name: string) => grey.views.get(name) ?? null;
    traces.setStored(
      before === null ? null : { columns: traceColumns(before('traces'), nbeta), events: [] },
    );
    estimate.setStored(
      before === null ? null : { columns: estimateColumns(before('estimate')), events: [] },
    );
    const shade = [0, config.sampler.burnin] as const;
    traces.setMarks({ shade, rules: [baseline] });
    estimate.setMarks({ shade, rules: rulesOf(next) });
    const exact = ['mala', 'hmc'].includes(config.sampler.method);
    diagnostics.update(group, config.sampler.chains, exact, old);
    const finding = sayTitle(next);
    if (title.textContent !== finding) title.textContent = finding;
    which.update(results === null || old ? [] : groupsOf(results));
    paintRibbon();
  }

  function sayTitle({ config, group, results, old }: Setting): string {
    const { step, total, status } = session.state;
    if (old && group !== null && results !== null) {
      return `In the stored run ${sayFinding(group, results.theory)}`;
    }
    if (step === 0) return 'Chains start at w* and spread into the valley';
    const { now } = drawsOf(config, step, total);
    if (now <= config.sampler.burnin && status !== 'done') {
      return `Burn-in: draw ${sayCount(now)} of ${sayCount(config.sampler.burnin)} that do not count`;
    }
    const points = results?.checkpoints ?? [];
    if (points.length > 1 && !journey.element.hidden) return sayJourney(points);
    return group === null
      ? 'The first draws that count'
      : sayFinding(group, results?.theory ?? null);
  }

  return {
    element: make(
      'div',
      {},
      title,
      make(
        'div',
        { class: 'plate-pair' },
        make('div', {}, landscape.element, journey.element),
        make('div', { class: 'panel' }, traces.element, estimate.element),
      ),
      transport.element,
      diagnostics.element,
      which.element,
      numbers,
    ),
    estimate,
    toggleLog() {
      for (const chart of [traces, estimate]) chart.setLog('x', !chart.isLog('x'));
    },
    setStored(next, fits) {
      stored = next;
      matches = fits;
    },
    update,
  };
}

const baseline: Rule = { value: 0, label: 'L(w*)', colour: 'norm', dash: [] };

function rulesOf({ group, results }: Setting): Rule[] {
  const rules: Rule[] = [];
  const thermal = group?.thermal ?? null;
  if (thermal !== null) {
    const label = `exact ${sayThree(thermal)}`;
    rules.push({ value: thermal, label, colour: 'norm', dash: [] });
  }
  if (results?.theory != null) {
    const { lambda } = results.theory;
    rules.push({ value: lambda, label: `λ = ${sayLambda(lambda)}`, colour: 'norm', dash: [5, 4] });
  }
  return rules;
}
