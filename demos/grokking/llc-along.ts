/** λ̂ along the run, asked for by a button: chains around every kept checkpoint, in a worker of their own. */
import type { LlcGroup } from '../../src/lab/experiments/llc-results';
import { createChart } from '../shared/chart';
import type { ChartSpec } from '../shared/chart-options';
import { createChartTools } from '../shared/chart-tools';
import { make } from '../shared/dom';
import type { Maker } from '../shared/made';
import type { Columns } from '../shared/series';
import { createSession, type Session } from '../shared/session';
import type { TimeCursor } from '../shared/time-cursor';
import { drawTimeLine } from '../shared/time-line';
import { sayCount, sayDuration, sayNumber } from '../shared/words';
import { openWorker } from './worker';

export interface LlcAlong {
  readonly element: HTMLElement;
  /** `total` is the end of the time axis. */
  update(total: number): void;
}

/** As on the page of the learning coefficient; about 0.05 of the spread of a weight is moved. */
const sampler = {
  method: 'sgld',
  lr: 2e-4,
  localization: 30,
  nbeta: 'n/log(n)',
  batchSize: 128,
  chains: 2,
  burnin: 200,
  draws: 150,
};
const askEvery = 700;

const spec: ChartSpec = {
  id: 'llc',
  axis: 'λ̂ of each kept checkpoint, ± its standard error',
  title: 'λ̂ along the run',
  lines: [{ metric: 'llc', error: 'llc_error', colour: 'lambda', label: 'λ̂', dash: [] }],
  logY: false,
  floor: 1e-9,
  height: 220,
  labelRoom: 60,
  topRoom: 8,
  say: sayNumber,
  tick: sayNumber,
  nameEvent: () => null,
};

export function createLlcAlong(training: Session, cursor: TimeCursor, maker: Maker): LlcAlong {
  const chart = createChart(spec, cursor);
  drawTimeLine(chart, cursor);
  let columns: Columns = { steps: [], values: new Map() };
  let chains: Session | null = null;
  let total = 1;
  const tools = createChartTools({
    name: 'llc',
    chart,
    lines: spec.lines,
    maker,
    source: () => ({ columns, stored: null }),
  });
  chart.element.querySelector('figcaption')?.after(tools);
  const button = make('button', { type: 'button', id: 'ask-llc' }, 'Measure λ̂ along this run');
  const said = make('span', { class: 'said', role: 'status' });
  button.addEventListener('click', () => {
    if (chains === null) void measure();
    else stop('stopped');
  });

  function stop(words: string): void {
    chains?.close();
    chains = null;
    said.textContent = words;
    update(total);
  }

  async function measure(): Promise<void> {
    said.textContent = 'reading the kept weights';
    try {
      const { files } = await training.checkpoint();
      const checkpoints = files['checkpoints.safetensors'];
      if (checkpoints === undefined) throw new Error('this run has kept no weights on its way');
      const { record } = await training.record();
      const run = new TextEncoder().encode(JSON.stringify(record));
      const worker = openWorker();
      const session = createSession(worker, () => sampler.burnin + sampler.draws);
      chains = session;
      session.listen((topic) => {
        if (chains === session) hear(session, topic === 'status');
        else worker.terminate();
      });
      session.open(
        {
          schema: 1,
          experiment: 'llc',
          seed: record.seed,
          target: { kind: 'run', path: 'browser', steps: 'all' },
          sampler,
        },
        { files: { 'source/run.json': run.buffer, 'source/checkpoints.safetensors': checkpoints } },
      );
      session.run();
      void poll(session);
    } catch (error) {
      stop(`not measured: ${error instanceof Error ? error.message : String(error)}`);
    }
    update(total);
  }

  function hear(session: Session, isStatus: boolean): void {
    const { status, step, total: steps, secondsLeft, error, detail } = session.state;
    if (status === 'failed' || status === 'diverged') {
      stop(`not measured: ${error?.message ?? detail}`);
    } else if (status === 'done' && isStatus) {
      void ask(session).then(() => stop(''));
    } else if (status === 'running') {
      const left = Number.isFinite(secondsLeft) ? `, ${sayDuration(secondsLeft)} left` : '';
      said.textContent = `sampling, draw ${sayCount(step)} of ${sayCount(steps)}${left}`;
    } else said.textContent = status;
  }

  async function poll(session: Session): Promise<void> {
    while (chains === session) {
      await new Promise((resolve) => setTimeout(resolve, askEvery));
      if (chains === session && session.state.step > sampler.burnin) await ask(session);
    }
  }

  async function ask(session: Session): Promise<void> {
    try {
      const { record } = await session.record();
      const { checkpoints } = record.results as { checkpoints?: readonly LlcGroup[] };
      const found = (checkpoints ?? []).filter(({ step }) => step !== null);
      columns = {
        steps: found.map(({ step }) => step ?? 0),
        values: new Map([
          ['llc', found.map(({ llc }) => (llc.mean === null ? [] : [llc.mean]))],
          ['llc_error', found.map(({ llc }) => [llc.standardError ?? NaN])],
        ]),
      };
      update(total);
    } catch {
      // A run that fails meanwhile says so itself.
    }
  }

  training.listen((topic) => {
    // Another run has been begun: these chains were about the one before.
    if (topic !== 'status' || training.state.status !== 'compiling') return;
    columns = { steps: [], values: new Map() };
    stop('');
  });

  function update(steps: number): void {
    total = steps;
    const { step, status } = training.state;
    button.textContent = chains === null ? 'Measure λ̂ along this run' : 'Stop';
    button.disabled = chains === null && (step === 0 || status === 'running');
    chart.element.hidden = columns.steps.length === 0;
    chart.setTitle(sayCourse(columns));
    chart.setRun(columns, [], total);
  }

  update(total);
  return {
    element: make(
      'div',
      { id: 'view-llc' },
      make('p', { class: 'ask' }, button, ' ', said),
      chart.element,
    ),
    update,
  };
}

/** Where λ̂ peaks and where it ends. */
function sayCourse({ steps, values }: Columns): string {
  const points = (values.get('llc') ?? []).flatMap(([value], row) =>
    value === undefined ? [] : [{ step: steps[row] ?? 0, value }],
  );
  const last = points.at(-1);
  if (last === undefined) return spec.title;
  const peak = points.reduce((best, one) => (one.value > best.value ? one : best), last);
  if (peak === last) return `λ̂ climbs to ${sayNumber(last.value)}`;
  return `λ̂ peaks at ${sayNumber(peak.value)} near step ${sayCount(peak.step)} and ends at ${sayNumber(last.value)}`;
}
