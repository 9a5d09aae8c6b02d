/**
 * Timing that can be compared: every contender first shows that its output is right, then all of them run in turns,
 * so that a slow minute of the machine falls on all alike. Wall clock, end to end, over at least 50 ms a sample. The first
 * contender is entered twice; how far its two speeds differ is how far speeds can be trusted.
 */
import { createRandom } from '../src/random/random';
import { streams } from '../src/random/streams';
import { CONTROL, judgeControl, summarise } from './summary';
import type { Bench, BenchContext, Contender, Result, RunOptions, Running, Timing } from './types';

export { CONTROL, spread } from './summary';
export type * from './types';

export const usualTiming: Timing = {
  milliseconds: 50,
  rounds: 9,
  budgetSeconds: 20,
  now: () => performance.now(),
};

/** For a look rather than a measurement. */
export const quickTiming: Timing = {
  milliseconds: 20,
  rounds: 3,
  budgetSeconds: 2,
  now: () => performance.now(),
};

const LEAST_ROUNDS = 3;
/** Aim above the least length, since the first measure is taken cold. */
const HEADROOM = 1.3;

interface Entry {
  readonly contender: Contender;
  running: Running | null;
  n: number;
  samples: number[];
  /** Milliseconds timed so far. */
  spent: number;
  error?: string;
}

type Told = Required<Pick<RunOptions, 'progress' | 'timing'>> & Pick<RunOptions, 'signal'>;

/** Checks and times the contenders of one bench. A failing contender becomes a row with its error. */
export async function runBench(
  bench: Bench,
  context: BenchContext,
  options: RunOptions = {},
): Promise<Result> {
  const { progress = () => {}, timing = usualTiming, ceilings = null, signal } = options;
  const told: Told = { progress, timing, signal };
  const entries = withControl(await bench.contenders(context)).map((contender): Entry => {
    return { contender, running: null, n: 1, samples: [], spent: 0 };
  });
  for (const entry of entries) {
    await attempt(entry, progress, async () => {
      const say = (what: string): void =>
        progress(`${bench.name}: ${entry.contender.name}: ${what}`);
      say('preparing');
      entry.running = await entry.contender.prepare();
      say('checking');
      await entry.running.check();
      entry.n = await calibrate(entry.running, timing);
      say(`right; ${entry.n} a sample`);
    });
  }
  await runRounds(bench, entries, told);
  for (const entry of entries) {
    await attempt(entry, progress, async () => await entry.running?.dispose());
  }
  const { name, title, unit } = bench;
  const rows = summarise(entries, context.gpu.adapter, ceilings, bench.sweep);
  const [base, again] = entries;
  const control = base && again ? judgeControl(base.samples, again.samples) : undefined;
  const conclusions = bench.conclude?.(rows.filter(({ contender }) => contender !== CONTROL)) ?? [];
  return { name, title, unit, rows, control, conclusions };
}

/** The first contender twice, the second time under another name. */
function withControl(contenders: readonly Contender[]): Contender[] {
  const [base, ...others] = contenders;
  return base ? [base, { ...base, name: CONTROL }, ...others] : [];
}

async function runRounds(
  bench: Bench,
  entries: readonly Entry[],
  { progress, timing, signal }: Told,
): Promise<void> {
  for (let round = 0; round < timing.rounds; round++) {
    if (round > 0 && signal?.aborted) return;
    // Shuffled anew, so that nobody always runs on the heels of the same neighbour; the same way in every run.
    for (const at of createRandom(0, round, streams.probe).shuffle(entries.length)) {
      const entry = entries[at];
      if (entry.error !== undefined || !entry.running || isSpent(entry, timing)) continue;
      const { running } = entry;
      await attempt(entry, progress, () => takeSample(entry, running, timing));
    }
    progress(`${bench.name}: round ${round + 1} of ${timing.rounds} done`);
  }
}

function isSpent({ samples, spent }: Entry, { budgetSeconds }: Timing): boolean {
  return samples.length >= LEAST_ROUNDS && spent >= 1000 * budgetSeconds;
}

/** A sample that came out too short, because the machine has become faster, is taken again with more runs. */
async function takeSample(entry: Entry, running: Running, timing: Timing): Promise<void> {
  for (;;) {
    const took = await clock(running, entry.n, timing);
    entry.spent += took;
    if (took >= timing.milliseconds) {
      entry.samples.push(took / 1000 / entry.n);
      return;
    }
    entry.n = enlarge(entry.n, took, timing);
  }
}

async function attempt(
  entry: Entry,
  progress: (line: string) => void,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    entry.error = error instanceof Error ? error.message : String(error);
    progress(`${entry.contender.name}: ${entry.error}`);
  }
}

async function clock(running: Running, n: number, timing: Timing): Promise<number> {
  const start = timing.now();
  await running.run(n);
  return timing.now() - start;
}

/**
 * Warms up (checking was the first of it) and finds how many runs make a sample of the least length. The last
 * measure is a warm one of that length.
 */
async function calibrate(running: Running, timing: Timing): Promise<number> {
  let n = 1;
  for (;;) {
    const took = await clock(running, n, timing);
    if (took >= timing.milliseconds) return n;
    n = enlarge(n, took, timing);
  }
}

function enlarge(n: number, took: number, { milliseconds }: Timing): number {
  const wanted = Math.ceil((n * milliseconds * HEADROOM) / Math.max(took, 0.01));
  return Math.min(Math.max(wanted, n + 1), 100 * n);
}
