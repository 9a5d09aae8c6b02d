/**
 * The vocabulary of a plan. A plan knows buffers and dispatches, not tensors: what a node means ends in
 * `src/graph/lower.ts`, what the device does begins here.
 */
import type { Traits } from '../gpu/open';
import type { Shader } from '../gpu/shader';

export type { Traits };

export type Element = 'f32' | 'u32';

/** A block of device memory of 4-byte elements. */
export interface Block {
  readonly id: number;
  readonly label: string;
  readonly elements: number;
  readonly element: Element;
  /**
   * `persistent` has a buffer of its own for the life of the plan: parameters, data, state, whatever is read from outside.
   * `transient` lives from its first write to its last read inside one phase and shares memory with others.
   */
  readonly kind: 'persistent' | 'transient';
}

/** One kernel launch. `groups` are workgroups per axis, each at most 65,535. */
export interface Dispatch {
  readonly label: string;
  readonly shader: Shader;
  readonly bindings: Readonly<Record<string, Block>>;
  readonly params: Readonly<Record<string, number | readonly number[]>>;
  readonly overrides: Readonly<Record<string, number>>;
  readonly groups: readonly [number, number, number];
  /** Arithmetic of the launch, multiply-add as 2; 0 where nobody counts. */
  readonly flops: number;
}

/** Work in order, run as a whole: the training step is one phase, each evaluation another. */
export interface Phase {
  readonly name: string;
  readonly dispatches: readonly Dispatch[];
}

/** A shader's own names, so that a launch which forgets or invents one does not compile. */
export type BindingsOf<S> =
  S extends Shader<infer B, string, string> ? Readonly<Record<B, Block>> : never;
export type ParamsOf<S> =
  S extends Shader<string, infer P, string>
    ? Readonly<Record<P, number | readonly number[]>>
    : never;
export type OverridesOf<S> =
  S extends Shader<string, string, infer O> ? Readonly<Partial<Record<O, number>>> : never;

export interface Launch<S extends Shader> {
  readonly bindings: BindingsOf<S>;
  readonly params: ParamsOf<S>;
  readonly overrides?: OverridesOf<S>;
  /** Workgroups per axis, or how many there are, to be folded into x and y: the shader unfolds them with `linear_id`. */
  readonly groups: number | readonly [number, number, number];
  readonly flops?: number;
  readonly label?: string;
}

/** What optimisers and ops write into while a phase is being put together. */
export interface PhaseBuilder {
  readonly traits: Traits;
  readonly replicas: number;
  transient(label: string, elements: number, element?: Element): Block;
  launch<S extends Shader>(shader: S, launch: Launch<S>): void;
}
