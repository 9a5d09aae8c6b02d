/** A whole bench run, the same in the page and in Node. */
import { openGpu } from '../src/gpu/open';
import type { Environment } from './environment';
import { runBench } from './harness';
import type { Result } from './harness';
import { findBenches } from './registry';

export interface Report {
  readonly schema: 1;
  readonly environment: Environment;
  readonly results: readonly Result[];
}

/** What a run is asked for. */
export interface Request {
  /** Part of a bench's name; everything when empty. */
  readonly filter: string;
  readonly peers: boolean;
  readonly runtime: Environment['runtime'];
  readonly host: string;
  readonly driver: string;
  /** Where adapters come from; `navigator.gpu` unless given. */
  readonly gpu?: GPU;
}

export interface Listener {
  progress(line: string): void;
  finished(result: Result): void;
}

/** Runs what the filter finds, one bench after another. Throws when it finds nothing or there is no adapter. */
export async function runBenches(request: Request, listener: Listener): Promise<Report> {
  const { filter, peers, runtime, host, driver } = request;
  const benches = await findBenches(filter);
  if (benches.length === 0) throw new Error(`no bench has "${filter}" in its name`);
  const gpu = await openGpu({ gpu: request.gpu });
  const environment = { runtime, host, driver, ...gpu.adapter };
  const results: Result[] = [];
  for (const bench of benches) {
    const result = await runBench(bench, { gpu, peers }, listener.progress);
    results.push(result);
    listener.finished(result);
  }
  gpu.close();
  return { schema: 1, environment, results };
}
