/** The page of grokking tickets: puts the shared pieces together and paints them from one state. */
import type { TicketsResults } from '../../src/lab/experiments/tickets-results';
import { sayAdapter } from '../shared/badge';
import { adviseAdapter } from '../shared/banner';
import { createControls } from '../shared/controls';
import { find, make } from '../shared/dom';
import { sameValue, valueAt, withValue, type Config } from '../shared/fields';
import { keepStages } from '../shared/kept-stages';
import { createMaker } from '../shared/made';
import { sayModel } from '../shared/modular-words';
import { createPresetChooser } from '../shared/preset-chooser';
import { offerKept, showFirst, openPage, tellReturn } from '../shared/page';
import { fetchNear } from '../shared/near';
import { placeRecord } from '../shared/record';
import { createRunControl } from '../shared/run';
import { createSession } from '../shared/session';
import { wireSetButtons } from '../shared/set-buttons';
import { coalesce, createSignal } from '../shared/signal';
import { createStageViews } from '../shared/stage-views';
import { mergeRows } from '../shared/staged-columns';
import { createTransport } from '../shared/transport';
import { watchTrouble } from '../shared/trouble';
import { sayBytes, sayCount } from '../shared/words';
import { entrantsOf } from './entrants';
import { createFigure } from './figure';
import { liveStory } from './live';
import type { Multiples } from './multiples';
import type { Pictures } from './pictures';
import { createReferences } from './references';
import { createRivalPicker } from './rival-picker';
import { baseSteps, choices, fields, presets, raceOf, settle, snap, totalOf } from './setup';
import type { Shown } from './source';
import { createStandings } from './standings';
import { blankStory, type Story } from './story';
import { readStory } from './stored-file';
import { sayExtract, sayIdle, sayRace } from './words';

const { banner, initial } = openPage(fields, presets, 'demo');
const worker = new Worker(new URL('../../src/lab/worker.ts', import.meta.url), { type: 'module' });
const session = createSession(worker, totalOf, mergeRows);
const views = createStageViews(session);
const kept = keepStages(session, () => repaint());
/** Of the worker, asked for when a stage begins or the run is over: shares kept and λ̂ are in them alone. */
let results: TicketsResults | null = null;
/** The step under the pointer, and the one that the mask is drawn from. */
const hovered = createSignal<number | null>(null);
const source = createSignal<number | null>(null);
/** The network whose masks are shown, −1 for what the settings would draw. */
const chosen = createSignal(1);
const control = createRunControl({
  page: 'tickets',
  session: { ...session, open: (config, saved) => session.open(settle(config), saved) },
  fields,
  presets,
  initial: { ...initial, config: snap(initial.config) },
  viewsFor: () => ['spectrum'],
  filesFor: () => kept.files(),
  onReset: () => kept.forget(),
  onChange: () => repaint(),
  onReturn: (seconds) => tellReturn(banner, session, transport, seconds),
});
// The worker fetches its files and asks for a device while the page is built.
control.begin();
const set = (config: Config): void => control.setConfig(snap(config, control.state().config));
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
const maker = createMaker({ page: 'tickets', session, control, fields, presets });
const figure = createFigure(hovered, source, transport, maker);
const standings = createStandings(chosen, maker);
/** Both are fetched when the reader comes near them. */
let pictures: Pictures | null = null;
let multiples: Multiples | null = null;
const references = createReferences(() => repaint());
const chooser = createPresetChooser(choices, (name) => control.setPreset(name));
const controls = createControls({
  fields,
  visible: ['race.pruned', 'race.sourceStep', 'race.rewindStep'],
  sliders: {
    'race.pruned': [0.1, 0.95],
    'race.sourceStep': [0, 10_000],
    'race.rewindStep': [0, 1000],
  },
  groups: {
    race: 'Race',
    base: 'Base',
    data: 'Data',
    network: 'Network',
    optimizer: 'Optimiser',
    '': 'Run',
  },
  elsewhere: ['seed', 'race.rivals'],
  idle: sayIdle,
  onChange: set,
});
const picker = createRivalPicker((rivals) =>
  set(withValue(control.state().config, 'race.rivals', rivals)),
);
const extract = make('button', { type: 'button', id: 'extract' }, 'Extract and race');
const plan = make('p', { class: 'hint', id: 'plan' });
extract.addEventListener('click', () => control.start(control.state()));
let loaded: Story | null = null;
const record = placeRecord({
  page: 'tickets',
  name: 'Tickets',
  session,
  control,
  fields,
  staged: true,
  chart: figure.race,
  readConfig: async (said) => (await import('./read-config')).readConfig(said),
  async curves({ adapter, events, results: found }) {
    const { writeStory } = await import('./stored-write');
    await kept.read();
    results = found as TicketsResults;
    const story = own();
    if (story === null) throw new Error('there is no run yet');
    return writeStory(story, { adapter, events, results: found });
  },
  onStored(run) {
    loaded = readStory(run);
    repaint();
  },
});

