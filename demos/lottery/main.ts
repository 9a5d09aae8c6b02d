/** The lottery page: puts the shared pieces together and paints them from one state. */
import type { LotteryResults } from '../../src/lab/experiments/lottery-results';
import { sayAdapter } from '../shared/badge';
import { adviseAdapter } from '../shared/banner';
import { createControls } from '../shared/controls';
import { find } from '../shared/dom';
import { valueAt, withValue, type Config } from '../shared/fields';
import { keepStages } from '../shared/kept-stages';
import { createMaker } from '../shared/made';
import { createPresetChooser } from '../shared/preset-chooser';
import { offerKept, showFirst, openPage, tellReturn } from '../shared/page';
import { fetchNear } from '../shared/near';
import { placeRecord } from '../shared/record';
import { createRunControl } from '../shared/run';
import { createSession } from '../shared/session';
import { wireSetButtons } from '../shared/set-buttons';
import { coalesce } from '../shared/signal';
import { mergeRows } from '../shared/staged-columns';
import { loadStored } from '../shared/stored';
import { createTimeCursor } from '../shared/time-cursor';
import { createTransport } from '../shared/transport';
import { watchTrouble } from '../shared/trouble';
import { sayBytes, sayCount } from '../shared/words';
import { createCurves } from './curves';
import { createFigure } from './figure';
import { chartColumns, levelOfClaim, levelsOf, type Level } from './levels';
import { createMasks } from './masks';
import type { Pictures } from './pictures';
import { choices } from './presets';
import { fields, lotteryOf, presets, readConfig, settle } from './setup';
import { readLottery, type Shown, type StoredLottery } from './source';
import { sayAccuracies, sayIdle, sayModel } from './words';

const { banner, initial } = openPage(fields, presets, 'digits');
const worker = new Worker(new URL('../../src/lab/worker.ts', import.meta.url), { type: 'module' });
const session = createSession(worker, stepsOf, mergeRows);
const masks = createMasks(session);
const kept = keepStages(session, () => {
  masks.fill(kept.done());
  repaint();
});
/** Of the worker, asked for when a stage is over: λ̂ is in them alone. */
let results: Partial<LotteryResults> = {};
/** The round that charts and pictures show; null for the one nearest to a fifth of the weights. */
const cursor = createTimeCursor();
const control = createRunControl({
  page: 'lottery',
  session: { ...session, open: (config, saved) => session.open(settle(config), saved) },
  fields,
  presets,
  initial,
  // Masks come unasked when a round begins.
  viewsFor: () => [],
  filesFor: () => kept.files(),
  onReset: () => kept.forget(),
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
  toggleLog: () => undefined,
  setPauseWhenHidden: control.setPauseWhenHidden,
  setGentle: (gentle) => session.pace(gentle ? 3 : 12),
});
const maker = createMaker({ page: 'lottery', session, control, fields, presets });
const configNow = () => shown().config;
const figure = createFigure(cursor, transport, maker, configNow);
const curves = createCurves(maker, cursor.pinned);
/** Fetched when the reader comes near them. */
let pictures: Pictures | null = null;
const chooser = createPresetChooser(choices, (name) => control.setPreset(name));
const controls = createControls({
  fields,
  visible: ['pruned', 'rounds', 'rewindStep', 'llc'],
  sliders: { pruned: [0.05, 0.9], rounds: [1, 20], rewindStep: [0, 600] },
  groups: { data: 'Digits', network: 'Network', optimizer: 'Optimiser', '': 'Run' },
  elsewhere: ['seed'],
  idle: sayIdle,
  onChange: (config) => control.setConfig(config),
});
/** The finished run drawn in grey: a file the visitor loaded, else the committed run of the preset. */
let reference: StoredLottery | null = null;
let loaded: StoredLottery | null = null;
const record = placeRecord({
  page: 'lottery',
  name: 'Lottery',
  session,
  control,
  fields,
  staged: true,
  chart: figure.accuracy,
  readConfig,
  async curves({ config, adapter, results: found }) {
    const { writeLottery, writeMasks } = await import('./stored-file');
    await kept.read();
    return writeLottery(
      { config, adapter, columns: session.state.columns, results: found },
      writeMasks(masks.rounds()),
    );
  },
  onStored(run) {
    loaded = readLottery(run);
    if (loaded === null) throw new Error('the file is not of a lottery run');
    repaint();
  },
});

