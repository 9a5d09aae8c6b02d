/**
 * One run of an experiment: builds its program, keeps the device busy, gathers metrics and events, survives a lost device.
 * Knows no DOM, no files and no processes: pages, the worker and the command line all drive this.
 */
import { DeviceLost, Diverged } from '../gpu/errors';
import { compile } from '../graph/compile';
import type { Advance, Program, Snapshot } from '../graph/program';
import { interpret } from '../graph/reference';
import { createPace } from '../plan/pace';
import { readCheckpoint, writeCheckpoint } from './checkpoint';
import { watchMilestones } from './milestones';
import type { AdapterRecord, RunEvent } from './record';
import type { Run, RunOptions } from './run-types';
import { createSpeedometer } from './speedometer';
import { createTable, fillTable } from './table';
import { ENGINE_VERSION } from './version';

export type { EarlierSession, Run, RunOptions, RunUpdate } from './run-types';

const METRICS = 'metrics';
const VIEWS = 'views';
/** A snapshot in host memory this often, to come back to after a lost device. */
const SNAPSHOT_EVERY_MS = 10_000;
/** Views are drawn by eye; more often than this nobody sees. */
const VIEW_EVERY_MS = 300;

export async function startRun(options: RunOptions): Promise<Run> {
  const { model, onUpdate, earlier } = options;
  const { replicas, evaluateEvery } = model;
  const metricNames = Object.keys(model.evaluation);
  const table = createTable(metricNames, replicas);
  const warnings: string[] = [...(earlier?.record?.warnings ?? [])];
  let machine = await build();
  let { program } = machine;
  let snapshot = await startState();
  const milestones = watchMilestones(
    model.milestones,
    (earlier?.record?.events ?? []).filter(({ step }) => step <= snapshot.step),
  );
  const pace = createPace(options.pace ?? 12, program.limit);
  const diverged = new Set<number>();
  let watched: readonly string[] = [];
  let lastView = -Infinity;
  let snapshotAt = performance.now();
  let seconds = earlier?.record?.seconds ?? 0;
  let stepsHere = 0;
  let secondsHere = 0;
  const speed = createSpeedometer();
  let losses = 0;
  let stopped = false;

  async function build() {
    const gpu = await options.openDevice();
    const spec = {
      keys: model.keys,
      data: model.data,
      training: { loss: model.loss, metrics: model.metrics, update: model.update },
      evaluations: { [METRICS]: model.evaluation, [VIEWS]: model.views },
    };
    if (!gpu) return { gpu, bytes: 0, program: interpret(spec) };
    const compiled = await compile(gpu, spec, {
      onKernel: (ready, total) => onUpdate({ type: 'compiling', ready, total }),
    });
    return { gpu, bytes: compiled.bytes, program: compiled as Program };
  }

  async function startState(): Promise<Snapshot> {
    if (!earlier) return program.save();
    const restored = readCheckpoint(
      earlier.checkpoint,
      program.layout,
      replicas,
      model.update.state,
    );
    program.restore(restored);
    if (earlier.csv) fillTable(table, earlier.csv, replicas, restored.step);
    return restored;
  }

  /** Steps until the next row of the table is due. */
  const untilEvaluation = (target: number): number =>
    Math.min(target, (Math.floor(program.step / evaluateEvery) + 1) * evaluateEvery) - program.step;

  async function advanceTo(target: number): Promise<number> {
    stopped = false;
    const underWay: Promise<void>[] = [];
    if (table.steps.at(-1) !== program.step) await take(program.advance(0, METRICS));
    while (program.step < target && !stopped) {
      const toRow = untilEvaluation(target);
      const count = Math.min(pace.steps(), toRow, program.limit);
      const batch = take(program.advance(count, count === toRow ? METRICS : undefined));
      batch.catch(() => undefined);
      underWay.push(batch);
      try {
        if (underWay.length >= 2) await underWay.shift();
        if (performance.now() - lastView > VIEW_EVERY_MS) await sendViews();
        await keepSnapshot();
      } catch (error) {
        await Promise.allSettled(underWay.splice(0));
        await recover(error);
      }
    }
    for (const batch of underWay) {
      try {
        await batch;
      } catch (error) {
        await recover(error);
        return advanceTo(target);
      }
    }
    await sendViews();
    return program.step;
  }

  async function take(advance: Promise<Advance>): Promise<void> {
    const batch = await advance;
    const end = batch.firstStep + batch.count;
    if (batch.count > 0) {
      pace.observe(batch.count, batch.milliseconds);
      speed.observe(batch.count, batch.milliseconds);
      stepsHere += batch.count;
      secondsHere += batch.milliseconds / 1000;
      seconds += batch.milliseconds / 1000;
    }
    readRows(batch);
    if (!batch.outputs) return;
    const values: Record<string, number[]> = {};
    for (const name of Object.keys(model.evaluation)) {
      const found = [...batch.outputs[name]];
      values[name] = found.length === replicas ? found : new Array<number>(replicas).fill(found[0]);
      note(milestones.observe(end, name, values[name]));
    }
    if (table.steps.at(-1) === end) return;
    table.add(end, values);
    onUpdate({ type: 'row', step: end, values });
  }

  /** Every step's metrics: milestones to the step, and the first value that is not finite. */
  function readRows({ firstStep, count, rows }: Advance): void {
    const columns = program.metrics.length * replicas;
    for (let k = 0; k < count; k++) {
      program.metrics.forEach((name, m) => {
        const values = rows.subarray(k * columns + m * replicas, k * columns + (m + 1) * replicas);
        values.forEach((value, replica) => {
          if (!Number.isFinite(value)) quarantine(firstStep + k, replica);
        });
        note(milestones.observe(firstStep + k, name, values));
      });
    }
  }

  function note(events: readonly RunEvent[]): void {
    for (const event of events) onUpdate({ type: 'event', event });
  }

  /** Replicas are independent: one that diverges is reported and the others go on; when none is left, the run stops. */
  function quarantine(step: number, replica: number): void {
    if (diverged.has(replica)) return;
    diverged.add(replica);
    const event = { name: 'diverged', step, replica };
    milestones.add(event);
    warnings.push(`replica ${replica} diverged at step ${step}`);
    note([event]);
    if (diverged.size === replicas) throw new Diverged(step, replica);
  }

  async function sendViews(): Promise<void> {
    if (watched.length === 0 || Object.keys(model.views).length === 0) return;
    lastView = performance.now();
    const { outputs, firstStep } = await program.advance(0, VIEWS);
    for (const name of watched) {
      const node = model.views[name];
      if (!node || !outputs) continue;
      const size = node.shape.reduce((product, extent) => product * extent, 1);
      const data = Float32Array.from(outputs[name].subarray(0, size));
      onUpdate({ type: 'view', name, step: firstStep, shape: node.shape, data });
    }
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
    if (!machine.gpu || performance.now() - snapshotAt < SNAPSHOT_EVERY_MS) return;
    snapshotAt = performance.now();
    snapshot = await program.save();
  }

  /** A first loss rebuilds everything and goes back to the last snapshot; anything else is the caller's. */
  async function recover(error: unknown): Promise<void> {
    if (!(error instanceof DeviceLost) || error.reason === 'destroyed' || losses > 0) throw error;
    losses++;
    onUpdate({ type: 'restoring', step: snapshot.step, reason: error.message });
    machine.gpu?.close();
    machine = await build();
    program = machine.program;
    program.restore(snapshot);
    table.truncate(snapshot.step);
    milestones.truncate(snapshot.step);
    // A replica that diverged after the snapshot will do so again, and be reported again.
    diverged.clear();
    for (const { name, replica } of milestones.events)
      if (name === 'diverged') diverged.add(replica);
    warnings.push(`the GPU was reset; resumed from step ${snapshot.step}`);
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
      return writeCheckpoint(await latestState(), program.layout, replicas, meta);
    },
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
        metricNames.map((name) => {
          const last = table.last(name);
          return [name, last && replicas === 1 ? last[0] : last];
        }),
      ),
      events: [...milestones.events].sort((a, b) => a.step - b.step || a.replica - b.replica),
      results: model.summarize({ table, events: milestones.events, step: program.step }),
      warnings: [...warnings],
    }),
    csv: () => table.toCsv(),
    dispose() {
      program.dispose();
      machine.gpu?.close();
    },
  };
}
