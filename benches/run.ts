/** A whole bench run, the same in the page and in Node. */
import { openGpu, type AdapterFacts } from '../src/gpu/open';
import { measureCeilings } from './ceiling';
import type { Ceilings } from './ceiling';
import { describeAdapter, type Environment } from './environment';
import { quickTiming, runBench, usualTiming } from './harness';
import { findBenches, isNamed } from './registry';
import type { Bench, BenchContext, Result, Timing } from './types';

export type { Ceilings } from './ceiling';
export type { Environment } from './environment';
export type * from './types';

/** What `--json` writes. Numbers are in base units; `gflops` and `gbs` in 10⁹ per second. */
export interface Report {
  readonly schema: 2;
  /** When the run began, ISO 8601. */
  readonly date: string;
  readonly environment: Environment;
  /** Of the working tree, with `-dirty` where it had changes; null where nobody knows. */
  readonly commit: string | null;
  /** Few and short samples of small sizes: for a look, not for quoting. */
  readonly quick: boolean;
  /** Null where they could not be measured. */
  readonly ceilings: Ceilings | null;
  readonly results: readonly Result[];
  /** The run ended before all benches were done. */
  readonly stopped: boolean;
  /** Why the device was lost, where that is what ended it. */
  readonly lost?: string;
}

/** What a run is asked for. */
export interface Request {
  /** Parts of benches' names with commas between; everything when empty. */
  readonly filter: string;
  readonly peers: boolean;
  readonly quick?: boolean;
  readonly runtime: Environment['runtime'];
  readonly host: string;
  readonly driver: string;
  readonly commit?: string | null;
  /** Where adapters come from; `navigator.gpu` unless given. */
  readonly gpu?: GPU;
  /** Only a card will do: a software adapter is refused. */
  readonly card?: boolean;
  /** Ends the run after the round that is under way; the report then has what was measured so far. */
  readonly signal?: AbortSignal;
  /** Instead of the usual or the quick one. */
  readonly timing?: Timing;
}

export interface Listener {
  progress(line: string): void;
  /** Known before the first bench starts. */
  measured?(environment: Environment, ceilings: Ceilings | null): void;
  /** The report as it would be if the run ended now, after each bench: what is lost when it is cut off is one bench. */
  kept?(report: Report): void;
  /** The bench `at` of `total` begins. */
  started?(bench: Pick<Bench, 'name' | 'title'>, at: number, total: number): void;
  finished(result: Result): void;
}

/** Runs what the filter finds, one bench after another. Throws when it finds nothing or there is no adapter that will do. */
export async function runBenches(request: Request, listener: Listener): Promise<Report> {
  const { filter, peers, quick = false, runtime, host, driver, commit = null, signal } = request;
  const benches = await findBenches(filter);
  if (benches.length === 0) throw new Error(`no bench has "${filter}" in its name`);
  const date = new Date().toISOString();
  const gpu = await openGpu({ gpu: request.gpu });
  try {
    if (request.card && gpu.adapter.fallback) throw new Error(refuseSoftware(gpu.adapter));
    const environment = { runtime, host, driver, ...gpu.adapter };
    const timing = request.timing ?? (quick ? quickTiming : usualTiming);
    const options = { progress: listener.progress, timing, signal };
    const source = request.gpu;
    const contextOf = (named: boolean): BenchContext => {
      return { gpu, source, peers, quick, named };
    };
    const { ceilings, results: known } = await measureCeilings(contextOf(false), options);
    listener.measured?.(environment, ceilings);
    const results: Result[] = [];
    let lost: string | undefined;
    void gpu.lost.then(({ message }) => (lost = message));
    const report = (): Report => ({
      ...{ schema: 2, date, environment, commit, quick, ceilings, results: [...results] },
      stopped: results.length < benches.length || signal?.aborted === true || lost !== undefined,
      ...(lost !== undefined && { lost }),
    });
    for (const [at, bench] of benches.entries()) {
      if (signal?.aborted || lost !== undefined) break;
      const context = contextOf(isNamed(bench, filter));
      listener.started?.(bench, at, benches.length);
      const skipped = reasonToSkip(bench, context);
      const result =
        known.find(({ name }) => name === bench.name) ??
        (skipped === null
          ? await runBench(bench, context, { ...options, ceilings })
          : skip(bench, skipped));
      results.push(result);
      listener.finished(result);
      listener.kept?.(report());
    }
    return report();
  } finally {
    gpu.close();
  }
}

function refuseSoftware(adapter: AdapterFacts): string {
  return (
    `a card was asked for (CUSP_GPU=1), and the adapter is software: ${describeAdapter(adapter)}; ` +
    'install the driver of the card (a Vulkan one on Linux; VK_DRIVER_FILES names its manifest) or run without CUSP_GPU'
  );
}

/** Null where the bench is to run. */
export function reasonToSkip(
  { weight = 'usual' }: Pick<Bench, 'weight'>,
  {
    gpu,
    quick,
    named,
  }: Pick<BenchContext, 'quick' | 'named'> & {
    readonly gpu: { readonly adapter: Pick<Environment, 'fallback'> };
  },
): string | null {
  if (named || weight === 'light') return null;
  if (quick) return 'not among the quick ones; give its whole name as the filter to run it';
  if (weight === 'heavy' && gpu.adapter.fallback)
    return 'too much for a fallback adapter; give its whole name as the filter to run it';
  return null;
}

function skip({ name, title, unit }: Bench, skipped: string): Result {
  return { name, title, unit, skipped, rows: [], conclusions: [] };
}