find('figure').append(figure.element);
find('side').append(chooser.element, controls.element);
find('losses-place').append(curves.element);
find('llc-place').append(figure.llc);
fetchNear(['pixels-place', 'units-place', 'digits-place'].map(find), async () => {
  const [{ createPictures }] = await Promise.all([import('./pictures'), kept.read()]);
  pictures = createPictures(maker);
  find('digits-place').append(pictures.digits);
  find('pixels-place').append(pictures.pixels);
  find('units-place').append(pictures.units);
  repaint();
});
wireSetButtons({ control, fields, presets });

function stepsOf(config: object): number {
  const { steps, rounds } = lotteryOf(config);
  return steps * (1 + rounds);
}

function shown(): Shown {
  const { state } = session;
  const own = control.begun() ?? control.state().config;
  const grey = loaded ?? (control.state().preset === 'digits' ? reference : null);
  const config = lotteryOf(own);
  if (state.step > 0 || grey === null) {
    const levels = levelsOf(config, state.columns);
    return {
      config,
      levels,
      columns: chartColumns(levels, results),
      rows: state.columns,
      masks: masks.rounds(),
      step: Math.min(state.step, stepsOf(own)),
      finished: state.status === 'done',
      old: false,
      reference: grey !== null && fits(grey.config, config) ? grey.columns : null,
    };
  }
  return {
    ...grey,
    step: stepsOf(grey.config),
    finished: true,
    old: true,
    reference: grey.columns,
  };
}

/** Are the rounds of both the same shares of the weights? */
function fits(one: Shown['config'], other: Shown['config']): boolean {
  const key = ({ data, network, pruned, outputRate, scope }: Shown['config']): string =>
    JSON.stringify([data.side, network.hidden, pruned, outputRate, scope]);
  return key(one) === key(other);
}

function chosen(levels: readonly Level[]): Level | null {
  const at = cursor.get();
  const level = levels.findLast(({ round }) => at !== null && round <= Math.max(1, Math.round(at)));
  return level ?? levelOfClaim(levels) ?? levels[0] ?? null;
}

const repaint = coalesce(() => {
  const { state } = session;
  const page = control.state();
  transport.update({
    ...state,
    seed: Number(valueAt(page.config, 'seed') ?? 0),
    total: state.total || stepsOf(page.config),
    pending: control.pending(),
    cpu: state.adapter?.runtime === 'cpu',
    note: control.note(),
  });
  chooser.update(page.preset);
  controls.update(page.config, presets.get(page.preset) as Config, control.begun());
  find('deck').textContent = sayDeck();
  record.update();
  const now = shown();
  const level = chosen(now.levels);
  figure.update(now);
  curves.update(now, level);
  pictures?.update(now, level);
});

function sayDeck(): string {
  const { parameters, bytes, adapter, stage, status } = session.state;
  const model = sayModel(control.begun() ?? control.state().config);
  if (adapter === null) return `${model}.`;
  const size = `${sayCount(parameters)} parameters, ${sayBytes(bytes)}`;
  const at = stage !== null && status !== 'done' ? `; ${stage.name}` : '';
  return `${model}; ${size}; ${sayAdapter(adapter)}${at}.`;
}

async function askResults(): Promise<void> {
  try {
    const { record: found } = await session.record();
    results = found.results as LotteryResults;
    repaint();
  } catch {
    // A run that fails meanwhile says so itself.
  }
}

cursor.watch(repaint);
session.listen((topic) => {
  const { adapter, noGpu, status, stage, config } = session.state;
  if (topic === 'opened' && adapter !== null) banner.show('adapter', adviseAdapter(adapter, noGpu));
  if (topic === 'status' && config === null) results = {};
  const chains = stage !== null && stage.entries.length === 0;
  if ((topic === 'stage' && chains) || (topic === 'status' && status === 'done')) void askResults();
  if (topic === 'stage') transport.announce(sayAccuracies(shown().levels, false));
  repaint();
});
watchTrouble(session, control, banner, {
  rate: 'optimizer.lr',
  rateName: 'learning rate',
  values: { validation_loss: 'validation loss', test_accuracy: 'test accuracy' },
});

async function begin(): Promise<void> {
  await showFirst(control);
  reference = readLottery(await loadStored(new URL('./reference-digits.json', import.meta.url)));
  repaint();
  await offerKept(control, banner);
}

void begin();
