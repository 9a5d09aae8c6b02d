/**
 * How many steps a submit should hold: enough to fill the time a visible page can spare (8–16 ms), never near the half
 * second at which watchdogs and users lose patience. Follows the measured time of a step.
 */
export interface Pace {
  /** Steps for the next submit, at least 1. */
  steps(): number;
  /** A batch of `count` steps took this long. */
  observe(count: number, milliseconds: number): void;
  /** Milliseconds a submit should take. */
  aim(milliseconds: number): void;
}

const LONGEST_MS = 250;
/** Weight of the newest measurement. */
const SMOOTHING = 0.3;

export function createPace(targetMs: number, limit: number): Pace {
  let target = Math.min(targetMs, LONGEST_MS);
  // Times and counts are averaged apart: the results of two submits may arrive together, the second then seems free.
  let time = 0;
  let steps = 0;
  return {
    aim: (milliseconds) => void (target = Math.min(Math.max(1, milliseconds), LONGEST_MS)),
    steps: () => (time > 0 ? Math.max(1, Math.min(limit, Math.floor((target * steps) / time))) : 1),
    observe(count, milliseconds) {
      if (count < 1) return;
      const weight = steps === 0 ? 1 : SMOOTHING;
      time += weight * (Math.max(milliseconds, 1e-3) - time);
      steps += weight * (count - steps);
    },
  };
}
