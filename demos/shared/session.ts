/**
 * One run as a page sees it: speaks the protocol of src/lab/protocol.ts with a worker and keeps what it said.
 * Knows nothing of charts and buttons; they listen with `listen` and read `state`.
 */
import type { FromWorker, ToWorker } from '../../src/lab/protocol';
import type { RunEvent, RunRecord } from '../../src/lab/record';
import { appendRows, type Columns } from './series';
import { blankState, keepSnapshot, type SessionState } from './session-state';

export type Topic =
  'status' | 'opened' | 'metrics' | 'event' | 'progress' | 'view' | 'stage' | 'error';

/** What a run needs to go on where it stood: the worker's checkpoint and record, the page's memory of the curves. */
export interface Saved {
  readonly bytes?: ArrayBuffer;
  /** What came with the checkpoint, and the run that an experiment samples. */
  readonly files?: Readonly<Record<string, ArrayBuffer>>;
  readonly csv?: string;
  readonly record?: Pick<RunRecord, 'events' | 'seconds' | 'warnings'>;
  readonly columns?: Columns;
  readonly events?: readonly RunEvent[];
}

export interface Session {
  readonly state: Readonly<SessionState>;
  /** Opens a run; one asked for while another still opens waits, and only the latest of those is opened. */
  open(config: object, saved?: Saved): void;
  run(): void;
  pause(): void;
  step(count: number): void;
  watch(views: readonly string[]): void;
  pace(milliseconds: number): void;
  /** Rejects when the run fails before it answers. */
  checkpoint(): Promise<{
    step: number;
    bytes: ArrayBuffer;
    files: Readonly<Record<string, ArrayBuffer>>;
  }>;
  record(): Promise<{ record: RunRecord; csv: string }>;
  listen(listener: (topic: Topic) => void): () => void;
  close(): void;
}

/**
 * `totalOf` says how many steps a configuration takes, until the worker does; `append` takes rows in, `mergeRows` where several
 * networks come to the same steps in turn.
 */
