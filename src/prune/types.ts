/**
 * Pruning: which weights of the flat buffer stay. A mask is 0/1 per parameter, [P] in the order of the layout, padding 0;
 * the engine holds what is masked at zero in the forward pass and in the optimiser (`Training.mask`).
 */
import type { ParameterLayout } from '../graph/layout';

/** How a sub-network is chosen. */
export const METHODS = [
  /** Not pruned: the base again, another weight decay, another start. */
  'dense',
  /** Largest |w| at the source step, all tensors in one pool (Grokking Tickets). */
  'magnitude',
  /** The same within each tensor. */
  'magnitude-layerwise',
  /** Magnitude in rounds: train to the source step, prune a share of what is left, rewind, again. */
  'iterative',
  /** Scores at the start: |θ·∂L/∂θ| (Lee et al. 2019). */
  'snip',
  /** θ ⊙ H·g, highest kept (Wang et al. 2020; the sign of the Grokking Tickets code). */
  'grasp',
  /** |θ·∂R/∂θ| with R the summed output of the network of |θ| (Tanaka et al. 2020): one round, or 100. */
  'synflow',
  'synflow-100',
  'random',
  /** |θ| at the start. */
  'magnitude-at-init',
] as const;
export type Method = (typeof METHODS)[number];

/** Where a network starts from, next to the rewind step. */
export const STARTS = [
  /** The base's parameters at the rewind step. */
  'rewind',
  /** New numbers from the initial distributions, the mask kept (Frankle and Carbin's random re-initialisation). */
  'reinitialise',
  /** Rewound and scaled as a whole, so that it has the mean L1 (or L2) norm per tensor of the pruned one; not pruned. */
  'scaled-l1',
  'scaled-l2',
] as const;
export type Start = (typeof STARTS)[number];

export interface PruneOptions {
  /** Share of the weights taken away, 0 … 1. */
  readonly pruned: number;
  /** `global` ranks all tensors in one pool, `layerwise` each for itself. */
  readonly scope: 'global' | 'layerwise';
  /** Tensors left whole; `pruned` is then a share of the others. */
  readonly exempt?: readonly string[];
  /** Weights masked before stay masked; `pruned` is a share of all that may be pruned, those included. */
  readonly within?: Float32Array;
  /** With `layerwise`: factors on `pruned` by tensor, 1 unless given; ½ for the output layer of LeNet. */
  readonly rates?: Readonly<Record<string, number>>;
}

/** Scores to mask: the largest stay. Ties fall to the lower index, so that the count is exact. Throws `BadConfig`. */
export type KeepLargest = (
  scores: ArrayLike<number>,
  layout: ParameterLayout,
  options: PruneOptions,
) => Float32Array;

export type Curvature = 'exact' | 'differences';

/** Gradients at any parameters, on the device or in float64: all that scores at the start need. */
export interface Probe {
  readonly layout: ParameterLayout;
  /**
   * [P]. `loss`: mean loss over the training set. `tempered`: the same with logits over 200 (GraSP). `flow`: summed outputs of
   * the network whose weights are |θ|, by |θ| (SynFlow).
   */
  gradients(of: 'loss' | 'tempered' | 'flow', parameters: Float32Array): Promise<Float32Array>;
  /** H·v of the tempered loss, [P]. */
  hessianProduct(parameters: Float32Array, vector: Float32Array): Promise<Float32Array>;
  /** How: by the gradient's own gradient, or by a difference of gradients where an op on the way has none. */
  readonly curvature?: Curvature;
  dispose(): void;
}
