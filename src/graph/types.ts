/**
 * Nodes, ops and what an op must say of itself. An op is a record (DESIGN §3): shape rule, adjoint in terms of other ops, lowering to
 * its shader. Its float64 reference stands apart, in src/ops/reference, so that a program for a device carries none.
 */
import type { Block, Element, PhaseBuilder } from '../plan/types';

export type Dtype = Element;
/** Without the replica axis, which user code never writes. `[]` is a scalar. */
export type Shape = readonly number[];

export interface Type {
  readonly shape: Shape;
  readonly dtype: Dtype;
}

export interface Node<A = unknown> extends Type {
  readonly id: number;
  readonly graph: Graph;
  readonly op: Op<A>;
  readonly inputs: readonly Node[];
  readonly attributes: A;
  /** False for what is the same for all replicas (data and what is computed from data alone): one copy, stride 0. */
  readonly replicated: boolean;
}

/** A growing list of nodes; inputs come before their uses, so the list is already in topological order. */
export interface Graph {
  readonly nodes: Node[];
}

/** A dense row-major tensor in the reference; u32 values are held as exact doubles. */
export interface Tensor {
  readonly shape: Shape;
  readonly data: Float64Array;
}

/** Where and when the reference evaluates: the replica's Philox key (seed, lane) and the counter of random ops. */
export interface Moment {
  readonly seed: number;
  readonly replica: number;
  readonly step: number;
  /** Key of replica 0, with which shared nodes draw; this replica's own unless given. */
  readonly first?: readonly [seed: number, lane: number];
}

/** An op in float64, one replica, dense row-major; returns a fresh array of the result's elements. */
export type Reference<A> = (
  inputs: readonly Tensor[],
  attributes: A,
  result: Type,
  moment: Moment,
) => Float64Array;

export interface Op<A = unknown> {
  readonly name: string;
  /** The result's type. Throws `ShapeMismatch` naming the op and the shapes, `BadConfig` for attributes. */
  infer(inputs: readonly Type[], attributes: A): Type;
  /**
   * An element of the result as a function, in float64, of an element of each input: elementwise ops have it, and uniform inputs give
   * a uniform result. What all others compute is in src/ops/reference.
   */
  scalar?(attributes: A): (...values: number[]) => number;
  /**
   * Gradients of the inputs from the gradient of the result, as new nodes; null where none flows (integers, masks).
   * Absent: the op is not differentiable and gradients stop there with a `BadConfig`.
   */
  adjoint?(node: Node<A>, gradient: Node): readonly (Node | null)[];
  /** Emits the dispatches that compute the node, or names it a view of its input. */
  lower(node: Node<A>, to: Lowering): void;
  /** Draws numbers: a result per replica even where no input has one. */
  readonly random?: boolean;
  /** The input that may come in padded rows (`Operand.padded`). */
  readonly paddedInput?: number;
  /** What it computes of its first two inputs can be had in one pass with others of them (src/graph/fuse/passes.ts). */
  readonly pass?: PassMember;
}

/** A part of a pass over the rows of one input, with labels: scores are losses and corrects, [2, rows]. */
export type PassPart = 'loss' | 'correct' | 'scores' | 'gradient';

export interface PassMember {
  readonly part: Exclude<PassPart, 'scores'>;
  /** The pass with what is wanted of it; `share` is the value of each row's gradient, null for none. */
  start(
    scores: Node,
    labels: Node,
    wanted: { readonly loss: boolean; readonly correct: boolean; readonly share: Node | null },
  ): (part: PassPart) => Node;
}

/**
 * Where a node's values lie: element (i…) of replica r is at `offset + r·replicaStride + Σ i_d·strides[d]` of the block.
 * All in elements. `replicaStride` is 0 for shared nodes.
 */
export interface Operand {
  readonly block: Block;
  readonly offset: number;
  readonly shape: Shape;
  readonly strides: readonly number[];
  readonly replicaStride: number;
  /** The axis of stride 1 goes on with zeros up to a multiple of 4: kernels may read, and write zeros, there. */
  readonly padded?: boolean;
}

/** What an op's `lower` may ask for. */
export interface Lowering extends PhaseBuilder {
  /** Step counter and Philox keys on the device: u32 [step, 0, seed of replica 0, its lane, seed of replica 1, …]. */
  readonly clock: Block;
  /** The operand as it lies, strides and all. */
  operand(node: Node): Operand;
  /** The operand with row-major strides; copied first when it is a strided view. */
  dense(node: Node): Operand;
  /** As `dense`, but rows may be padded (`Operand.padded`). */
  rows(node: Node): Operand;
  /** Room for the result: dense, R copies when the node is replicated, 1 when it is shared. */
  result(node: Node): Operand;
  /** Declares the node a view: no dispatch, no memory. Padding is kept where the op says that its rows are still padded. */
  alias(node: Node, operand: Operand, rows?: { readonly padded: boolean }): void;
  /** What a block of integer data holds, for as long as the program lives; null for what is computed. */
  known(block: Block): Uint32Array | null;
  /** A block of constants; equal keys, equal values. */
  constant(key: string, values: Float32Array | Uint32Array): Block;
  /** R for a replicated node, 1 for a shared one: the factor on the grid. */
  copies(node: Node): number;
}