export function createSession(
  worker: Worker,
  totalOf: (config: object) => number = stepsOf,
  append: typeof appendRows = appendRows,
): Session {
  const state = blankState();
  const listeners = new Set<(topic: Topic) => void>();
  const waiting: { checkpoint: Waiter<'checkpoint'>[]; record: Waiter<'record'>[] } = {
    checkpoint: [],
    record: [],
  };
  let opening = false;
  let current: Opening | null = null;
  let next: Opening | null = null;
  let cpu = false;
  let views: readonly string[] = [];
  let afterOpening: ToWorker | null = null;

  const send = (message: ToWorker): void => worker.postMessage(message);
  const tell = (topic: Topic): void => {
    for (const listener of listeners) listener(topic);
  };

  function open(config: object, saved?: Saved): void {
    if (opening) {
      // A command given for the run that never came up must not start this one.
      next = { config, saved };
      afterOpening = null;
      return;
    }
    opening = true;
    current = { config, saved };
    rejectAll('Another run was opened.');
    const { total, noGpu } = state;
    Object.assign(state, blankState(), { status: 'compiling', total, noGpu });
    if (saved?.columns !== undefined) state.columns = saved.columns;
    if (saved?.events !== undefined) state.events = [...saved.events];
    // The bytes are copied, not moved: the page may need them again for another try.
    send({
      type: 'open',
      config,
      ...(cpu && { cpu }),
      ...(saved?.bytes !== undefined && {
        checkpoint: saved.bytes,
        csv: saved.csv,
        record: saved.record,
      }),
      ...(saved?.files !== undefined && { files: saved.files }),
    });
    tell('status');
    tell('metrics');
    tell('view');
  }

  function settle(): void {
    opening = false;
    if (next !== null) {
      const { config, saved } = next;
      next = null;
      open(config, saved);
      return;
    }
    send({ type: 'watch', views });
    if (afterOpening !== null) send(afterOpening);
    afterOpening = null;
  }

  function command(message: ToWorker): void {
    if (opening) afterOpening = message.type === 'pause' ? null : message;
    else send(message);
  }

  function receive(message: FromWorker): void {
    // Until the worker has said `opened`, metrics and views still belong to the run before.
    if (opening && !['status', 'opened', 'error'].includes(message.type)) return;
    switch (message.type) {
      case 'status':
        if (opening && message.status !== 'compiling') return;
        state.status = message.status;
        state.detail = message.detail;
        state.step = message.step;
        break;
      case 'opened': {
        const { adapter, parameters, bytes, config } = message;
        Object.assign(state, { adapter, parameters, bytes, config, status: 'ready', error: null });
        state.total = totalOf(config);
        settle();
        break;
      }
      case 'metrics':
        append(state.columns, message.steps, message.values);
        break;
      case 'event':
        if (!state.events.some((event) => sameEvent(event, message.event))) {
          state.events.push(message.event);
        }
        break;
      case 'progress':
        state.step = message.step;
        state.total = message.total;
        state.stepsPerSecond = message.stepsPerSecond;
        state.secondsLeft = message.secondsLeft;
        break;
      case 'stage':
        state.stage = message;
        break;
      case 'view':
        keepSnapshot(state.views, message.name, message);
        break;
      case 'checkpoint':
        waiting.checkpoint.shift()?.resolve(message);
        return;
      case 'record':
        waiting.record.shift()?.resolve(message);
        return;
      case 'error':
        if (opening && message.kind === 'GpuUnavailable' && !cpu && current !== null) {
          // Without a GPU the same experiment runs on the CPU; a command given meanwhile still holds.
          cpu = true;
          state.noGpu = message.message;
          opening = false;
          open(current.config, current.saved);
          return;
        }
        state.error = { kind: message.kind, message: message.message };
        if (opening || state.status !== 'diverged') state.status = 'failed';
        rejectAll(message.message);
        if (opening) settleFailed();
        break;
    }
    tell(message.type);
  }

  function settleFailed(): void {
    opening = false;
    if (next === null) {
      afterOpening = null;
      return;
    }
    const { config, saved } = next;
    next = null;
    open(config, saved);
  }

  function rejectAll(reason: string): void {
    for (const list of [waiting.checkpoint, waiting.record]) {
      for (const waiter of list.splice(0)) waiter.reject(new Error(reason));
    }
  }

  worker.addEventListener('message', (event: MessageEvent<FromWorker>) => receive(event.data));
  const broken = (event: Event): void => {
    const said = event instanceof ErrorEvent && event.message !== '' ? event.message : null;
    receive({ type: 'error', kind: 'Error', message: said ?? 'The worker script did not start.' });
  };
  worker.addEventListener('error', broken);
  worker.addEventListener('messageerror', broken);

  return {
    state,
    open,
    run: () => command({ type: 'run' }),
    pause: () => command({ type: 'pause' }),
    step: (count) => command({ type: 'step', count }),
    watch(names) {
      views = names;
      if (!opening && state.config !== null) send({ type: 'watch', views });
    },
    pace: (milliseconds) => send({ type: 'pace', milliseconds }),
    checkpoint: () =>
      new Promise((resolve, reject) => {
        waiting.checkpoint.push({ resolve, reject });
        send({ type: 'checkpoint' });
      }),
    record: () =>
      new Promise((resolve, reject) => {
        waiting.record.push({ resolve, reject });
        send({ type: 'record' });
      }),
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      send({ type: 'close' });
      rejectAll('The session was closed.');
    },
  };
}

interface Opening {
  readonly config: object;
  readonly saved: Saved | undefined;
}

interface Waiter<T extends FromWorker['type']> {
  resolve(message: Extract<FromWorker, { type: T }>): void;
  reject(reason: Error): void;
}

function stepsOf(config: object): number {
  const steps = (config as { steps?: unknown }).steps;
  return typeof steps === 'number' ? steps : 0;
}

function sameEvent(a: RunEvent, b: RunEvent): boolean {
  return a.name === b.name && a.replica === b.replica;
}
