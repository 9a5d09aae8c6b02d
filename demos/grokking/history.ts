/** Which snapshot of which run a view shows: this run's at the time cursor, else the stored one's. */
import type { Shown } from '../shared/frame';
import { lineOf, rowAt, type Columns } from '../shared/series';
import type { Session } from '../shared/session';
import type { Snapshot } from '../shared/session-state';
import type { Signal } from '../shared/signal';
import type { StoredRun } from '../shared/stored';

export interface History {
  /** At the cursor, else the latest. */
  pick(view: string): Shown;
  /** All snapshots of the run that `pick` looks at. */
  all(view: string): readonly Snapshot[];
  /** Metrics of the run that is looked at, and whether it is the stored one. */
  columns(): { readonly columns: Columns; readonly old: boolean };
  /** Value of a metric at the cursor: the last that was measured by then. */
  value(metric: string): number | null;
  config(): object | null;
  setStored(stored: StoredRun | null): void;
  readonly stored: () => StoredRun | null;
}

export function createHistory(session: Session, cursor: Signal<number | null>): History {
  let stored: StoredRun | null = null;

  /** As the charts do: where this run has not got to, the stored one is looked at. */
  function isOld(): boolean {
    const { step, columns } = session.state;
    if (stored === null) return false;
    const at = cursor.get();
    return step === 0 || (at !== null && at > Math.max(step, columns.steps.at(-1) ?? 0));
  }

  function all(view: string): readonly Snapshot[] {
    if (!isOld()) return session.state.views.get(view) ?? [];
    const series = stored?.series.get(view);
    if (series !== undefined) return series;
    const one = stored?.views.get(view);
    return one === undefined ? [] : [one];
  }

  const columns = (): { columns: Columns; old: boolean } =>
    isOld() && stored !== null
      ? { columns: stored.columns, old: true }
      : { columns: session.state.columns, old: false };

  return {
    all,
    columns,
    pick(view) {
      const list = all(view);
      const at = cursor.get();
      const steps = list.map(({ step }) => step);
      const row = at === null ? list.length - 1 : Math.max(0, rowAt(steps, at));
      return { snapshot: list[row] ?? null, old: isOld() };
    },
    value(metric) {
      const from = columns().columns;
      const { middle } = lineOf(from, metric);
      const at = cursor.get();
      let row = at === null ? middle.length - 1 : rowAt(from.steps, at);
      while (row >= 0 && middle[row] === null) row--;
      return middle[row] ?? null;
    },
    config: () => (isOld() ? (stored?.config ?? null) : session.state.config),
    setStored(next) {
      stored = next;
    },
    stored: () => stored,
  };
}
