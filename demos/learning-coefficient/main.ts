/** The page of the learning coefficient: puts the shared pieces together and paints them from one state. */
import { adviseAdapter } from '../shared/banner';
import { createControls } from '../shared/controls';
import { find } from '../shared/dom';
import { changedPaths, valueAt, withValue, type Config } from '../shared/fields';
import { createFitted } from '../shared/fitted';
import { offerKept, openPage, tellReturn } from '../shared/page';
import { fetchNear } from '../shared/near';
import { placeRecord } from '../shared/record';
import { createRunControl } from '../shared/run';
import { createSession } from '../shared/session';
import { wireSetButtons } from '../shared/set-buttons';
import { coalesce, createSignal } from '../shared/signal';
import { loadStored, type StoredRun } from '../shared/stored';
import { createTransport } from '../shared/transport';
import { watchTrouble } from '../shared/trouble';
import type { Below } from './below';
import { createDiagnostics } from './diagnostics';
import { createFigure } from './figure';
import { createJourneyLater } from './journey-later';
import { createResults } from './results';
import { sayDeck } from './deck';
import { settingOf, stepsOf, viewNames } from './setting';
import { fields, presets, readConfig } from './setup';
import { findOwnRun, type Source } from './source';
import { createTargets } from './targets';
import { drawVolumes } from './volume';
import { sayFinding, sayIdle } from './words';

const { banner, initial } = openPage(fields, presets, 'normal-crossing');
const worker = new Worker(new URL('../../src/lab/worker.ts', import.meta.url), { type: 'module' });
const session = createSession(worker, stepsOf);
const results = createResults(session);
const cursor = createSignal<number | null>(null);
let own: Source | null = null;
const control = createRunControl({
  page: 'learning-coefficient',
  session,
  fields,
  presets,
  presetsReopen: true,
  initial,
  viewsFor: () => viewNames(0),
  filesFor: (config) =>
    valueAt(config, 'target.kind') === 'run' && own !== null ? own.files : undefined,
  onChange: () => repaint(),
  onReturn: (seconds) => tellReturn(banner, session, transport, seconds),
});
const transport = createTransport({
  toggle: control.toggle,
  step: control.step,
  reset: control.reset,
  newSeed: control.newSeed,
  setSeed: (seed) => control.setConfig(withValue(control.state().config, 'seed', seed)),
  toggleLog: () => figure.toggleLog(),
  setPauseWhenHidden: control.setPauseWhenHidden,
  setGentle: (gentle) => session.pace(gentle ? 3 : 12),
});
const diagnostics = createDiagnostics();
const journey = createJourneyLater('journey', results.group);
const figure = createFigure(session, cursor, transport, diagnostics, journey, results.group);
const chooser = createTargets((name) => control.setPreset(name));
const controls = createControls({
  fields,
  visible: [
    'target.state',
    'target.freezeDeadBias',
    'sampler.method',
    'sampler.lr',
    'sampler.localization',
    'sampler.nbeta',
    'sampler.chains',
  ],
  sliders: {
    'sampler.lr': [1e-7, 0.1],
    'sampler.localization': [0.1, 1000],
    'sampler.nbeta': [10, 1e7],
    'sampler.chains': [1, 1024],
  },
  groups: { target: 'Target', sampler: 'Sampler', sweep: 'Sweep' },
  elsewhere: ['seed'],
  idle: sayIdle,
  onChange: (config) => control.setConfig(config),
});
/** Fetched when the reader comes near it. */
let below: Below | null = null;
/** The finished run drawn in grey: a file the visitor loaded, else the committed one. */
let reference: StoredRun | null = null;
let loaded: StoredRun | null = null;
const record = placeRecord({
  page: 'learning-coefficient',
  name: 'Learning coefficient',
  session,
  control,
  fields,
  chart: figure.estimate,
  readConfig: (said) => readConfig(said) as unknown as Config,
  onStored(run) {
    loaded = run;
    repaint();
  },
});

find('figure').append(figure.element);
find('side').append(chooser.element, controls.element);
find('volumes').append(createFitted(drawVolumes));
fetchNear(['map', 'ladder', 'training-place'].map(find), async () => {
  const { createBelow } = await import('./below');
  below = createBelow(results.group, choosePolygon, repaint);
  repaint();
});
wireSetButtons({ control, fields, presets });

function choosePolygon(state: string): void {
  const config = withValue(polygons(), 'target.state', state);
  control.setState({ preset: 'superposition-kgons', config });
}

/** The polygons with the settings in use, if they are in use. */
function polygons(): Config {
  const { preset, config } = control.state();
  return preset === 'superposition-kgons' ? config : (presets.get('superposition-kgons') as Config);
}

/** The stored run is shown where it is what the page would run; its seed need not be. */
function storedFor(config: Config, preset: string): StoredRun | null {
  if (loaded !== null) return loaded;
  if (reference === null || preset !== 'normal-crossing') return null;
  return reference;
}

const repaint = coalesce(() => {
  const { state } = session;
  const page = control.state();
  const total = state.total || stepsOf(page.config);
  transport.update({
    ...state,
    seed: Number(valueAt(page.config, 'seed') ?? 0),
    total,
    pending: control.pending(),
    cpu: state.adapter?.runtime === 'cpu',
    note: control.note(),
  });
  chooser.update(page.preset, own !== null);
  controls.update(page.config, presets.get(page.preset) as Config, control.begun());
  const grey = storedFor(page.config, page.preset);
  const setting = settingOf(session, page.config, results, grey);
  find('deck').textContent = sayDeck(setting, session.state);
  record.update();
  figure.setStored(grey, grey !== null && sameButSeed(page.config, grey.config));
  figure.update(setting);
  const loss = setting.config.target.kind === 'run' ? (own?.columns ?? null) : null;
  journey.update({ results: setting.old ? null : setting.results, loss, old: false });
  below?.update(setting);
});

function sameButSeed(a: object, b: object): boolean {
  return changedPaths(fields, a, b).every((path) => path === 'seed');
}

results.group.watch((index) => {
  session.watch([...viewNames(0), ...(index === 0 ? [] : viewNames(index))]);
  repaint();
});
results.listen(repaint);
session.listen((topic) => {
  const { adapter, noGpu, status } = session.state;
  if (topic === 'opened' && adapter !== null) banner.show('adapter', adviseAdapter(adapter, noGpu));
  if (topic === 'status' && status === 'done') announceResult();
  repaint();
});

function announceResult(): void {
  const found = results.current();
  if (found !== null) transport.announce(sayFinding(found, found.theory));
}
watchTrouble(session, control, banner, {
  rate: 'sampler.lr',
  rateName: 'step size',
  values: { llc: 'λ̂' },
});

async function begin(): Promise<void> {
  repaint();
  // The page is readable before the device is asked for anything.
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));
  own = await findOwnRun();
  for (const button of document.querySelectorAll<HTMLButtonElement>(
    '[data-set="preset=browser"]',
  )) {
    button.disabled = own === null;
  }
  if (own === null && control.state().preset === 'browser') sendToGrokking();
  else {
    control.begin();
    control.setConfig(control.state().config);
  }
  reference = await loadStored(new URL('./reference-normal-crossing.json', import.meta.url));
  repaint();
  await offerKept(control, banner);
}

/** A link to the visitor's own run, where there is none. */
function sendToGrokking(): void {
  banner.show('source', {
    kind: 'info',
    text: 'No grokking run is kept in this browser yet: a finished one is.',
    action: { label: 'Train one', act: () => location.assign('../grokking/index.html') },
  });
  control.setPreset('normal-crossing');
}

void begin();
