/** The bench page: measures the visitor's GPU in a worker, and shows that report or a stored one in the same views. */
import { readReport } from '../../benches/read-report';
import { formatNumber } from '../../benches/table';
import { describeAdapter } from '../../benches/environment';
import { asJson, chooseFiles, copyText, createExports, download } from '../shared/exports';
import { takeDrops } from '../shared/drops';
import { adviseAdapter, whatHelps, whyNoGpu } from '../shared/banner';
import { find, make } from '../shared/dom';
import { createTools } from '../shared/figure-tools';
import { writeNumbers } from '../shared/numbers';
import { openPage } from '../shared/page';
import { wireSetButtons } from '../shared/set-buttons';
import { coalesce } from '../shared/signal';
import { writeState } from '../shared/url';
import { sayCount, sayDuration } from '../shared/words';
import { createMeasurer, type Measurement } from './measurement';
import { createReports, OWN, sayReport } from './reports';
import { createRooflineFigure } from './roofline-figure';
import { countRows, rowsTable } from './rows';
import { createSetup, fields, presets, type Setting } from './setup';
import { createSweepFigure } from './sweep-figure';
import { createResultsTable } from './table';

const STORED = 'stored report';
const MOST_BYTES = 50e6;

const { banner, initial } = openPage(fields, presets, 'quick');
let setting: Setting = {
  preset: initial.preset,
  filter: String(initial.config['filter'] ?? ''),
};

const measurer = createMeasurer(
  () => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }),
  coalesce(showMeasurement),
);
const reports = createReports(coalesce(showReport));
const made = (): string => {
  const shown = reports.shown();
  return `Cusp benches, ${shown === null ? 'nothing measured' : sayReport(shown.name, shown.report)}`;
};
const stem = (figure: string): string => {
  const report = reports.shown()?.report;
  const adapter = report === undefined ? 'none' : describeAdapter(report.environment);
  return `cusp-bench-${adapter.replaceAll(' ', '-')}-${figure}`;
};

const setup = createSetup(changeSetting);
const roofline = createRooflineFigure(made, stem);
const crossover = createSweepFigure({
  ...{ name: 'crossover', topics: ['crossover'], made, stem },
  empty: 'No crossing measured yet',
});
const scaling = createSweepFigure({
  ...{ name: 'scaling', topics: ['scaling', 'chip-training', 'chains'], made, stem },
  empty: 'No sweep measured yet',
});
const table = createResultsTable();
const button = make('button', { type: 'button', class: 'primary', id: 'run' }, 'Measure');
const status = make('p', { class: 'status', id: 'status', role: 'status' }, 'not measured yet');

find('figure').append(roofline.element, make('div', { class: 'bench-buttons' }, button, status));
find('side').append(setup.element);
find('crossover').append(crossover.element);
find('scaling').append(scaling.element);
find('table').append(table.element);
find('rows-tools').append(
  reports.element,
  createTools({
    ...{ name: 'rows', title: () => 'All rows', canvas: null, made, stem: () => stem('rows') },
    numbers: () => {
      const shown = reports.shown();
      return shown === null ? null : rowsTable(shown.report);
    },
  }),
);

function changeSetting(next: Setting): void {
  setting = next;
  setup.update(setting);
  const state = { preset: setting.preset, config: { filter: setting.filter } };
  const query = new URLSearchParams(writeState(state, fields, presets));
  if (document.body.classList.contains('embed')) query.set('embed', '1');
  history.replaceState(null, '', `?${query.toString()}`);
}

button.addEventListener('click', () => {
  if (isBusy(measurer.state)) return measurer.stop();
  banner.show('trouble', null);
  const { filter, preset } = setting;
  fresh = true;
  measurer.start({ filter, quick: preset === 'quick', host: sayHost(navigator.userAgent) });
});

/** Browser with its version, and the system: “Chrome/150.0.0.0 (X11; Linux x86_64)”. */
function sayHost(agent: string): string {
  // Edge calls itself Chrome as well, and both call themselves Safari.
  const browser = [/Edg\/[\d.]+/, /Firefox\/[\d.]+/, /Chrome\/[\d.]+/, /Version\/[\d.]+/]
    .map((pattern) => pattern.exec(agent)?.[0])
    .find((found) => found !== undefined);
  const system = /\(([^)]*)\)/.exec(agent)?.[1] ?? 'unknown system';
  return `${browser ?? 'browser'} (${system})`;
}

function isBusy({ status: now }: Measurement): boolean {
  return now === 'opening' || now === 'running' || now === 'stopping';
}

let known: Measurement['report'] = null;
/** A run has begun of which nothing was shown yet. */
let fresh = false;

function showMeasurement(): void {
  const { state } = measurer;
  const { report, error } = state;
  status.dataset['status'] = state.status;
  status.textContent = sayStatus(state);
  button.textContent = isBusy(state)
    ? state.status === 'stopping'
      ? 'Stop at once'
      : 'Stop'
    : 'Measure again';
  if (report !== null && report !== known) {
    // Shown from its first number on; later ones do not take a visitor away from what they chose.
    reports.put(OWN, report, fresh);
    fresh = false;
    banner.show('adapter', adviseAdapter({ ...report.environment }, null));
  }
  known = report;
  if (state.status === 'failed') {
    const kept =
      report !== null && report.results.length > 0
        ? ` ${sayCount(report.results.length)} benches were measured before and are kept.`
        : '';
    const text = `The measurement stopped: ${error ?? 'unknown reason'}.${kept}`.replace('..', '.');
    banner.show('trouble', { kind: 'error', text });
  }
}

