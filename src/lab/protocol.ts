/**
 * What a page and the worker that trains say to each other. Plain objects only: no functions, no classes, so that any
 * transport works and a message can be logged.
 */
import type { AdapterRecord, RunEvent, RunRecord } from './record';

export type ToWorker =
  /** Build the run of this experiment (raw JSON, checked in the worker) and stop before its first step. */
  | {
      readonly type: 'open';
      readonly config: unknown;
      /** Resumes from here. */
      readonly checkpoint?: ArrayBuffer;
      /** Metrics and record of the session that wrote the checkpoint, to go on from. */
      readonly csv?: string;
      readonly record?: Pick<RunRecord, 'events' | 'seconds' | 'warnings'>;
      /**
       * Further files by name: those that came with the checkpoint, and under `source/` those of the run that an `llc`
       * experiment samples or `progress-measures` looks at (`source/run.json`, `source/checkpoints.safetensors` or
       * `source/checkpoint.safetensors`).
       */
      readonly files?: Readonly<Record<string, ArrayBuffer>>;
      /** Compute in float64 on the CPU even where there is a GPU. */
      readonly cpu?: boolean;
      /** Kernels for products as measured on this adapter before, or now (src/tune); by the rules unless asked for. */
      readonly tune?: 'remembered' | 'measure';
    }
  /** Run to the last step of the experiment. */
  | { readonly type: 'run' }
  | { readonly type: 'pause' }
  /** Take this many steps, then pause. */
  | { readonly type: 'step'; readonly count: number }
  /** Which views to send whenever metrics are evaluated; see `ExperimentViews`. */
  | { readonly type: 'watch'; readonly views: readonly string[] }
  /** Longest device time per submit in milliseconds: 12 keeps a visible page smooth. */
  | { readonly type: 'pace'; readonly milliseconds: number }
  | { readonly type: 'checkpoint' }
  | { readonly type: 'record' }
  | { readonly type: 'close' };

export type Status =
  | 'idle'
  | 'compiling'
  | 'ready'
  | 'running'
  | 'paused'
  | 'restoring'
  | 'diverged'
  | 'done'
  | 'failed';

export type FromWorker =
  /** `detail` says why, in words fit for the page: "37 kernels", "restored from step 400". */
  | {
      readonly type: 'status';
      readonly status: Status;
      readonly detail: string;
      readonly step: number;
    }
  /** Sent once per `open`, before the first step. `config` has its defaults filled in. */
  | {
      readonly type: 'opened';
      readonly adapter: AdapterRecord;
      readonly parameters: number;
      readonly bytes: number;
      readonly config: object;
    }
  /** Rows since the last message. `values[name][row]` holds one number per replica. */
  | {
      readonly type: 'metrics';
      readonly steps: readonly number[];
      readonly values: Readonly<Record<string, readonly (readonly number[])[]>>;
    }
  | { readonly type: 'event'; readonly event: RunEvent }
  /**
   * A stage of a run in stages begins. `entries` are the places of its networks in every row of metrics, `names` what they are
   * called; both are empty while chains run. Rows have a value per network of the whole run, NaN where it has none.
   */
  | {
      readonly type: 'stage';
      readonly index: number;
      readonly count: number;
      readonly name: string;
      readonly entries: readonly number[];
      readonly names: readonly string[];
    }
  | {
      readonly type: 'progress';
      readonly step: number;
      readonly total: number;
      readonly stepsPerSecond: number;
      readonly secondsLeft: number;
    }
  /** A tensor worth drawing, of replica 0 unless its shape says otherwise. */
  | {
      readonly type: 'view';
      readonly name: string;
      readonly step: number;
      readonly shape: readonly number[];
      readonly data: Float32Array;
    }
  /** `files` are what the run keeps besides: `traces.safetensors` of sampling, `checkpoints.safetensors` of training, `stages.safetensors`. */
  | {
      readonly type: 'checkpoint';
      readonly step: number;
      readonly bytes: ArrayBuffer;
      readonly files: Readonly<Record<string, ArrayBuffer>>;
    }
  | { readonly type: 'record'; readonly record: RunRecord; readonly csv: string }
  /** `kind` is the class of src/gpu/errors.ts, or `Error`. */
  | { readonly type: 'error'; readonly kind: string; readonly message: string };
