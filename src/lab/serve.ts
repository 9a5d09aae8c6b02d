/**
 * The worker's side of the protocol, without the worker: messages in, messages out. The training worker, the Node command
 * line and the tests run the same session.
 */
import { CuspError } from '../gpu/errors';
import { openGpu, type Gpu } from '../gpu/open';
import type { ProgramSpec } from '../graph/program';
import type { Experiment } from './experiments/types';
import { fromBuffers, toBuffers } from './files';
import type { FromWorker, Status, ToWorker } from './protocol';
import type { Run, RunUpdate } from './run';
import { startWhole } from './run-whole';
import type { AdapterRecord } from './record';

export interface ServeOptions {
  readonly runtime: AdapterRecord['runtime'];
  /** Opens a device; throws `GpuUnavailable` where there is none. `navigator.gpu` unless given. */
  readonly openDevice?: () => Promise<Gpu>;
  readonly send: (message: FromWorker, transfer?: ArrayBuffer[]) => void;
  /** The experiment that a configuration asks for: `findExperiment`, or `loadExperiment`, which fetches it. */
  readonly find: (config: unknown) => Experiment | Promise<Experiment>;
  /** Where products can be tuned; an `open` that asks for it goes on without where it is absent. */
  readonly tune?: (gpu: Gpu, specs: readonly ProgramSpec[], measure: boolean) => Promise<unknown>;
}

const PROGRESS_EVERY_MS = 250;
/** That it trains is seen at once. */
const FIRST_PROGRESS_MS = 40;
const ROWS_EVERY_MS = 100;

