/**
 * What a run needs of a model whatever its kind: a program, what to make of a batch of steps, a row of the table, views, files. One
 * driver trains, the other samples; the loop of run.ts knows neither.
 */
import type { Gpu } from '../../gpu/open';
import type { Advance, Program } from '../../graph/program';
import type { Files } from '../files';
import type { Milestone } from '../milestones';
import type { Tuner } from '../run-types';

export interface Driver {
  /** Columns of the metric table. */
  readonly columns: readonly string[];
  /** What one of the program's replicas is called. */
  readonly noun: 'replica' | 'chain';
  readonly milestones: readonly Milestone[];
  open(
    gpu: Gpu | null,
    onKernel: (ready: number, total: number) => void,
    tune?: Tuner,
  ): Promise<Opened>;
  /** Reads every step of a batch. */
  read(batch: Advance, to: Reader): void;
  /** A row of the table from a batch that ended in the evaluation. */
  row(batch: Advance): Readonly<Record<string, readonly number[]>>;
  /** What is measured on a schedule of its own, null where nothing is. */
  readonly measures: ScheduledEvaluation | null;
  /** Whether views come at once; their kernels may still be compiling. */
  canView(): boolean;
  /** Tensors worth drawing, of those named. */
  views(names: readonly string[]): Promise<readonly View[]>;
  /** The state at this step is to be saved, or to be gone back to. */
  mark(step: number): void;
  /** As of the step marked last, and of the call. */
  files(): Promise<Files>;
  /** Throws `BadCheckpoint`. */
  restore(files: Files, step: number): Promise<void>;
  truncate(step: number): void;
}

export interface ScheduledEvaluation {
  readonly every: number;
  /** Name of the evaluation of the program. */
  readonly evaluation: string;
  /** Columns of the row, a value per replica, views of replica 0, and the vectors of all replicas. */
  read(batch: Advance): {
    readonly row: Readonly<Record<string, readonly number[]>>;
    readonly views: readonly View[];
    readonly vectors: readonly Readonly<Record<string, Float64Array>>[];
  };
}

export interface Opened {
  readonly program: Program;
  readonly bytes: number;
  /** Name of the evaluation that a row of the table needs. */
  readonly evaluation: string | undefined;
  readonly warnings: readonly string[];
}

export interface Reader {
  /** The metrics of one step, a value per replica each. */
  observe(step: number, metrics: Readonly<Record<string, ArrayLike<number>>>): void;
  /** A replica's numbers are no longer finite. */
  lost(step: number, replica: number): void;
}

export interface View {
  readonly name: string;
  readonly step: number;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}
