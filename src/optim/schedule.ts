/**
 * Learning-rate schedules as a table of factors, one a step, made in float64: the kernel reads
 * `factors[min(step, length − 1)]` and never calls cos.
 */
import { BadConfig } from '../gpu/errors';

export interface Schedule {
  /** After the warm-up: stay at 1, or fall to `final` over the steps left, in a line or half a cosine. */
  readonly kind: 'constant' | 'linear' | 'cosine';
  /**
   * Updates of linear warm-up: update number `step` (from 0) has factor min(step / warmup, 1), as in the code of
   * Nanda et al. (2023). So the first update has learning rate 0: it fills Adam's moments and moves nothing.
   */
  readonly warmup?: number;
  /** Update at which `final` is reached and kept; needed by `linear` and `cosine`. */
  readonly steps?: number;
  /** Factor at the end, 0 unless given. */
  readonly final?: number;
}

export const constantSchedule: Schedule = { kind: 'constant' };

/** 64 MiB of table. */
const LONGEST = 2 ** 24;

/** Factor on the learning rate at update `step`, counted from 0. Float64. */
export function scheduleFactor(schedule: Schedule, step: number): number {
  const { kind, warmup = 0, steps = 0, final = 0 } = schedule;
  const rise = warmup > 0 ? Math.min(step / warmup, 1) : 1;
  if (kind === 'constant' || step <= warmup) return rise;
  const done = Math.min((step - warmup) / (steps - warmup), 1);
  const left = kind === 'linear' ? 1 - done : (1 + Math.cos(Math.PI * done)) / 2;
  return final + (1 - final) * left;
}

/** Factors until they no longer change; the last one holds for ever. */
export function scheduleTable(schedule: Schedule): Float32Array {
  checkSchedule(schedule);
  const end = schedule.kind === 'constant' ? (schedule.warmup ?? 0) : schedule.steps!;
  return Float32Array.from({ length: end + 1 }, (_, step) => scheduleFactor(schedule, step));
}

/** Throws BadConfig naming the field of the schedule. */
export function checkSchedule({ kind, warmup = 0, steps, final = 0 }: Schedule): void {
  requireSteps('schedule.warmup', warmup, 0);
  if (!(final >= 0 && final <= 1)) {
    throw new BadConfig('schedule.final', {
      asked: `got ${final}`,
      limit: 'a factor from 0 to 1',
      remedy: 'Use 0 to end at learning rate 0',
    });
  }
  if (kind !== 'constant') requireSteps('schedule.steps', steps ?? Number.NaN, warmup + 1);
}

function requireSteps(path: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least && value < LONGEST) return;
  throw new BadConfig(path, {
    asked: `got ${value}`,
    limit: `must be a whole number from ${least} to ${LONGEST - 1}`,
    remedy: 'Give a number of steps in that range',
  });
}
