/** What an experiment is to the lab, and what it becomes when built. */
import type { Gpu } from '../../gpu/open';
import type { Key, ParameterLayout } from '../../graph/layout';
import type { Advance, Program, Values } from '../../graph/program';
import type { Node } from '../../graph/types';
import type { Update } from '../../graph/update';
import type { Files } from '../files';
import type { Milestone } from '../milestones';
import type { RunEvent } from '../record';
import type { ObjectSchema } from '../schema';
import type { MetricTable } from '../table';

/** A kind of experiment: its schema and how a configuration becomes a model. */
export interface Experiment<Config = unknown, M extends Model = Model> {
  readonly name: string;
  /** One sentence for the list. */
  readonly summary: string;
  /** Parse with it, describe it, build controls from it. */
  readonly schema: ObjectSchema<unknown>;
  /** Fills defaults in. Throws `BadConfig` naming the path. */
  parse(value: unknown): Config;
  /**
   * `files` are what the experiment reads besides its configuration, see `SOURCE`. Throws `BadConfig`, `BadCheckpoint` or
   * `LimitExceeded` before anything large is made.
   */
  build(config: Config, files?: Files): M;
}

/** A named configuration: `modular-addition.quick`. */
export interface Preset {
  readonly name: string;
  readonly summary: string;
  /** As in a file: only what differs from the defaults, plus `schema` and `experiment`. */
  readonly config: object;
}

/** An experiment ready to be carried out: a network to train, or chains to run around a point. */
export type Model = TrainingModel | SamplingModel;

interface CommonModel {
  readonly experiment: string;
  /** Complete configuration, as the run record shows it. */
  readonly config: object;
  readonly seed: number;
  /** Values of each column in a row of the metric table: replicas trained, or groups of chains. */
  readonly replicas: number;
  /** Steps a full run takes. */
  readonly steps: number;
  /** A row of the metric table every so many steps. */
  readonly evaluateEvery: number;
  /** What the experiment is for: `results` of the run record. Called at any time, also before the first step. */
  summarize(so: Progress): object;
}

/** A traced network, ready to be compiled or interpreted. All nodes are of one graph. */
export interface TrainingModel extends CommonModel {
  /** Philox keys, one a replica: [seed + r, 0] where replicas are seeds. */
  readonly keys: readonly Key[];
  readonly data: Readonly<Record<string, Values>>;
  /** Scalar training loss of a step. */
  readonly loss: Node;
  /** Scalars recorded at every step: `train_loss`, `train_accuracy` of the step's batch. */
  readonly metrics: Readonly<Record<string, Node>>;
  /** Scalars measured every `evaluateEvery` steps; they are the columns of the metric table, in this order. */
  readonly evaluation: Readonly<Record<string, Node>>;
  /** Tensors worth drawing, computed when a page watches them. */
  readonly views: Readonly<Record<string, Node>>;
  readonly update: Update;
  /** Events to watch for, in `metrics` (every step) and in `evaluation`. */
  readonly milestones: readonly Milestone[];
  /** Keep the parameters every so many steps, from step 0 on, in `checkpoints.safetensors`; absent for not. */
  readonly checkpointEvery?: number;
  /** What follows on the training: chains around each of the kept checkpoints. */
  readonly sequel?: Sequel;
}

export interface Sequel {
  /** Sampler steps it takes. */
  readonly steps: number;
  build(checkpoints: readonly Checkpoint[], layout: ParameterLayout): SamplingModel;
}

/** Parameters as they were at a step of training, [R, P]. */
export interface Checkpoint {
  readonly step: number;
  readonly parameters: Float32Array;
}

/** Chains of a sampler: their program comes from elsewhere than a training step, and the host sums up what they record. */
export interface SamplingModel extends CommonModel {
  /** Columns of the metric table. */
  readonly columns: readonly string[];
  /** Makes the program. Called again after a lost device; what was recorded is kept. */
  open(gpu: Gpu | null, onKernel: (ready: number, total: number) => void): Promise<OpenedChains>;
  /** Takes in what a submit brought; returns the chains that stopped being finite there, with the step. */
  take(batch: Advance): readonly { readonly chain: number; readonly step: number }[];
  /** A row of the table, a value per group in each column; an empty list where there is none yet. */
  row(): Readonly<Record<string, readonly number[]>>;
  /** A view by name, null where there is none. */
  view(name: string): { readonly shape: readonly number[]; readonly data: Float32Array } | null;
  /** The state at this step is to be saved, or to be gone back to. */
  mark(step: number): void;
  /** What was recorded up to the step marked last, to go on from. */
  files(): Files;
  /** Puts back what `files` gave, as far as `step`. Throws `BadCheckpoint`. */
  restore(files: Files, step: number): void;
  /** Forgets what was recorded at and after `step`. */
  truncate(step: number): void;
}

export interface OpenedChains {
  readonly program: Program;
  /** Evaluation to run at each row of the table. */
  readonly evaluation: string | undefined;
  readonly bytes: number;
  /** What the record warns of from the start. */
  readonly warnings: readonly string[];
}

export interface Progress {
  readonly table: MetricTable;
  readonly events: readonly RunEvent[];
  readonly step: number;
}
