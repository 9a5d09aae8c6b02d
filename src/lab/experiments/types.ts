/** What an experiment is to the lab, and what it becomes when built. */
import type { OnChip, PathChoice } from '../../chip/training/types';
import type { Gpu } from '../../gpu/open';
import type { Key, ParameterLayout } from '../../graph/layout';
import type { Advance, Program, ProgramSpec, Values } from '../../graph/program';
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

/** An experiment ready to be carried out: a network to train, chains to run around a point, or several of these in turn. */
export type Model = SingleModel | StagedModel;
/** One program from its first step to its last. */
export type SingleModel = TrainingModel | SamplingModel;

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
  /** Rows at these steps, in order, instead; the last step has one whatever they are. */
  readonly evaluateAt?: readonly number[];
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
  /** Views are of all replicas, [R, …], instead of replica 0. */
  readonly viewsOfAll?: boolean;
  readonly update: Update;
  /** The loss as kernels with all state on the chip have it; absent where they have none. */
  readonly chip?: { readonly onChip: OnChip; readonly prefer: PathChoice };
  /** Events to watch for, in `metrics` (every step) and in `evaluation`. */
  readonly milestones: readonly Milestone[];
  /** Keep the parameters every so many steps, from step 0 on, in `checkpoints.safetensors`; absent for not. */
  readonly checkpointEvery?: number;
  /** Further steps whose parameters are kept. */
  readonly keepAt?: readonly number[];
  /** What follows on the training: chains around each of the kept checkpoints. */
  readonly sequel?: Sequel;
  /** Parameters [R, P] to start from instead of the traced initial values. */
  readonly start?: Float32Array;
  /** 0/1, [P] or [R, P]: zeros are pruned. */
  readonly mask?: Float32Array;
  /** What the record warns of from the start. */
  readonly warnings?: readonly string[];
  /** Measured on a schedule of their own; their columns stand behind those of `evaluation`. */
  readonly measures?: ScheduledMeasures;
}

/** Measures that cost more than an evaluation and are made less often. */
export interface ScheduledMeasures {
  /** Steps between them; step 0 and the last step have them too. */
  readonly every: number;
  readonly nodes: Readonly<Record<string, Node>>;
  readonly columns: readonly string[];
  /** Shapes of the views, of replica 0, that come with each. */
  readonly views: Readonly<Record<string, readonly number[]>>;
  /** From the values of the nodes for one replica. */
  finish(values: Readonly<Record<string, ArrayLike<number>>>): {
    readonly scalars: Readonly<Record<string, number>>;
    readonly views: Readonly<Record<string, Float64Array>>;
  };
}

/**
 * Trainings (and samplings) in turn, each made from what the earlier ones came to: a base and the tickets drawn from it, or rounds of
 * pruning. The table has a column entry per network ever trained, and its rows are of each network's own step: a base and
 * a ticket of it stand in the same row at the same step of their training.
 */
export interface StagedModel extends CommonModel {
  readonly staged: true;
  /** Names of the networks, in the order of the entries of a row; `replicas` is their number. */
  readonly entries: readonly string[];
  /** Columns of the metric table. */
  readonly columns: readonly string[];
  readonly milestones: readonly Milestone[];
  readonly stages: readonly StagePlan[];
  /** What identifies the first `count` stages: equal texts mean that they would come out the same, and kept outcomes may be used. */
  signature(count: number): string;
  /** Makes stage k. `done` are the stages before it. */
  build(k: number, done: readonly StageOutcome[], tools: StageTools): Promise<Stage>;
  summarize(so: StagedProgress): object;
}

/** What is known of a stage before it is built. */
export interface StagePlan {
  /** In words fit for the page: "base", "tickets", "round 3". */
  readonly name: string;
  readonly steps: number;
  /** Which entries its replicas are; empty for chains. */
  readonly entries: readonly number[];
}

export interface Stage {
  readonly model: TrainingModel | SamplingModel;
  /** Views known as soon as the stage is built, such as masks: shape and data. */
  readonly views?: Readonly<
    Record<string, { readonly shape: readonly number[]; readonly data: Float32Array }>
  >;
  /** Arrays for later stages and for the results: masks, scores. They are stored with the outcome. */
  readonly keep?: Readonly<Record<string, Float32Array>>;
}

export interface StageOutcome {
  readonly layout: ParameterLayout;
  /** Parameters kept on the way and at the end, [R, P] each, by step. */
  readonly checkpoints: readonly Checkpoint[];
  readonly keep: Readonly<Record<string, Float32Array>>;
  /** Results of the stage's own model. */
  readonly results: object;
}

export interface StageTools {
  /** A program on the run's device, or in float64 where there is none, to be disposed of by who asked. */
  open(spec: ProgramSpec): Promise<Program>;
  /** The run's table so far, for what later stages decide by. */
  readonly table: MetricTable;
}

export interface StagedProgress extends Progress {
  readonly done: readonly StageOutcome[];
  /** The stage under way, null behind the last. */
  readonly stage: number | null;
  /** What each stage made so far keeps, the one under way included. */
  readonly keeps: readonly StageOutcome['keep'][];
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
  /** What was recorded up to the step marked last, as it is at the call, to go on from. */
  files(): Promise<Files>;
  /** Puts back what `files` gave, as far as `step`. Throws `BadCheckpoint`. */
  restore(files: Files, step: number): Promise<void>;
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
  /** Views of the last scheduled measures, a record per replica; empty before the first of this sitting. */
  readonly vectors?: readonly Readonly<Record<string, ArrayLike<number>>>[];
}
