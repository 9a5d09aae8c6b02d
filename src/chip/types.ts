/**
 * Losses whose gradient a kernel takes with all state on the chip, many steps of sampling or training inside one dispatch
 * (DESIGN §4). Parameters lie in the flat buffer exactly as the general path lays them out, tensors padded to multiples of four, so
 * that both paths draw the same numbers.
 */
export interface Term {
  readonly coefficient: number;
  /** A whole number from 0 per variable. */
  readonly powers: readonly number[];
}

/** A loss that kernels know with its gradient; names and shapes of its parameters. */
export type ChipTarget =
  /** Σ coefficient·∏ w_i^power; parameter `w` [d]. */
  | { readonly kind: 'polynomial'; readonly variables: number; readonly terms: readonly Term[] }
  /** ½ Σ h_i w_i²; the gradient gets σ_g·ξ per element, ξ normal by counter (s, ⌊i / 4⌋, streams.gradientNoise, 0). `w` [d]. */
  | {
      readonly kind: 'quadratic';
      readonly eigenvalues: readonly number[];
      readonly gradientNoise: number;
    }
  /** ‖W_L … W_1 − T‖_F²; `layers.0.weight` [n_1, n_0], …; T row-major [n_L, n_0]. */
  | {
      readonly kind: 'linear-network';
      readonly widths: readonly number[];
      /** Or one a chain, [R, n_L, n_0]. */
      readonly truth: Float32Array;
    }
  /** Toy model of superposition, closed form (Chen et al., arXiv 2310.06301): `W` [2, c], `b` [c]. */
  | { readonly kind: 'superposition'; readonly features: number }
  /**
   * Σ_s weight_s ‖f(x_s) − y_s‖² of a fully connected network, no activation after its last layer, or with `labels` Σ_s weight_s of
   * its cross-entropy; `layers.0.weight` [n_1, n_0], with biases `layers.0.bias` [n_1] behind each weight. Weights of samples sum to
   * 1 for a mean.
   */
  | {
      readonly kind: 'network';
      readonly widths: readonly number[];
      readonly activation: 'relu' | 'tanh' | 'linear';
      readonly biases: boolean;
      /** [S, n_0] */
      readonly inputs: Float32Array;
      /** [S, n_L]; empty where there are labels. */
      readonly targets: Float32Array;
      /** [S], each below n_L. */
      readonly labels?: Uint32Array;
      /** [S] */
      readonly weights: Float32Array;
    };

/**
 * The toy model of superposition (Elhage et al., arXiv 2209.10652), W [m, n], b [n]: 1/B Σ_s Σ_i importance_i (x_i − relu(WᵀWx + b)_i)²
 * over B samples drawn anew at every step as `drawFeatures` of src/nn/toy-model.ts draws them.
 */
export interface FeaturesTarget {
  readonly kind: 'features';
  readonly features: number;
  readonly hidden: number;
  /** B */
  readonly samples: number;
  /** Probability that a feature is not 0: one for all replicas or one a replica. */
  readonly density: number | readonly number[];
  /** [n] */
  readonly importance: readonly number[];
}

/** Losses that can be trained on the chip. */
export type TrainTarget =
  Extract<ChipTarget, { kind: 'network' | 'linear-network' | 'superposition' }> | FeaturesTarget;
