/** The gallery: small real charts, drawn from the stored runs that the pages themselves show. */
import { meanOf } from './lottery/levels';
import { readLottery } from './lottery/source';
import { make } from './shared/dom';
import { logRange, tightRange } from './shared/scales';
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

async function fillThumb(
  id: string,
  address: URL,
  paint: (stored: StoredRun) => SVGSVGElement | null,
): Promise<void> {
  const stored = await loadStored(address);
  const picture = stored === null ? null : paint(stored);
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
