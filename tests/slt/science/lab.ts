/** A user's way from a configuration to results, on one device for a whole file of tests: pipelines are compiled once. */
import { openGpu, type Gpu } from '../../../src/gpu/open';
import { llc } from '../../../src/lab/experiments/llc';
import type { LlcResults } from '../../../src/lab/experiments/llc-results';
import { readTraces } from '../../../src/lab/experiments/llc-files';
import { toBuffers, type Files } from '../../../src/lab/files';
import { startRun, type EarlierSession, type Run } from '../../../src/lab/run';

/** What differs from the defaults of the schema. */
export interface Config {
  readonly seed?: number;
  readonly target: object;
  readonly sampler: object;
  readonly sweep?: object;
}

export interface Lab {
  /** A run that has not taken a step. `pace`: milliseconds of a submit. */
  start(config: Config, more?: { earlier?: EarlierSession; pace?: number }): Promise<Run>;
  /** A whole run. */
  sample(config: Config): Promise<Sampled>;
  close(): void;
}

export interface Sampled {
  readonly results: LlcResults;
  readonly files: Files;
}

/** Milliseconds of a submit. A run's own 12 keep a page fluent; no page is waiting here. */
const PACE = 100;

export async function openLab(): Promise<Lab> {
  const gpu: Gpu = await openGpu();
  // A run closes the device it was given; this one is given to many.
  const lent: Gpu = { ...gpu, check: () => gpu.check(), close: () => undefined };
  const start: Lab['start'] = (config, { earlier, pace = PACE } = {}) =>
    startRun({
      model: llc.build(llc.parse({ schema: 1, experiment: 'llc', ...config })),
      runtime: 'chrome',
      openDevice: () => Promise.resolve(lent),
      onUpdate: () => undefined,
      pace,
      earlier,
    });
  return {
    start,
    async sample(config) {
      const run = await start(config);
      try {
        await run.advanceTo(run.total);
        return { results: resultsOf(run), files: await run.files() };
      } finally {
        run.dispose();
      }
    },
    close: () => gpu.close(),
  };
}

export const resultsOf = (run: Run): LlcResults => run.record().results as LlcResults;

/** What is kept of a run to go on from. */
export async function keep(run: Run): Promise<EarlierSession> {
  const files = toBuffers(await run.files());
  return { checkpoint: await run.checkpoint(), csv: run.csv(), record: run.record(), files };
}

/** Excess losses [rows, chains] of all recorded draws, burn-in first. */
export const lossesOf = (files: Files, chains: number): Float32Array =>
  readTraces(files, chains).state.losses;
