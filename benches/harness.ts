/**
 * Timing that can be compared: every contender first shows that its output is right, then all of them run in turns,
 * so that a slow minute of the machine falls on all alike. Wall clock, end to end, over at least 50 ms a sample.
 */
import type { Gpu } from '../src/gpu/open';

/** A contender set up and ready, with real data in place. */
export interface Running {
  /** Multiply-adds times 2 of one run, where they are worth printing. */
  readonly flops?: number;
  /** Bytes read and written by one run, where they are worth printing. */
  readonly bytes?: number;
  /** Rejects with the reason when the output is wrong. Runs once, before any timing. */
  check(): Promise<void>;
  /** Does the work n times; resolves when the device has finished all of it. */
  run(n: number): Promise<void>;
  dispose(): void | Promise<void>;
}

export interface Contender {
  readonly name: string;
  prepare(): Promise<Running>;
}

/** What benches are given. */
export interface BenchContext {
  readonly gpu: Gpu;
  /** Also set up other libraries. */
  readonly peers: boolean;
}

export interface Bench {
  /** `topic` or `topic/case`; the command's filter is looked for in it. */
  readonly name: string;
  readonly title: string;
  /** What runs are, in the plural: "steps", "updates". */
  readonly unit: string;
  /** The first one is the base of the ratios. */
  contenders(context: BenchContext): Promise<readonly Contender[]>;
  /** What the numbers say, a sentence each, to stand below the table. */
  conclude?(rows: readonly Row[]): readonly string[];
}

export interface Spread {
  readonly lower: number;
  readonly median: number;
  readonly upper: number;
}

export interface Row {
  readonly contender: string;
  /** Present when setting up, checking or running failed; then nothing else is. */
  readonly error?: string;
  /** Runs per sample, in the end. */
  readonly n?: number;
  /** Seconds per run: one number a round. */
  readonly samples?: readonly number[];
  /** Median and quartiles of the samples, seconds per run. */
  readonly seconds?: Spread;
  readonly flops?: number;
  readonly bytes?: number;
}

export interface Result {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  readonly rows: readonly Row[];
  readonly conclusions: readonly string[];
}

export interface Timing {
  /** Least length of a sample. */
  readonly milliseconds: number;
  readonly rounds: number;
  /** A contender sits out the rounds after its third once it alone has been timed for so long. */
  readonly budgetSeconds: number;
  readonly now: () => number;
}

export const usualTiming: Timing = {
  milliseconds: 50,
  rounds: 9,
  budgetSeconds: 20,
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

/** Checks and times the contenders of one bench. A failing contender becomes a row with its error. */
export async function runBench(
  bench: Bench,
  context: BenchContext,
  progress: (line: string) => void = () => {},
  timing: Timing = usualTiming,
): Promise<Result> {
  const contenders = await bench.contenders(context);
  const entries = contenders.map((contender): Entry => {
    return { contender, running: null, n: 1, samples: [], spent: 0 };
  });
  for (const entry of entries) {
    await attempt(entry, progress, async () => {
      progress(`${bench.name}: ${entry.contender.name}: preparing`);
      entry.running = await entry.contender.prepare();
      progress(`${bench.name}: ${entry.contender.name}: checking`);
      await entry.running.check();
      entry.n = await calibrate(entry.running, timing);
      progress(`${bench.name}: ${entry.contender.name}: right; ${entry.n} a sample`);
    });
  }
  await runRounds(bench, entries, progress, timing);
  for (const { running } of entries) await running?.dispose();
  const { name, title, unit } = bench;
  const rows = entries.map(summarise);
  return { name, title, unit, rows, conclusions: bench.conclude?.(rows) ?? [] };
}

async function runRounds(
  bench: Bench,
  entries: readonly Entry[],
  progress: (line: string) => void,
  timing: Timing,
): Promise<void> {
  for (let round = 0; round < timing.rounds; round++) {
    for (let i = 0; i < entries.length; i++) {
      // Another order each round, so that nobody always runs on the heels of the same neighbour.
      const entry = entries[(i + round) % entries.length]!;
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

function summarise({ contender, running, error, n, samples }: Entry): Row {
  const { name } = contender;
  if (error !== undefined || !running) return { contender: name, error: error ?? 'not set up' };
  const { flops, bytes } = running;
  return { contender: name, n, samples, seconds: spread(samples), flops, bytes };
}

/** Quartiles by linear interpolation between order statistics. Wants at least one number. */
export function spread(samples: readonly number[]): Spread {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (fraction: number): number => {
    const place = fraction * (sorted.length - 1);
    const low = Math.floor(place);
    const high = Math.min(low + 1, sorted.length - 1);
    return sorted[low]! + (place - low) * (sorted[high]! - sorted[low]!);
  };
  return { lower: at(0.25), median: at(0.5), upper: at(0.75) };
}
