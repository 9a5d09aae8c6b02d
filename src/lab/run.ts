/**
 * One run of an experiment: builds its program, keeps the device busy, gathers metrics and events, survives a lost device.
 * Knows no DOM, no files and no processes: pages, the worker and the command line all drive this.
 */
import { DeviceLost } from '../gpu/errors';
import type { Advance, Snapshot } from '../graph/program';
import { createPace } from '../plan/pace';
import { createCollection } from './collection';
import { driverOf } from './drivers';
import { createFindings } from './findings';
import { fromBuffers, type Files } from './files';
import { putOff, type PutOff } from './put-off';
import type { AdapterRecord } from './record';
import type { Run, RunOptions } from './run-types';
import { createSpeedometer } from './speedometer';
import { ENGINE_VERSION } from './version';

export type { EarlierSession, Run, RunOptions, RunUpdate } from './run-types';

/** A snapshot in host memory this often, to come back to after a lost device. */
const SNAPSHOT_EVERY_MS = 10_000;
/** Views are drawn by eye; more often than this nobody sees. */
const VIEW_EVERY_MS = 300;

/** One program from its first step to its last; `startWhole` carries out runs in stages and what follows on a training. */
export async function startRun(options: RunOptions): Promise<Run> {
  const { model, onUpdate, earlier } = options;
  if ('staged' in model) throw new Error('a model in stages is carried out by startWhole');
  const { replicas, evaluateEvery, evaluateAt } = model;
  const driver = await driverOf(model);
  let machine = await build();
  let { program } = machine;
  const collection = createCollection('loss' in model ? model : null, program);
  let snapshot = await startState();
  const findings = createFindings({
    ...{ driver, replicas, members: program.replicas, onUpdate },
    ...{ record: earlier?.record, from: snapshot.step },
  });
  const { table } = findings;
  if (earlier?.csv) {
    const { fillTable } = await import('./table-fill');
    fillTable(table, earlier.csv, replicas, snapshot.step);
  }
  machine.warnings.forEach(findings.warn);
  const pace = createPace(options.pace ?? 12, program.limit);
  let watched: readonly string[] = [];
  let lastView = -Infinity;
  let snapshotAt = performance.now();
  let seconds = earlier?.record?.seconds ?? 0;
  let stepsHere = 0;
  let secondsHere = 0;
  const speed = createSpeedometer();
  let losses = 0;
  let stopped = false;
  let lastTake: Promise<void> = Promise.resolve();
  /** Measures of the point where this session began. */
  let waiting: PutOff | null = null;
  let catchingUp: Promise<void> = Promise.resolve();
  let filesOfCheckpoint: Files | null = null;

  async function build() {
    const gpu = await options.openDevice();
    const opened = await driver.open(
      gpu,
      (ready, total) => onUpdate({ type: 'compiling', ready, total }),
      options.tune,
    );
    return { gpu, ...opened };
  }

  async function startState(): Promise<Snapshot> {
    const fresh = await program.save();
    if (!earlier) return fresh;
    const { readCheckpoint } = await import('./checkpoint');
    const restored = readCheckpoint(
      earlier.checkpoint,
      program.layout,
      program.replicas,
      Object.keys(fresh.state),
      { scalars: Object.keys(fresh.scalars ?? {}), diverged: driver.noun === 'chain' },
    );
    program.restore(restored);
    const files = fromBuffers(earlier.files);
    await driver.restore(files, restored.step);
    await collection.restore(files, restored.step);
    return restored;
  }

  const next = (every: number): number => (Math.floor(program.step / every) + 1) * every;

  const nextRow = (): number =>
    evaluateAt ? (evaluateAt.find((at) => at > program.step) ?? Infinity) : next(evaluateEvery);
  const isRow = (step: number): boolean =>
    evaluateAt ? evaluateAt.includes(step) : step % evaluateEvery === 0;

  const { measures } = driver;
  const nextMeasures = (): number => (measures ? next(measures.every) : Infinity);
  const isMeasured = (step: number): boolean =>
    measures !== null && (step % measures.every === 0 || step === model.steps);

  /** Steps until something is due: a row of the table, measures, or a checkpoint to be kept. */
  const untilDue = (target: number): number =>
    Math.min(target, nextRow(), nextMeasures(), collection.next(program.step)) - program.step;

  /** Takes steps and whatever falls due behind the last of them. */
  function goOn(count: number, row: boolean): Promise<void> {
    const end = program.step + count;
    const measured = isMeasured(end);
    const batch = program.advance(count, row || measured ? machine.evaluation : undefined);
    return take(batch, row || measured, measured ? measure() : null);
  }

  /** Measures where the program is, or later where it begins and their kernels are still being compiled. */
  function measure(): Promise<Advance | null> {
    const { evaluation } = measures!;
    if (program.step !== snapshot.step || !program.pending?.(evaluation))
      return program.advance(0, evaluation);
    waiting = putOff(snapshot, evaluation);
    return waiting.found;
  }

  /** Does what was put off if it can be done, or if it must. */
  async function catchUp(underWay: Promise<void>[], must: boolean): Promise<void> {
    if (!waiting || (!must && program.pending?.(measures!.evaluation))) return;
    await Promise.all(underWay.splice(0));
    catchingUp = waiting.catchUp(program);
    await catchingUp;
    waiting = null;
    await findings.settled;
  }

  async function advanceTo(target: number): Promise<number> {
    stopped = false;
    const underWay: Promise<void>[] = [];
    const tend = async (work: () => Promise<unknown>): Promise<boolean> => {
      try {
        await work();
        return true;
      } catch (error) {
        await Promise.allSettled(underWay.splice(0));
        await recover(error);
        return false;
      }
    };
    if (table.steps.at(-1) !== program.step && !waiting) await goOn(0, true);
    if (collection.wants(program.step)) collection.add(await program.save());
    while (program.step < target && !stopped) {
      await tend(async () => {
        const count = Math.min(pace.steps(), untilDue(target), program.limit);
        const end = program.step + count;
        await catchUp(underWay, isMeasured(end));
        const batch = goOn(count, end === target || isRow(end));
        batch.catch(() => undefined);
        underWay.push(batch);
        if (underWay.length >= 2) await underWay.shift();
        if (collection.wants(end)) collection.add(await program.save());
        if (performance.now() - lastView > VIEW_EVERY_MS) await sendViews(false);
        await keepSnapshot();
      });
    }
    const ended = await tend(async () => {
      while (underWay.length > 0) await underWay.shift();
      await catchUp(underWay, true);
    });
    if (!ended) return advanceTo(target);
    await sendViews(true);
    return program.step;
  }

  function take(
    advance: Promise<Advance>,
    row: boolean,
    measured: Promise<Advance | null> | null,
  ): Promise<void> {
    const taken = takeIn(advance, row, measured);
    lastTake = taken;
    return taken;
  }

  async function takeIn(
    advance: Promise<Advance>,
    row: boolean,
    measured: Promise<Advance | null> | null,
  ): Promise<void> {
    measured?.then(
      (found) => (seconds += (found?.milliseconds ?? 0) / 1000),
      () => undefined,
    );
    const batch = await advance;
    if (batch.count > 0) {
      pace.observe(batch.count, batch.milliseconds);
      speed.observe(batch.count, batch.milliseconds);
      stepsHere += batch.count;
      secondsHere += batch.milliseconds / 1000;
      seconds += batch.milliseconds / 1000;
    }
    findings.read(batch);
    if (!row) return;
    const written = findings.addRow(batch, measured);
    // It comes when it comes; the steps go on.
    if (!waiting) await written;
  }

  /** Unless told to wait, none while their kernels are being compiled. */
  async function sendViews(wait: boolean): Promise<void> {
    if (watched.length === 0 || (!wait && !driver.canView())) return;
    lastView = performance.now();
    for (const view of await driver.views(watched)) onUpdate({ type: 'view', ...view });
  }

  /** What the device holds; once it is gone for good, what was last brought back from it. */
  async function latestState(): Promise<Snapshot> {
    try {
      return await program.save();
    } catch (error) {
      if (error instanceof DeviceLost) return snapshot;
      throw error;
    }
  }

  async function keepSnapshot(): Promise<void> {
    // Measures that were put off are of the snapshot there is.
    if (!machine.gpu || waiting || performance.now() - snapshotAt < SNAPSHOT_EVERY_MS) return;
    snapshotAt = performance.now();
    driver.mark(program.step);
    snapshot = await program.save();
  }

  /** A first loss rebuilds everything and goes back to the last snapshot; anything else is the caller's. */
  async function recover(error: unknown): Promise<void> {
    const atStart = waiting !== null;
    waiting?.drop();
    waiting = null;
    if (!(error instanceof DeviceLost) || error.reason === 'destroyed' || losses > 0) {
      await findings.settled;
      throw error;
    }
    losses++;
    findings.truncate(snapshot.step);
    onUpdate({ type: 'restoring', step: snapshot.step, reason: error.message });
    machine.gpu?.close();
    machine = await build();
    program = machine.program;
    program.restore(snapshot);
    driver.truncate(snapshot.step);
    collection.truncate(snapshot.step);
    findings.warn(`the GPU was reset; resumed from step ${snapshot.step}`);
    if (atStart) await goOn(0, true);
  }

  async function collectFiles(): Promise<Files> {
    const [own, kept] = await Promise.all([
      driver.files(),
      collection.files(program.layout, program.replicas),
    ]);
    return { ...own, ...kept };
  }

  function filesNow(): Promise<Files> {
    driver.mark(program.step);
    return collectFiles();
  }

  const adapter = (): AdapterRecord =>
    machine.gpu
      ? { runtime: options.runtime, ...machine.gpu.adapter }
      : {
          runtime: options.runtime,
          vendor: 'none',
          architecture: 'float64',
          description: 'reference in TypeScript',
          fallback: true,
        };

  return {
    model,
    total: model.steps,
    parameters: program.layout.count,
    get adapter() {
      return adapter();
    },
    get bytes() {
      return machine.bytes;
    },
    get program() {
      return program;
    },
    get step() {
      return program.step;
    },
    get stepsPerSecond() {
      return speed.read();
    },
    advanceTo,
    stop: () => void (stopped = true),
    watch: (views) => void (watched = views),
    setPace: (milliseconds) => pace.aim(milliseconds),
    async checkpoint() {
      const meta = { engine: ENGINE_VERSION, config: model.config, seed: model.seed };
      // Where the program stands elsewhere for a moment, or rows wait for measures, is no place to resume from.
      await findings.settled;
      await catchingUp.catch(() => undefined);
      driver.mark(program.step);
      const state = await latestState();
      // Steps under way are of this checkpoint, and what they bring belongs to its files.
      await lastTake.catch(() => undefined);
      filesOfCheckpoint = await collectFiles();
      const { writeCheckpoint } = await import('./checkpoint');
      return writeCheckpoint(state, program.layout, program.replicas, meta);
    },
    async files() {
      const files = filesOfCheckpoint ?? (await filesNow());
      filesOfCheckpoint = null;
      return files;
    },
    checkpoints: () => collection.kept,
    amend: (step, row) => table.amend(step, row),
    record: () => ({
      schema: 1,
      engine: ENGINE_VERSION,
      experiment: model.experiment,
      config: model.config,
      seed: model.seed,
      adapter: adapter(),
      steps: program.step,
      seconds,
      stepsPerSecond: secondsHere > 0 ? stepsHere / secondsHere : 0,
      metrics: Object.fromEntries(
        driver.columns.map((name) => {
          const last = table.last(name);
          return [name, last && replicas === 1 ? last[0] : last];
        }),
      ),
      events: [...findings.events].sort((a, b) => a.step - b.step || a.replica - b.replica),
      results: model.summarize({
        table,
        events: findings.events,
        step: program.step,
        vectors: findings.vectors,
      }),
      warnings: [...findings.warnings],
    }),
    csv: () => table.toCsv(),
    dispose() {
      program.dispose();
      machine.gpu?.close();
    },
  };
}
