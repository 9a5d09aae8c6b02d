/** Milestones as the `results` of a run record. */
import type { Milestone } from '../milestones';
import type { RunEvent } from '../record';

/** For each milestone the step at which it was reached, null if it was not; a list where there are several replicas. */
export function summarizeMilestones(
  milestones: readonly Milestone[],
  events: readonly RunEvent[],
  replicas: number,
): Record<string, number | null | (number | null)[]> {
  return Object.fromEntries(
    milestones.map(({ name }) => {
      const steps = Array.from(
        { length: replicas },
        (_, replica) =>
          events.find((event) => event.name === name && event.replica === replica)?.step ?? null,
      );
      return [name, replicas === 1 ? steps[0] : steps] as const;
    }),
  );
}