find('figure').append(figure.element);
find('side').append(chooser.element, controls.element);
controls.element.querySelector('.pending')?.before(picker.element, extract, plan);
find('entropy-place').append(figure.entropy);
find('standings-place').append(standings.element);
fetchNear(['masks-place', 'spectra-place', 'multiples-place'].map(find), async () => {
  const [{ createPictures }, { createMultiples }] = await Promise.all([
    import('./pictures'),
    import('./multiples'),
    kept.read(),
  ]);
  pictures = createPictures(chosen, maker);
  multiples = createMultiples(maker);
  find('masks-place').append(pictures.masks);
  find('spectra-place').append(pictures.spectra);
  find('multiples-place').append(...multiples.elements);
  repaint();
});
wireSetButtons({ control, fields, presets });

function own(): Story | null {
  return liveStory({ session, views, kept, results: () => results });
}

function shown(): Shown {
  const { state } = session;
  const page = control.state();
  const config = settle(control.begun() ?? page.config);
  const grey = loaded ?? references.get(page.preset);
  const live = state.step > 0 ? own() : null;
  const story = live ?? grey ?? blankStory(config, entrantsOf(config));
  const whole = totalOf(story.config);
  return {
    story,
    grey: live !== null && grey !== null && alike(live, grey) ? grey.columns : null,
    step: live === null ? (grey === null ? 0 : whole) : Math.min(state.step, state.total || whole),
    total: live === null ? whole : Math.max(state.total, whole),
    finished: live === null || state.status === 'done',
  };
}

/** Are the networks of both the same, line by line? */
function alike(one: Story, other: Story): boolean {
  const names = ({ entrants }: Story): string[] => entrants.map(({ name }) => name);
  return sameValue(names(one), names(other));
}

source.watch((step) => {
  const { config } = control.state();
  const next = step ?? baseSteps(config);
  if (next !== raceOf(config).sourceStep) set(withValue(config, 'race.sourceStep', next));
});

const repaint = coalesce(() => {
  const { state } = session;
  const page = control.state();
  const race = raceOf(page.config);
  transport.update({
    ...state,
    seed: Number(valueAt(page.config, 'seed') ?? 0),
    total: state.total || totalOf(page.config),
    pending: control.pending(),
    cpu: state.adapter?.runtime === 'cpu',
    note: control.note(),
  });
  chooser.update(page.preset);
  controls.update(page.config, presets.get(page.preset) as Config, control.begun());
  const begun = control.begun();
  picker.update(race.rivals, begun !== null && !sameValue(race.rivals, raceOf(begun).rivals));
  const trained = kept.files() !== undefined;
  extract.disabled = state.status === 'compiling' || state.status === 'restoring';
  plan.textContent = `${sayExtract(page.config, baseSteps(page.config))} ${trained ? 'The base is not trained again while its own settings stay.' : 'The base is trained first.'}`;
  source.set(Math.min(race.sourceStep, baseSteps(page.config)));
  find('deck').textContent = sayDeck();
  record.update();
  references.ask(page.preset);
  if (multiples !== null) references.ask('sweep');
  const now = shown();
  figure.update(now);
  standings.update(now);
  pictures?.update(now, race);
  multiples?.update(now.story, references.get('sweep'));
});

function sayDeck(): string {
  const { parameters, bytes, adapter, stage, status } = session.state;
  const model = sayModel((control.begun() ?? control.state().config) as Config);
  if (adapter === null) return `${model}.`;
  const size = `${sayCount(parameters)} parameters, ${sayBytes(bytes)}`;
  const at = stage !== null && status === 'running' ? `; ${stage.name}` : '';
  return `${model}; ${size}; ${sayAdapter(adapter)}${at}.`;
}

async function askResults(): Promise<void> {
  try {
    const { record: found } = await session.record();
    results = found.results as TicketsResults;
    repaint();
  } catch {
    // A run that fails meanwhile says so itself.
  }
}

hovered.watch(repaint);
chosen.watch(repaint);
session.listen((topic) => {
  const { adapter, noGpu, status, config } = session.state;
  if (topic === 'opened' && adapter !== null) banner.show('adapter', adviseAdapter(adapter, noGpu));
  if (topic === 'status' && config === null) results = null;
  if (topic === 'stage' || (topic === 'status' && status === 'done')) {
    void askResults();
    transport.announce(sayRace(shown().story));
  }
  repaint();
});
watchTrouble(session, control, banner, {
  rate: 'optimizer.lr',
  rateName: 'learning rate',
  values: { train_loss: 'train loss', test_loss: 'test loss' },
});

async function begin(): Promise<void> {
  await showFirst(control);
  references.begin();
  await offerKept(control, banner);
}

void begin();
