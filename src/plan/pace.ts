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
  let perStep = Infinity;
  return {
    aim: (milliseconds) => void (target = Math.min(Math.max(1, milliseconds), LONGEST_MS)),
    steps: () => Math.max(1, Math.min(limit, Math.floor(target / perStep))),
    observe(count, milliseconds) {
      if (count < 1) return;
      const now = Math.max(milliseconds / count, 1e-3);
      perStep = Number.isFinite(perStep) ? (1 - SMOOTHING) * perStep + SMOOTHING * now : now;
    },
  };
}
