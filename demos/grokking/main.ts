/** The grokking page: puts the shared pieces together and paints them from one state. */
import { sayAdapter } from '../shared/badge';
import { adviseAdapter, createBanner } from '../shared/banner';
import { createControls } from '../shared/controls';
import { find } from '../shared/dom';
import { fetchNear } from '../shared/near';
import { valueAt, withValue, type Config } from '../shared/fields';
import { createSession } from '../shared/session';
import { wireSetButtons } from '../shared/set-buttons';
import { coalesce } from '../shared/signal';
import { createScrubber } from '../shared/scrubber';
import { createTimeCursor } from '../shared/time-cursor';
import { createMaker } from '../shared/made';
import { loadStored, type StoredRun } from '../shared/stored';
import { createTransport } from '../shared/transport';
import { sayBytes, sayCount } from '../shared/words';
import type { Below } from './below';
import { createFigure } from './figure';
import { keepFinished } from './keep';
import { choices } from './presets';
import { sayModel } from '../shared/modular-words';
import { createPresetChooser } from '../shared/preset-chooser';
import { offerKept, showFirst, openPage, tellReturn } from '../shared/page';
import { placeRecord } from '../shared/record';
import { createRunControl } from '../shared/run';
import { fields, presets, sayUnmeasured, settle, viewsFor } from './setup';
import { createHistory } from './history';
import { openWorker } from './worker';
import { watchTrouble } from '../shared/trouble';
import { sayFinding, sayIdle } from './words';

const { banner, initial } = openPage(fields, presets, 'quick');
const session = createSession(openWorker());
const cursor = createTimeCursor();
const history = createHistory(session, cursor);
const control = createRunControl({
  page: 'grokking',
  session: { ...session, open: (config, saved) => session.open(settle(config), saved) },
  fields,
  presets,
  initial,
  viewsFor: (config) => viewsFor(settle(config)),
  onChange: () => repaint(),
  onReturn: (seconds) => tellReturn(banner, session, transport, seconds),
});
// The worker fetches its files and asks for a device while the page is built.
control.begin();
const transport = createTransport({
  toggle: control.toggle,
  step: control.step,
  reset: control.reset,
  newSeed: control.newSeed,
  setSeed: (seed) => control.setConfig(withValue(control.state().config, 'seed', seed)),
  toggleLog: () => figure.toggleLogSteps(),
  setPauseWhenHidden: control.setPauseWhenHidden,
  setGentle: (gentle) => session.pace(gentle ? 3 : 12),
});
const maker = createMaker({ page: 'grokking', session, control, fields, presets });
const figure = createFigure(session, cursor, transport, maker);
const scrubber = createScrubber(figure.element, cursor);
const chooser = createPresetChooser(choices, (name) => control.setPreset(name));
const controls = createControls({
  fields,
  visible: ['data.fraction', 'optimizer.weightDecay', 'optimizer.lr', 'steps'],
  sliders: {
    'data.fraction': [0.1, 0.95],
    'optimizer.weightDecay': [0, 3],
    'optimizer.lr': [1e-4, 0.1],
    steps: [100, 50_000],
  },
  groups: {
    data: 'Data',
    network: 'Network',
    optimizer: 'Optimiser',
    measures: 'Progress measures',
    '': 'Run',
  },
  elsewhere: ['seed'],
  idle: sayIdle,
  onChange: (config) => control.setConfig(config),
});
/** Says that the weights of a finished run are kept. */
const keptWeights = createBanner();
keptWeights.element.id = 'kept-weights';
/** Fetched when the reader comes near it, with the pictures of the stored run. */
let below: Below | null = null;
/** The finished run drawn in grey: a file the visitor loaded, else the committed run of the quick preset. */
let reference: StoredRun | null = null;
/** The committed run in its two files; the pictures along it are fetched with what shows them. */
let curves: StoredRun | null = null;
let pictures: StoredRun | null = null;
let loaded: StoredRun | null = null;
const record = placeRecord({
  page: 'grokking',
  name: 'Grokking',
  session,
  control,
  fields,
  chart: figure.loss,
  async series() {
    const { seriesOf } = await import('./series-file');
    return seriesOf(session.state.views);
  },
  onStored(run) {
    loaded = run;
    repaint();
  },
});

find('figure').append(figure.element);
find('side').append(chooser.element, controls.element);
find('curves').append(...figure.curves);
find('measured').append(...figure.measured);
find('llc-place').append(keptWeights.element);
document.querySelector('main')?.append(scrubber.element);

fetchNear(['fourier', 'waves', 'neurons', 'maps', 'llc-place', 'table'].map(find), async () => {
  const { createBelow } = await import('./below');
  below = createBelow(session, history, cursor, maker);
  repaint();
  pictures = await loadStored(new URL('./reference-quick-pictures.json', import.meta.url));
  showReference();
});
wireSetButtons({ control, fields, presets });

const repaint = coalesce(() => {
  const { state } = session;
  const page = control.state();
  transport.update({
    ...state,
    seed: Number(valueAt(page.config, 'seed') ?? 0),
    total: state.total || Number(valueAt(page.config, 'steps')),
    pending: control.pending(),
    cpu: state.adapter?.runtime === 'cpu',
    note: control.note(),
  });
  chooser.update(page.preset);
  controls.update(page.config, presets.get(page.preset) as Config, control.begun());
  find('deck').textContent = sayDeck();
  record.update();
  const grey = loaded ?? (page.preset === 'quick' ? reference : null);
  figure.setStored(grey);
  history.setStored(grey);
  const total = state.total || Number(valueAt(page.config, 'steps'));
  figure.update(total);
  below?.update(total);
  const { columns, old } = history.columns();
  scrubber.update({
    steps: columns.steps,
    whose: old ? 'stored run' : 'this run',
    nameAt: figure.phaseAt,
  });
  const unmeasured = sayUnmeasured(control.begun() ?? page.config);
  for (const place of document.querySelectorAll('.needs-measures')) {
    place.classList.toggle('unmeasured', unmeasured !== null && !old);
  }
  find('unmeasured').hidden = unmeasured === null || old;
  find('unmeasured-why').textContent = unmeasured ?? '';
});

function sayDeck(): string {
  const { parameters, bytes, adapter } = session.state;
  const model = sayModel(control.begun() ?? control.state().config);
  if (adapter === null) return `${model}.`;
  const size = `${sayCount(parameters)} parameters, ${sayBytes(bytes)}`;
  return `${model}; ${size}; ${sayAdapter(adapter)}.`;
}

session.listen((topic) => {
  const { adapter, noGpu, events, step } = session.state;
  if (topic === 'opened' && adapter !== null) banner.show('adapter', adviseAdapter(adapter, noGpu));
  if (topic === 'event') transport.announce(sayFinding(events, step, false));
  repaint();
});
keepFinished(session, keptWeights, () => sayModel(control.begun() ?? control.state().config));
watchTrouble(session, control, banner, {
  rate: 'optimizer.lr',
  rateName: 'learning rate',
  values: { train_loss: 'train loss', test_loss: 'test loss' },
});

function showReference(): void {
  const series = new Map([...(curves?.series ?? []), ...(pictures?.series ?? [])]);
  reference = curves && { ...curves, series };
  repaint();
}

async function begin(): Promise<void> {
  await showFirst(control);
  curves = await loadStored(new URL('./reference-quick.json', import.meta.url));
  showReference();
  await offerKept(control, banner);
}

void begin();
