/** The run record (DESIGN §7): what a run says about itself, in `run.json` and as the last line of stdout. */
export interface RunRecord {
  readonly schema: 1;
  /** Version of the engine that made it. */
  readonly engine: string;
  readonly experiment: string;
  /** Complete, defaults filled in: feeding it back repeats the run. */
  readonly config: object;
  readonly seed: number;
  readonly adapter: AdapterRecord;
  /** Optimiser steps taken in all, earlier sessions of a resumed run included. */
  readonly steps: number;
  readonly seconds: number;
  readonly stepsPerSecond: number;
  /** Last value of each metric; with several replicas an array, a value per replica. */
  readonly metrics: Readonly<Record<string, number | readonly number[] | null>>;
  readonly events: readonly RunEvent[];
  readonly results: object;
  readonly warnings: readonly string[];
}

export interface AdapterRecord {
  readonly runtime: 'chrome' | 'node' | 'cpu';
  readonly vendor: string;
  readonly architecture: string;
  readonly description: string;
  /** True for a software adapter. */
  readonly fallback: boolean;
}

/** A phase or a milestone: the first step at which something held. */
export interface RunEvent {
  readonly name: string;
  readonly step: number;
  readonly replica: number;
}
