/** Phases and milestones: the first step at which a metric crossed a line, per replica. */
import type { RunEvent } from './record';

/** An event named `name` when `metric` first reaches `atLeast`, or falls to `atMost`. */
export interface Milestone {
  readonly name: string;
  readonly metric: string;
  readonly atLeast?: number;
  readonly atMost?: number;
  /** Looked for only from the step on at which this other event happened to the same replica. */
  readonly after?: string;
}

export interface MilestoneWatch {
  readonly events: readonly RunEvent[];
  /**
   * Looks at all metrics of one step together, so that `after` may be met by the same step whatever the order of the
   * columns; returns what happened there for the first time.
   */
  observeRow(step: number, row: Readonly<Record<string, ArrayLike<number>>>): RunEvent[];
  /** Looks at one metric of one step. */
  observe(step: number, metric: string, values: ArrayLike<number>): RunEvent[];
  /** Adds an event of another kind. */
  add(event: RunEvent): void;
  /** Forgets what happened after `step`. */
  truncate(step: number): void;
}

export function watchMilestones(
  milestones: readonly Milestone[],
  earlier: readonly RunEvent[] = [],
): MilestoneWatch {
  const events: RunEvent[] = [...earlier];
  const known = (name: string, replica: number, until = Infinity): boolean =>
    events.some((event) => event.name === name && event.replica === replica && event.step <= until);

  function observe(step: number, metric: string, values: ArrayLike<number>): RunEvent[] {
    const found: RunEvent[] = [];
    for (const { name, metric: watched, atLeast, atMost, after } of milestones) {
      if (watched !== metric) continue;
      for (let replica = 0; replica < values.length; replica++) {
        const value = values[replica];
        const there =
          (atLeast !== undefined && value >= atLeast) || (atMost !== undefined && value <= atMost);
        if (!there || (after !== undefined && !known(after, replica, step))) continue;
        if (!known(name, replica)) {
          found.push({ name, step, replica });
          events.push({ name, step, replica });
        }
      }
    }
    return found;
  }

  return {
    events,
    observe,
    observeRow(step, row) {
      const found: RunEvent[] = [];
      for (;;) {
        const more = Object.entries(row).flatMap(([metric, values]) =>
          observe(step, metric, values),
        );
        found.push(...more);
        // One event may have been what another waited for.
        if (more.length === 0 || !milestones.some(({ after }) => after !== undefined)) return found;
      }
    },
    add: (event) => void events.push(event),
    truncate(step) {
      const kept = events.filter((event) => event.step <= step);
      events.splice(0, events.length, ...kept);
    },
  };
}
