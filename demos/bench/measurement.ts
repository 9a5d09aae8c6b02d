/** A measurement as the page sees it: where it stands, and the report so far, which nothing that happens later takes away. */
import type { Report } from '../../benches/run';
import type { Event, Order } from './protocol';

export type Status = 'idle' | 'opening' | 'running' | 'stopping' | 'done' | 'stopped' | 'failed';

export interface Measurement {
  readonly status: Status;
  /** Grows bench by bench; null until the ceilings are known. */
  readonly report: Report | null;
  readonly bench: { readonly name: string; readonly at: number; readonly total: number } | null;
  /** What is being done, in the words of the harness. */
  readonly line: string;
  /** Why it failed, or why the device was lost. */
  readonly error: string | null;
  readonly seconds: number;
}

export interface Measurer {
  readonly state: Measurement;
  start(order: Omit<Extract<Order, { kind: 'start' }>, 'kind'>): void;
  /** Ends after the round that is under way; asked again, at once. */
  stop(): void;
}

const idle: Measurement = {
  ...{ status: 'idle', report: null, bench: null, line: '', error: null, seconds: 0 },
};

/** `open` makes the worker, which is asked for at the first start. */
export function createMeasurer(open: () => Worker, changed: () => void): Measurer {
  let state = idle;
  let worker: Worker | null = null;
  let began = 0;
  let quick = false;
  const busy = (): boolean => ['opening', 'running', 'stopping'].includes(state.status);

  function set(more: Partial<Measurement>): void {
    state = { ...state, ...more, seconds: (performance.now() - began) / 1000 };
    changed();
  }

  /** The worker is not to be trusted with another run. */
  function drop(status: Status, error: string | null): void {
    worker?.terminate();
    worker = null;
    const { report } = state;
    set({ status, error, bench: null, report: report && { ...report, stopped: true } });
  }

  function take(event: Event): void {
    const { report } = state;
    switch (event.kind) {
      case 'progress':
        return set({ line: event.line });
      case 'measured': {
        const { environment, ceilings } = event;
        const head = { schema: 2, date: new Date().toISOString(), commit: null } as const;
        return set({
          status: state.status === 'stopping' ? 'stopping' : 'running',
          report: { ...head, environment, ceilings, quick, results: [], stopped: true },
        });
      }
      case 'started':
        return set({ bench: { name: event.name, at: event.at, total: event.total }, line: '' });
      case 'finished':
        return set({
          report: report && { ...report, results: [...report.results, event.result] },
        });
      case 'done': {
        const { lost, stopped } = event.report;
        const status = lost === undefined ? (stopped ? 'stopped' : 'done') : 'failed';
        return set({ status, report: event.report, bench: null, error: lost ?? null });
      }
      case 'failed':
        return drop('failed', event.message);
    }
  }

  function launch(): Worker {
    const made = open();
    made.addEventListener('message', ({ data }: MessageEvent<Event>) => {
      if (made === worker) take(data);
    });
    made.addEventListener('error', (event) => {
      event.preventDefault();
      if (made === worker) drop('failed', event.message || 'the measuring script did not load');
    });
    return made;
  }

  return {
    get state() {
      return state;
    },
    start(order) {
      if (busy()) return;
      began = performance.now();
      quick = order.quick;
      state = idle;
      worker ??= launch();
      worker.postMessage({ kind: 'start', ...order } satisfies Order);
      set({ status: 'opening' });
    },
    stop() {
      if (!busy()) return;
      if (state.status === 'stopping') return drop('stopped', null);
      worker?.postMessage({ kind: 'stop' } satisfies Order);
      set({ status: 'stopping' });
    },
  };
}
