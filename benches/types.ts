/** What a bench is made of, and what comes out of one. The report's JSON (run.ts) consists of these. */
import type { Gpu } from '../src/gpu/open';
import type { Ceilings } from './ceiling';

/** A contender set up and ready, with real data in place. */
export interface Running {
  /** Multiply-adds times 2 of one run, where they are worth printing. */
  readonly flops?: number;
  /** Bytes read and written by one run, where they are worth printing. */
  readonly bytes?: number;
  /** Units of work in one run (draws of all its chains, say), in which the rate is counted; 1 unless said. */
  readonly items?: number;
  /** Rejects with the reason when the output is wrong. Runs once, before any timing. */
  check(): Promise<void>;
  /** Does the work n times; resolves when the device has finished all of it. */
  run(n: number): Promise<void>;
  dispose(): void | Promise<void>;
}

/** Where a row of a sweep stands, for figures: the same work at another size, or done by somebody else. */
export interface Place {
  /** What grows: replicas, width … */
  readonly axis: string;
  readonly size: number;
  /** Who did it: rows of one name make a line. */
  readonly who: string;
}

export interface Contender {
  readonly name: string;
  /** In sweeps. */
  readonly place?: Place;
  /** What does the work; `adapter` unless said. Ceilings are the adapter's, so rows of the CPU have no share of them. */
  readonly on?: 'adapter' | 'cpu';
  prepare(): Promise<Running>;
}

/** What benches are given. */
export interface BenchContext {
  readonly gpu: Gpu;
  /** Where `gpu` came from, to open another; `navigator.gpu` unless given. */
  readonly source?: GPU;
  /** Also set up other libraries. */
  readonly peers: boolean;
  /** Small sizes only. */
  readonly quick: boolean;
  /** The filter is the name of this very bench, so that it is wanted however long it takes. */
  readonly named: boolean;
}

/**
 * `light` runs always, `usual` not with `--quick`, `heavy` besides only where the adapter is no fallback. A filter that is the whole
 * name overrules that.
 */
export type Weight = 'light' | 'usual' | 'heavy';

export interface Bench {
  /** `topic` or `topic/case`; the command's filter is looked for in it. */
  readonly name: string;
  readonly title: string;
  /** What the rate counts, in the plural: "steps", "updates". */
  readonly unit: string;
  /** `usual` unless said. */
  readonly weight?: Weight;
  /** Contenders do work of different sizes, so that their speeds are not to be compared; only the control's is. */
  readonly sweep?: boolean;
  /** The first one is the base of the ratios, and is entered a second time as the control. */
  contenders(context: BenchContext): Promise<readonly Contender[]>;
  /** What the numbers say, a sentence each, to stand below the table. Gets the rows without the control. */
  conclude?(rows: readonly Row[]): readonly string[];
}

export interface Spread {
  readonly lower: number;
  readonly median: number;
  readonly upper: number;
}

export interface Row {
  readonly contender: string;
  /** Present when setting up, checking or running failed; then there are no numbers. */
  readonly error?: string;
  /** What did the work. */
  readonly on?: 'adapter' | 'cpu';
  readonly place?: Place;
  /** The adapter of the whole run, in words, and whether it is a software adapter. */
  readonly adapter?: string;
  readonly fallback?: boolean;
  /** Runs per sample, in the end. */
  readonly n?: number;
  /** Seconds per run: one number a round. */
  readonly samples?: readonly number[];
  /** Median and quartiles of the samples, seconds per run. */
  readonly seconds?: Spread;
  /** Per run, as the contender counts them. */
  readonly flops?: number;
  readonly bytes?: number;
  readonly items?: number;
  /** Units per second. */
  readonly rate?: number;
  readonly gflops?: number;
  readonly gbs?: number;
  /** The larger of the shares of the ceilings of arithmetic and of memory: what is left to gain is above it. */
  readonly fractionOfCeiling?: number;
  /** Which of the two that was. */
  readonly boundBy?: 'arithmetic' | 'memory';
  /** The rate over that of the first contender; absent in sweeps. */
  readonly speed?: number;
}

export interface Result {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  /** Why nothing was run; then there are no rows. */
  readonly skipped?: string;
  readonly rows: readonly Row[];
  /** Absent where the first contender or its control failed. */
  readonly control?: Control;
  readonly conclusions: readonly string[];
}

/** What the first contender's second entry says of the run. */
export interface Control {
  /** Speed of the control, which is 1 but for noise: per round, so that what slows a whole round cancels. */
  readonly speed: Spread;
  /** It reads 1.0×, or near enough for its spread to hold 1. */
  readonly holds: boolean;
}

export interface Timing {
  /** Least length of a sample. */
  readonly milliseconds: number;
  readonly rounds: number;
  /** A contender sits out the rounds after its third once it alone has been timed for so long. */
  readonly budgetSeconds: number;
  readonly now: () => number;
}

/** How a bench is run; all of it may be left out. */
export interface RunOptions {
  readonly progress?: (line: string) => void;
  readonly timing?: Timing;
  /** What the shares of a ceiling are shares of. */
  readonly ceilings?: Ceilings | null;
  /** Ends the rounds early; what was measured by then counts. */
  readonly signal?: AbortSignal;
}