/** Takes messages in order; each is done, or under way, before the next is looked at. */
export function serveRuns(options: ServeOptions): (message: ToWorker) => void {
  const { send } = options;
  const openDevice = options.openDevice ?? (() => openGpu());
  let run: Run | null = null;
  let running: Promise<void> | null = null;
  let queue: Promise<void> = Promise.resolve();
  let pace = 12;
  let training = false;
  let watched: readonly string[] = [];
  /** What a run tells of itself before it stands goes out behind `opened`: until then a page takes it for the run before. */
  let held: (() => void)[] | null = null;
  const tell: ServeOptions['send'] = (message, transfer) => {
    if (held) held.push(() => send(message, transfer));
    else send(message, transfer);
  };
  const rows = createRowBuffer(tell);

  const status = (status: Status, detail: string): void =>
    send({ type: 'status', status, detail, step: run?.step ?? 0 });

  function report(update: RunUpdate): void {
    switch (update.type) {
      case 'compiling':
        return status('compiling', `${update.ready} of ${update.total} kernels`);
      case 'restoring':
        return status('restoring', `the GPU was reset; going on from step ${update.step}`);
      case 'row':
        return rows.add(update.step, update.values);
      case 'event':
        return tell({ type: 'event', event: update.event });
      case 'stage':
        rows.flush();
        return tell(update);
      case 'view':
        return tell(update, [update.data.buffer as ArrayBuffer]);
    }
  }

  async function open(message: Extract<ToWorker, { type: 'open' }>): Promise<void> {
    await halt();
    run?.dispose();
    run = null;
    status('compiling', 'tracing the model');
    const { config, checkpoint, csv, record, files, cpu = false, tune } = message;
    const experiment = await options.find(config);
    const model = experiment.build(experiment.parse(config), fromBuffers(files));
    held = [];
    try {
      run = await startWhole({
        model,
        runtime: cpu ? 'cpu' : options.runtime,
        openDevice: cpu ? () => Promise.resolve(null) : openDevice,
        onUpdate: report,
        pace,
        files: fromBuffers(files),
        ...(tune &&
          options.tune && { tune: (gpu, specs) => options.tune!(gpu, specs, tune === 'measure') }),
        ...(checkpoint && {
          earlier: { checkpoint: new Uint8Array(checkpoint), csv, record, files },
        }),
      });
      rows.flush();
      run.watch(watched);
      const { adapter, parameters, bytes } = run;
      send({ type: 'opened', adapter, parameters, bytes, config: model.config });
      for (const late of held) late();
    } finally {
      held = null;
    }
    status('ready', run.step > 0 ? `restored from step ${run.step}` : 'ready');
  }

  async function train(target: number): Promise<void> {
    const current = opened();
    training = true;
    status('running', '');
    const first = setTimeout(() => progress(current), FIRST_PROGRESS_MS);
    const timer = setInterval(() => progress(current), PROGRESS_EVERY_MS);
    try {
      await current.advanceTo(target);
      rows.flush();
      progress(current);
      if (current.step >= current.total) status('done', `finished at step ${current.step}`);
      else status('paused', '');
    } finally {
      training = false;
      clearTimeout(first);
      clearInterval(timer);
    }
  }

  function progress(current: Run): void {
    const { step, stepsPerSecond } = current;
    const { total } = current;
    const secondsLeft = stepsPerSecond > 0 ? Math.max(0, total - step) / stepsPerSecond : 0;
    send({ type: 'progress', step, total, stepsPerSecond, secondsLeft });
  }

  async function halt(): Promise<void> {
    run?.stop();
    await running;
    running = null;
  }

  function opened(): Run {
    if (!run) throw new Error('no run is open; send { type: "open", config } first');
    return run;
  }

  /** Training goes on beside the queue, so that `pause` can be heard. */
  function begin(target: number): void {
    running = train(target).catch(fail);
  }

  function fail(error: unknown): void {
    rows.flush();
    const kind = error instanceof CuspError ? error.kind : 'Error';
    const text = error instanceof Error ? error.message : String(error);
    status(kind === 'Diverged' ? 'diverged' : 'failed', text);
    send({ type: 'error', kind, message: text });
  }

  async function handle(message: ToWorker): Promise<void> {
    switch (message.type) {
      case 'open':
        return open(message);
      case 'run':
        await halt();
        return begin(opened().total);
      case 'step':
        await halt();
        return begin(opened().step + message.count);
      case 'pause':
        return halt();
      case 'watch':
        watched = message.views;
        run?.watch(watched);
        // A run that stands sends them at once, for it has no next row to send them with.
        if (run && !training && run.step > 0) await run.advanceTo(run.step);
        return;
      case 'pace':
        pace = message.milliseconds;
        return run?.setPace(pace);
      case 'checkpoint': {
        const bytes = (await opened().checkpoint()).slice().buffer;
        const files = toBuffers(await opened().files());
        return send({ type: 'checkpoint', step: opened().step, bytes, files }, [
          bytes,
          ...Object.values(files),
        ]);
      }
      case 'record':
        return send({ type: 'record', record: opened().record(), csv: opened().csv() });
      case 'close':
        await halt();
        run?.dispose();
        run = null;
        return status('idle', '');
    }
  }

  return (message) => {
    queue = queue.then(() => handle(message)).catch(fail);
  };
}

/** Gathers rows and sends them at most ten times a second. */
function createRowBuffer(send: ServeOptions['send']) {
  let steps: number[] = [];
  let values: Record<string, (readonly number[])[]> = {};
  let sentAt = 0;
  const flush = (): void => {
    if (steps.length === 0) return;
    send({ type: 'metrics', steps, values });
    steps = [];
    values = {};
    sentAt = performance.now();
  };
  return {
    flush,
    add(step: number, row: Readonly<Record<string, readonly number[]>>): void {
      steps.push(step);
      for (const [name, value] of Object.entries(row)) {
        const column = (values[name] ??= []);
        // Measures are not made at every row; where there are none their place is empty.
        while (column.length < steps.length - 1) column.push([]);
        column.push(value);
      }
      if (performance.now() - sentAt > ROWS_EVERY_MS) flush();
    },
  };
}
