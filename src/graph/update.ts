/**
 * What an optimiser or a sampler must be for a compiled step to end with it: one pass over the flat buffers of all
 * parameters of all replicas (DESIGN §3), with a float64 twin.
 */
import type { Block, PhaseBuilder } from '../plan/types';

export interface Update {
  readonly name: string;
  /** Names of the state buffers, each [R, P] f32, zero at first; they are saved as `optimizer.<name>`. */
  readonly state: readonly string[];
  /** Per-replica scalars, one value for all or one a replica: the columns, in this order, of the table [R, H]. */
  readonly hyper: Readonly<Record<string, number | readonly number[]>>;
  /** Constants made on the host in float64, such as schedules and bias corrections; uploaded once. */
  readonly tables: Readonly<Record<string, Float32Array>>;
  /** Emits the dispatches of one update. */
  lower(target: UpdateTarget, to: PhaseBuilder): void;
  /** One update of one replica in float64, in place. */
  reference(target: ReferenceUpdate): void;
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
  /** [R, H] f32. */
  readonly hyper: Block;
  readonly tables: Readonly<Record<string, Block>>;
  /** u32 [step, 0, seed of replica 0, its lane, …]; the step counts from 0 and is the same for all launches of one update. */
  readonly clock: Block;
}

export interface ReferenceUpdate {
  readonly step: number;
  readonly seed: number;
  readonly replica: number;
  readonly parameters: Float64Array;
  readonly gradients: Float64Array;
  readonly mask: Float64Array | null;
  readonly state: Readonly<Record<string, Float64Array>>;
  readonly hyper: Readonly<Record<string, number>>;
}
