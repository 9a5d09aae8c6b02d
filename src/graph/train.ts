/** Many steps of a program in submits of bearable length: the loop for those who need no lab. */
import { Diverged } from '../gpu/errors';
import { createPace } from '../plan/pace';
import type { Advance, Program } from './program';

export interface TrainOptions {
  /** Milliseconds of device time per submit: 12 keeps a visible page smooth, 100 wastes less. */
  readonly pace?: number;
  /** Called with each batch as it arrives: [count, metrics, R] rows. */
  readonly onBatch?: (batch: Advance) => void;
}

/**
 * Takes `steps` steps and returns the last value of each metric, one per replica. Throws `Diverged` at the first value
 * that is not finite.
 *
 *     const { loss } = await train(program, 2000);
 *     console.log(`loss ${loss[0]} after ${program.step} steps`);
 */
export async function train(
  program: Program,
  steps: number,
  { pace: milliseconds = 12, onBatch }: TrainOptions = {},
): Promise<Record<string, number[]>> {
  const pace = createPace(milliseconds, program.limit);
  const end = program.step + steps;
  const columns = program.metrics.length * program.replicas;
  let underWay: Promise<Advance> | null = null;
  let last = new Array<number>(columns).fill(NaN);

  const take = async (batch: Promise<Advance>): Promise<void> => {
    const done = await batch;
    const { count, rows, firstStep } = done;
    const bad = rows.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) throw new Diverged(firstStep + Math.floor(bad / columns), bad % program.replicas);
    pace.observe(count, done.milliseconds);
    last = [...rows.subarray((count - 1) * columns)];
    onBatch?.(done);
  };

  while (program.step < end) {
    const next = program.advance(Math.min(pace.steps(), end - program.step));
    next.catch(() => undefined);
    if (underWay) await take(underWay);
    underWay = next;
  }
  if (underWay) await take(underWay);
  return Object.fromEntries(
    program.metrics.map((name, m) => [
      name,
      last.slice(m * program.replicas, (m + 1) * program.replicas),
    ]),
  );
}