function sayStatus({ status: now, bench, line, seconds, report }: Measurement): string {
  const count = report === null ? null : countRows(report.results);
  const rows =
    count === null
      ? 'nothing measured'
      : `${sayCount(count.rows)} rows, ${count.failed === 0 ? 'none failed' : `${count.failed} failed`}`;
  switch (now) {
    case 'idle':
      return 'not measured yet';
    case 'opening':
      return line === '' ? 'asking for the GPU' : `ceilings first: ${line}`;
    case 'running':
      if (bench === null) return 'fetching the benches';
      return `bench ${bench.at + 1} of ${bench.total}, ${line === '' ? bench.name : line}`;
    case 'stopping':
      return `stopping after this round: ${line}`;
    case 'done':
      return `done in ${sayDuration(seconds)}: ${rows}`;
    case 'stopped':
      return `stopped after ${sayDuration(seconds)}: ${rows}`;
    case 'failed':
      return `failed after ${sayDuration(seconds)}: ${rows}`;
  }
}

function showReport(): void {
  const shown = reports.shown();
  const results = shown?.report.results ?? [];
  roofline.update(shown?.report ?? null);
  crossover.update(results);
  scaling.update(results);
  table.update(results, reports.other()?.results ?? null);
  const footer = find('made');
  footer.textContent = `${made()}.`;
  if (shown === null) return;
  const { environment, ceilings, quick, date } = shown.report;
  const limits =
    ceilings === null
      ? 'ceilings could not be measured'
      : `${formatNumber(ceilings.copy.gbs)} GB/s and ${formatNumber(ceilings.fma.gflops)} GFLOP/s at most`;
  const whose = shown.name === OWN ? 'Your adapter' : `${capital(shown.name)}, adapter`;
  find('deck').replaceChildren(
    `${whose} `,
    make('b', {}, describeAdapter(environment)),
    environment.fallback ? ', a fallback adapter (software): ' : ', no fallback adapter: ',
    `${limits}; ${quick ? 'quick' : 'usual'} timing, ${date.slice(0, 10)}.`,
  );
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

async function load(given: readonly File[]): Promise<string> {
  for (const file of given) {
    if (file.size > MOST_BYTES) throw new Error(`${file.name} is larger than 50 MB`);
    try {
      reports.put(file.name.slice(0, 60), readReport(await file.text()));
    } catch (error) {
      throw new Error(`${file.name} ${(error as Error).message}`, { cause: error });
    }
  }
  return given.length === 0 ? '' : `${given.map(({ name }) => name).join(', ')}: shown above`;
}

function shownReport() {
  const shown = reports.shown();
  if (shown === null) throw new Error('there is no report yet');
  return shown.report;
}

const dropped = make('p', { role: 'status' });
takeDrops((files) => {
  load(files).then(
    (words) => (dropped.textContent = words),
    (error: unknown) => (dropped.textContent = `not loaded: ${String(error)}`),
  );
});
find('record').append(
  make('p', { class: 'made', id: 'made' }),
  createExports([
    {
      id: 'export-json',
      label: 'JSON',
      title: 'The report with every sample, as npm run bench -- --json writes it',
      act: async () => download(`${stem('report')}.json`, asJson(shownReport())),
    },
    {
      id: 'export-csv',
      label: 'CSV',
      title: 'A line for each row',
      act: async () => {
        const text = writeNumbers(rowsTable(shownReport()), made());
        return download(`${stem('rows')}.csv`, new Blob([text], { type: 'text/csv' }));
      },
    },
    {
      id: 'copy-link',
      label: 'Copy link',
      title: 'The address with what is to be measured',
      act: () => copyText(location.href, 'link'),
    },
    {
      id: 'load',
      label: 'Open a report',
      title: 'A JSON report of this page or of npm run bench, in the same figures',
      act: async () => load(await chooseFiles('.json', true)),
    },
  ]),
  dropped,
  make(
    'p',
    { class: 'fine' },
    'Everything is measured and stays on this machine; nothing is sent anywhere. Files can be dropped on the page.',
  ),
);

/** Sentences of the prose choose what to measure; they start nothing. */
wireSetButtons({
  ...{ fields, presets },
  control: {
    state: () => ({ preset: setting.preset, config: { filter: setting.filter } }),
    setState: ({ preset, config }) => changeSetting({ preset, filter: String(config['filter']) }),
    setConfig: (config) => changeSetting({ ...setting, filter: String(config['filter']) }),
    start: () => {},
  },
});

setup.update(setting);
if (!('gpu' in navigator)) {
  button.disabled = true;
  status.textContent = 'cannot measure here';
  banner.show('adapter', {
    kind: 'warning',
    text: `${whyNoGpu()} Stored reports and files can still be seen. ${whatHelps()}`,
  });
}

/** What stands here before anything is measured. An absent or broken one leaves the page as it is. */
async function showStored(): Promise<void> {
  try {
    const response = await fetch(new URL('./reference-swiftshader.json', import.meta.url));
    if (response.ok) reports.put(STORED, readReport(await response.text()), known === null);
  } catch {
    // The page measures without it.
  }
}
void showStored();
