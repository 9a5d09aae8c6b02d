/** The gallery: small real charts, drawn from the stored runs that the pages themselves show. */
import { readReport } from '../benches/read-report';
import { linesOf, PLAIN } from './bench/sweep';
import { meanOf } from './lottery/levels';
import { readLottery } from './lottery/source';
import { make } from './shared/dom';
import { logRange, tightLogRange, tightRange } from './shared/scales';
import { lineOf } from './shared/series';
import { drawSparkline } from './shared/sparkline';
import { seriesOf } from './shared/staged-columns';
import { loadStored, type StoredRun } from './shared/stored';
import { createThemeButton, followTheme } from './shared/theme';

followTheme();
document.querySelector('header.site')?.append(createThemeButton());

/** Train, test and restricted loss on a log axis, with the phases as hair lines. */
function drawGrokking({ columns, events }: StoredRun): SVGSVGElement {
  const marks = ['memorised', 'circuit-formed', 'cleaned-up'];
  const lines = ['train', 'test', 'restricted'].map((name) => ({
    name,
    label: name,
    steps: columns.steps,
    values: lineOf(columns, `${name}_loss`).middle,
  }));
  return drawSparkline({
    lines,
    range: logRange(
      lines.flatMap(({ values }) => values),
      1e-9,
    ),
    log: true,
    last: columns.steps.at(-1) ?? 1,
    events: events.filter(({ name }) => marks.includes(name)).map(({ step }) => step),
    rules: [],
    room: 60,
    described: 'Train, test and restricted loss of a stored run, on a logarithmic axis.',
  });
}

/** λ̂ as it settles on the exact value, below λ. */
function drawCoefficient({ views }: StoredRun): SVGSVGElement | null {
  const estimate = views.get('estimate');
  const [rows = 0, width = 3] = estimate?.shape ?? [];
  if (estimate === undefined || rows === 0) return null;
  const column = (index: number): number[] =>
    Array.from({ length: rows }, (_, row) => estimate.data[row * width + index] ?? NaN);
  const steps = column(0);
  return drawSparkline({
    lines: [{ name: 'lambda', label: 'λ̂', steps, values: column(1) }],
    range: [0, 0.54],
    log: false,
    last: steps.at(-1) ?? 1,
    events: [steps[0] ?? 0],
    rules: [{ value: 0.5, label: 'λ = ½' }],
    described: 'λ̂ of a stored run over its draws, below the line of λ = 1/2.',
  });
}

/** Test accuracy of tickets and of new starts over the rounds of pruning. */
function drawLottery(stored: StoredRun): SVGSVGElement | null {
  const run = readLottery(stored);
  if (run === null) return null;
  const { levels } = run;
  const line = (name: string, label: string, key: 'tickets' | 'random') => ({
    name,
    label,
    steps: levels.map(({ round }) => round),
    values: levels.map((level) => meanOf(level[key], 'testAccuracy')),
  });
  const lines = [line('test', 'ticket', 'tickets'), line('norm', 'new', 'random')];
  return drawSparkline({
    lines,
    range: tightRange(lines.flatMap(({ values }) => values)),
    log: false,
    last: run.config.rounds,
    events: [],
    rules: [],
    described:
      'Test accuracy of winning tickets and of new starts over the rounds of a stored run.',
  });
}

/** Test accuracy of the ticket and of its base over the steps. */
function drawTickets({ columns }: StoredRun): SVGSVGElement {
  const lines = [
    { name: 'test', label: 'ticket', ...seriesOf(columns, 'test_accuracy', 1) },
    { name: 'norm', label: 'base', ...seriesOf(columns, 'test_accuracy', 0) },
  ];
  return drawSparkline({
    lines,
    range: [0, 1.03],
    log: false,
    last: columns.steps.at(-1) ?? 1,
    events: [],
    rules: [],
    described: 'Test accuracy of a ticket and of its base over the steps of a stored run.',
  });
}

/** Training steps a second of the GPU and of a plain loop, as more replicas train side by side. */
function drawBench(text: string): SVGSVGElement | null {
  const result = readReport(text).results.find(({ name }) => name === 'crossover/replicas');
  if (result === undefined) return null;
  const found = linesOf(result);
  const line = (who: string, name: string, label: string) => {
    const points = found.get(who) ?? [];
    return {
      ...{ name, label },
      steps: points.map(({ size }) => Math.log2(size)),
      values: points.map(({ rate }) => rate),
    };
  };
  const lines = [line('GPU', 'lambda', 'GPU'), line(PLAIN, 'norm', 'loop')];
  const last = Math.max(...lines.flatMap(({ steps }) => steps));
  if (!(last > 0)) return null;
  return drawSparkline({
    ...{ lines, last, log: true, events: [], rules: [] },
    range: tightLogRange(
      lines.flatMap(({ values }) => values),
      1e-9,
    ),
    described:
      'Training steps a second of the GPU and of a plain loop over the replicas of a stored report, on logarithmic axes.',
  });
}

async function fillThumb(
  id: string,
  address: URL,
  paint: (stored: StoredRun) => SVGSVGElement | null,
): Promise<void> {
  const stored = await loadStored(address);
  hang(id, stored === null ? null : paint(stored));
}

function hang(id: string, picture: SVGSVGElement | null): void {
  const place = document.getElementById(id);
  place?.append(picture ?? make('span', { class: 'unseen' }, 'No stored run.'));
}

void fillThumb(
  'thumb-grokking',
  new URL('./grokking/reference-quick.json', import.meta.url),
  drawGrokking,
);
void fillThumb(
  'thumb-learning-coefficient',
  new URL('./learning-coefficient/reference-normal-crossing.json', import.meta.url),
  drawCoefficient,
);
void fillThumb(
  'thumb-lottery',
  new URL('./lottery/reference-digits.json', import.meta.url),
  drawLottery,
);
void fillThumb(
  'thumb-tickets',
  new URL('./tickets/reference-demo.json', import.meta.url),
  drawTickets,
);

const report = new URL('./bench/reference-swiftshader.json', import.meta.url);
void fetch(report)
  .then(async (response) => (response.ok ? drawBench(await response.text()) : null))
  .catch(() => null)
  .then((picture) => hang('thumb-bench', picture));
