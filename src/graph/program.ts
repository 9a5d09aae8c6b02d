/**
 * A program: a traced model made ready to run, on the device (`compile.ts`) or in float64 (`reference.ts`). Both are used
 * the same way, so that a run, a test or a page need not know which it holds.
 */
import type { Key, ParameterLayout } from './layout';
import type { Node } from './types';
import type { Update } from './update';

export type Values = Float32Array | Uint32Array;

/** What to make ready. All nodes belong to one graph. */
export interface ProgramSpec {
  /** One key per replica; their number is R. */
  readonly keys: readonly Key[];
  /** Values of every data leaf: its elements once if shared, R times one after the other if replicated. */
  readonly data: Readonly<Record<string, Values>>;
  /**
   * Parameters [R, P] to start from instead of the traced initial values, in the order of the layout, padding 0. They need
   * not be finite: a chain that starts at NaN stays there and must not disturb the others.
   */
  readonly start?: Float32Array;
  /** What a step is; absent for a program that only evaluates. */
  readonly training?: Training;
  /** Named sets of nodes to evaluate on request at the current parameters, step and data. */
  readonly evaluations?: Readonly<Record<string, Readonly<Record<string, Node>>>>;
}

export interface Training {
  /** Scalar. Its gradients drive the update. */
  readonly loss: Node;
  /** Scalars recorded at every step, before its update: row s holds them at the parameters after s updates. */
  readonly metrics: Readonly<Record<string, Node>>;
  /** Scalar that the update is told is the loss, where that is not what is differentiated; `loss` unless given. */
  readonly observed?: Node;
  readonly update: Update;
  /** 0/1 per parameter, [P] or [R, P]: zeros are pruned. */
  readonly mask?: Float32Array;
}

export interface Program {
  readonly layout: ParameterLayout;
  readonly replicas: number;
  /** Names of the recorded metrics, those of the update last, in the order of a row. */
  readonly metrics: readonly string[];
  /** Updates taken; the next one is number `step`. */
  readonly step: number;
  /** Most steps that one call of `advance` takes. */
  readonly limit: number;
  /**
   * Takes `count` steps, then runs the named evaluation. Several calls may be under way; they run in order. Resolves
   * when the results are there.
   */
  advance(count: number, evaluation?: string): Promise<Advance>;
  /**
   * What an evaluation still waits for before it can run, kernels that were put off; null when it can run at once, and a program
   * without this always can. Rejects where they do not compile.
   */
  pending?(evaluation: string): Promise<void> | null;
  /** Parameters, optimiser state and step, as they are after all calls so far. */
  save(): Promise<Snapshot>;
  /** Puts a snapshot back; the next step is then the one that followed it. */
  restore(snapshot: Snapshot): void;
  dispose(): void;
}

export interface Advance {
  readonly firstStep: number;
  readonly count: number;
  /** [count, metrics, R] */
  readonly rows: Float32Array | Float64Array;
  /** Per output of the evaluation [R, …], shared ones [1, …]; null when none was asked for. */
  readonly outputs: Readonly<Record<string, Float32Array | Float64Array>> | null;
  /** Time the device needed, as the host saw it. */
  readonly milliseconds: number;
  /** Time on the device alone, from timestamp queries; null where there are none. */
  readonly deviceMilliseconds: number | null;
}

export interface Snapshot {
  readonly step: number;
  /** [R, P] */
  readonly parameters: Float32Array;
  /** Each [R, P], by the names of `Update.state`. */
  readonly state: Readonly<Record<string, Float32Array>>;
  /** Each [R], by the names of `Update.scalars`; absent when there are none. */
  readonly scalars?: Readonly<Record<string, Float32Array>>;
}
