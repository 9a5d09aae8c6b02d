/** The estimates of the run under way, asked of the worker now and then, and which group of chains is looked at. */
import type { LlcGroup, LlcResults } from '../../src/lab/experiments/llc-results';
import type { Session } from '../shared/session';
import { createSignal, type Signal } from '../shared/signal';

export interface Results {
  /** Null before the first answer, and after a run was opened anew. */
  readonly current: () => LlcResults | null;
  readonly group: Signal<number>;
  listen(listener: () => void): void;
}

/** Estimating over all draws costs the worker something, so it is asked less often than charts are drawn. */
const everySeconds = 0.7;

export function createResults(session: Session): Results {
  let results: LlcResults | null = null;
  let askedAt = -Infinity;
  let asking = false;
  const group = createSignal(0);
  const listeners: (() => void)[] = [];
  const tell = (): void => {
    for (const listener of listeners) listener();
  };

  async function ask(): Promise<void> {
    if (asking || session.state.step === 0) return;
    asking = true;
    askedAt = performance.now();
    const run = session.state.config;
    try {
      const { record } = await session.record();
      // Another run may have been opened meanwhile.
      if (run === session.state.config && session.state.step > 0 && isResults(record.results)) {
        results = record.results;
        tell();
      }
    } catch {
      // A run that fails says so itself.
    } finally {
      asking = false;
    }
  }

  session.listen((topic) => {
    const { status } = session.state;
    if (status === 'compiling' || (topic === 'opened' && session.state.step === 0)) {
      results = null;
      if (topic === 'status') group.set(0);
    } else if (topic === 'status' && (status === 'done' || status === 'paused')) {
      void settle();
    } else if (status === 'running' && performance.now() - askedAt > everySeconds * 1000) {
      void ask();
    }
  });

  /** The last word, even if a question is still under way. */
  async function settle(): Promise<void> {
    while (asking) await new Promise((resolve) => setTimeout(resolve, 50));
    await ask();
  }

  return { current: () => results, group, listen: (listener) => void listeners.push(listener) };
}

/** What a record or a stored file holds, if it is of this experiment. */
export function isResults(value: object | undefined): value is LlcResults {
  return value != null && Object.hasOwn(value, 'llc') && Object.hasOwn(value, 'diagnostics');
}

/** All groups of chains: the grid of a sweep, the points w*, or the one there is. */
export function groupsOf(results: LlcResults): readonly LlcGroup[] {
  if (results.sweep.length > 0) return results.sweep;
  if (results.checkpoints.length > 0) return results.checkpoints;
  return [{ ...results, point: 0, label: '', step: null }];
}
