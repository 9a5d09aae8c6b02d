/** Programs advanced as the lab does it, by all contenders of ours: two submits under way, each of as many steps as fit the time. */
import type { Gpu } from '../src/gpu/open';
import type { Program } from '../src/graph/program';
import { createPace, type Pace } from '../src/plan/pace';

/** Milliseconds of a submit. A software adapter's steps are long, and few fit; a card is given the next while it works on one. */
const SUBMIT_MS = { software: 100, card: 12 };

/** How many steps a submit of this program should take, learnt from those before. */
export function paceFor(gpu: Gpu | null, { limit }: Pick<Program, 'limit'>): Pace {
  const software = gpu?.adapter.fallback ?? true;
  return createPace(software ? SUBMIT_MS.software : SUBMIT_MS.card, limit);
}

/** Takes `n` steps and resolves with the last one's first metric of the first replica, once the device has done everything. */
export async function advance(
  program: Pick<Program, 'advance' | 'metrics' | 'replicas'>,
  n: number,
  pace: Pace,
): Promise<number> {
  let last = NaN;
  const width = program.metrics.length * program.replicas;
  const underWay: Promise<void>[] = [];
  for (let taken = 0; taken < n;) {
    const count = Math.min(pace.steps(), n - taken);
    taken += count;
    const batch = program.advance(count).then(({ rows, milliseconds }) => {
      pace.observe(count, milliseconds);
      last = rows[(count - 1) * width];
    });
    underWay.push(batch);
    if (underWay.length > 1) await underWay.shift();
  }
  await Promise.all(underWay);
  return last;
}
