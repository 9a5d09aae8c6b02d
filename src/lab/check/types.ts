/**
 * The parity table: for every op and kernel, cases with random shapes, built once as a graph, run on the device and in the
 * float64 reference, compared element by element with the bound of DESIGN §8. `lab check`, the self-check page and the
 * browser tests all run these same rows; the node tests check the same graphs' gradients by central differences.
 */
import type { Graph, Node, Tensor } from '../../graph/types';

export interface Case {
  /** The line it is counted under in the report: `matmul`, `matmul gradient`, `softmax`, `adamw`. */
  readonly op: string;
  /** What is special about it: `7×13 · 13×5, transposed`. */
  readonly name: string;
  build(graph: Graph, draw: Draw): Built;
}

export interface Built {
  /** The node under test. */
  readonly output: Node;
  /** Largest |device − reference| allowed, per element of one replica, or one number for all. */
  bound(inputs: Readonly<Record<string, Tensor>>, output: Tensor): Float64Array | number;
  /**
   * Leaves (by name) whose gradients are compared too: of Σ w ⊙ output with random weights w in [−1, 1], on the device
   * against the reference, and of the reference against central differences (eps 1e-6).
   */
  readonly gradients?: readonly string[];
  /** Relative to the largest reference gradient of that leaf; 2e-5 unless said. */
  readonly gradientBound?: number;
}

/** Random choices of a case, from its seed: the same case is the same everywhere. */
export interface Draw {
  /** Integer in [low, high]. */
  integer(low: number, high: number): number;
  pick<T>(choices: readonly T[]): T;
  /**
   * A float leaf: a data node with values of a normal distribution (or the given function of one normal deviate),
   * replicated unless said otherwise.
   */
  leaf(name: string, shape: readonly number[], options?: LeafOptions): Node;
  /** A u32 leaf with values in [0, below). */
  indices(name: string, shape: readonly number[], below: number, options?: LeafOptions): Node;
}

export interface LeafOptions {
  readonly replicated?: boolean;
  readonly scale?: number;
  readonly map?: (deviate: number) => number;
}

/** Cases put together when the module loads; a bundler leaves them out where nobody runs them. */
/* @__NO_SIDE_EFFECTS__ */
export function listCases(make: () => readonly Case[]): readonly Case[] {
  return make();
}
