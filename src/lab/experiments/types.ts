/** What an experiment is to the lab, and what it becomes when built. */
import type { Key } from '../../graph/layout';
import type { Values } from '../../graph/program';
import type { Node } from '../../graph/types';
import type { Update } from '../../graph/update';
import type { Milestone } from '../milestones';
import type { RunEvent } from '../record';
import type { ObjectSchema } from '../schema';
import type { MetricTable } from '../table';

/** A kind of experiment: its schema and how a configuration becomes a model. */
export interface Experiment<Config = unknown> {
  readonly name: string;
  /** One sentence for the list. */
  readonly summary: string;
  /** Parse with it, describe it, build controls from it. */
  readonly schema: ObjectSchema<unknown>;
  /** Fills defaults in. Throws `BadConfig` naming the path. */
  parse(value: unknown): Config;
  /** Throws `BadConfig` or `LimitExceeded` before anything large is made. */
  build(config: Config): Model;
}

/** A named configuration: `modular-addition.quick`. */
export interface Preset {
  readonly name: string;
  readonly summary: string;
  /** As in a file: only what differs from the defaults, plus `schema` and `experiment`. */
  readonly config: object;
}

/** A traced experiment, ready to be compiled or interpreted. All nodes are of one graph. */
export interface Model {
  readonly experiment: string;
  /** Complete configuration, as the run record shows it. */
  readonly config: object;
  readonly seed: number;
  readonly replicas: number;
  /** Steps a full run takes. */
  readonly steps: number;
  /** A row of the metric table every so many steps. */
  readonly evaluateEvery: number;
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
  /** What the experiment is for: `results` of the run record. Called at any time, also before the first step. */
  summarize(so: Progress): object;
}

export interface Progress {
  readonly table: MetricTable;
  readonly events: readonly RunEvent[];
  readonly step: number;
}
