/**
 * What an optimiser or a sampler must be for a compiled step to end with it: one pass over the flat buffers of all
 * parameters of all replicas (DESIGN §3), with a float64 twin.
 */
import type { Block, PhaseBuilder } from '../plan/types';

export interface Update {
  readonly name: string;
  /** Names of the state buffers, each [R, P] f32, zero at first; they are saved as `optimizer.<name>`. */
  readonly state: readonly string[];
  /** Names of state scalars, one a replica, zero at first; saved as `optimizer.<name>`, [R]. */
  readonly scalars?: readonly string[];
  /** Names of scalars a replica that the update computes itself: recorded behind those of `Training.metrics`. */
  readonly metrics?: readonly string[];
  /** The update reads the loss, `UpdateTarget.loss`. */
  readonly observes?: boolean;
  /** Per-replica scalars, one value for all or one a replica: the columns, in this order, of the table [R, H]. */
  readonly hyper: Readonly<Record<string, number | readonly number[]>>;
  /** Constants made on the host in float64, such as schedules and bias corrections; uploaded once. */
  readonly tables: Readonly<Record<string, Float32Array>>;
  /** What kernels that hold all state on the chip (src/chip) need to know of it; absent where they cannot take it. */
  readonly chip?: UpdateOnChip;
  /** Throws `BadConfig` where what the update was made with does not fit a program of this size. */
  check?(program: UpdateProgram): void;
  /** Emits the dispatches of one update. */
  lower(target: UpdateTarget, to: PhaseBuilder): void;
  /** One update of one replica in float64, in place. */
  reference(target: ReferenceUpdate): void;
}

/** The same update on the same columns of `hyper` and the one table of the update. */
export interface UpdateOnChip {
  /** RULE of shaders/lib/chip/train.wgsl. */
  readonly rule: 0 | 1 | 2 | 3;
  readonly clipped: boolean;
  /** Learning-rate factors at the beginning of the table. */
  readonly scheduleLength: number;
  /** Steps of bias corrections behind them; 0 for none. */
  readonly correctionLength: number;
}

export interface UpdateProgram {
  /** P, as in `UpdateTarget`. */
  readonly size: number;
  readonly replicas: number;
  /** The training prunes. */
  readonly masked: boolean;
}

export interface UpdateTarget {
  /** Scalars per replica, P: a multiple of 4; tensors are padded with zeros to a multiple of 4. */
  readonly size: number;
  /** [R, P] f32. */
  readonly parameters: Block;
  /** [R, P] f32; padding is zero. */
  readonly gradients: Block;
  /** [P] or [R, P] f32 of 0 and 1, or null: pruned parameters are held at zero. */
  readonly mask: { readonly block: Block; readonly replicated: boolean } | null;
  readonly state: Readonly<Record<string, Block>>;
  /** [R, S] f32, columns in the order of `Update.scalars`; null when there are none. */
  readonly scalars: Block | null;
  /** [R, M] f32, to be written: columns in the order of `Update.metrics`; null when there are none. */
  readonly metrics: Block | null;
  /** Where `Training.observed` lies, of replica r at offset + r·stride; null unless the update observes it. */
  readonly loss: { readonly block: Block; readonly offset: number; readonly stride: number } | null;
  /** [R, H] f32. */
  readonly hyper: Block;
  readonly tables: Readonly<Record<string, Block>>;
  /** u32 [step, 0, seed of replica 0, its lane, …]; the step counts from 0 and is the same for all launches of one update. */
  readonly clock: Block;
}

export interface ReferenceUpdate {
  readonly step: number;
  /** Philox key of the replica. */
  readonly seed: number;
  readonly replica: number;
  /** Which of the R replicas this is. */
  readonly index: number;
  readonly parameters: Float64Array;
  readonly gradients: Float64Array;
  readonly mask: Float64Array | null;
  readonly state: Readonly<Record<string, Float64Array>>;
  /** By the names of `Update.scalars`, to be read and written. */
  readonly scalars: Record<string, number>;
  /** [M], to be written. */
  readonly metrics: Float64Array;
  /** Value of `Training.observed`; NaN unless the update observes it. */
  readonly loss: number;
  readonly hyper: Readonly<Record<string, number>>;
}
