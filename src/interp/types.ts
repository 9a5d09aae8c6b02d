/**
 * What the progress measures read of a network that adds two operands mod p, and what they come to. The measures are traced
 * nodes (`trace.ts`), so that they run on the device beside training; `reference/` has the same in float64 from plain tables, the twin
 * that tests compare with.
 *
 * K = (p − 1)/2 frequencies, k = 1 … K at index k − 1; w_k = 2πk/p; C classes, of which the first p are the answers.
 */
import type { Node } from '../graph/types';

export interface Subject {
  /** Odd, at least 5. */
  readonly p: number;
  /** [p, width], a row an operand; W_inᵀ where the network reads one-hot operands. */
  readonly embedding: Node;
  /** W_L [C, hidden], W_U·W_out: what each neuron adds to each logit. Skip paths are left out. */
  readonly readout: Node;
  /** [hidden, p], W_in·E: what each operand adds to each neuron; null where attention lies between. */
  readonly input: Node | null;
  /** Over all p² pairs, row a·p + b. */
  readonly all: {
    /** [p², C] */
    readonly logits: Node;
    /** Behind the activation, [p², hidden]. */
    readonly neurons: Node;
    /** From the last position to the first operand, [heads, p, p]; null without attention. */
    readonly attention: Node | null;
  };
  readonly train: PairSet;
  readonly test: PairSet;
  /** Trained tensors by name. */
  readonly parameters: Readonly<Record<string, Node>>;
  /** Logits [n, C] of n pairs whose operands are embedded as these vectors, [n, width] each; null where there is no embedding. */
  readonly embedded: ((a: Node, b: Node) => Node) | null;
}

/** Part of the table. */
export interface PairSet {
  /** u32 [N], a·p + b. */
  readonly rows: Node;
  /** u32 [N], (a + b) mod p. */
  readonly labels: Node;
}

export interface MeasureOptions {
  /**
   * Frequencies taken as key ones whatever the network shows; null for the rule: k is key when its coefficient of the logits on
   * cos(w_k(a + b − c)) is positive and its square at least half the mean square over all K.
   */
  readonly keys: readonly number[] | null;
  /** Of the samples of gradient symmetricity. */
  readonly seed: number;
  /** `readout_fve` as well, unless false: a product over all pairs for it alone, a quarter of what all measures take. */
  readonly readout?: boolean;
}

/** Scalars in the order in which a table lists them; each is one number per replica. Losses are mean cross-entropies in nats. */
export const MEASURES = [
  /** Logits from C_k, S_k of the key frequencies alone plus the mean of each class ("logit variant"); test, train and all pairs. */
  'restricted_loss',
  'restricted_loss_train',
  'restricted_loss_all',
  'restricted_accuracy',
  /** The paper's text: constant and the four product terms of each key frequency; test pairs. */
  'restricted_loss_terms',
  /** TransformerLens demo: neurons from their mean and C_k, S_k, then W_L, re-centred; test pairs. */
  'restricted_loss_neurons',
  /** C_k, S_k of the key frequencies taken out of the logits; train pairs. */
  'excluded_loss',
  /** The same with all K frequencies. */
  'excluded_loss_all',
  /** cos(w_k(a + b − c)) of the key frequencies taken out instead. */
  'excluded_loss_cube',
  /** TransformerLens demo: C_k, S_k taken out of the neurons, skip path kept. */
  'excluded_loss_neurons',
  /** Share of the variance of the logits that Σ_key α_k cos(w_k(a + b − c)) explains. */
  'logit_fve',
  /** Gini coefficients of the p norms of Fourier rows of E and of W_L. */
  'gini_embedding',
  'gini_readout',
  /** Share of neurons more than 85 % of whose variance one frequency explains. */
  'explained_neurons',
  /** Number of key frequencies. */
  'key_count',
  /** Mean over neurons of the entropy of their amplitudes over all K frequencies: of W_in·E and of W_L; Shannon's, and the Grokking Tickets code's, −Σ q log softmax(q) without the last bin. */
  'entropy_in',
  'entropy_in_code',
  'entropy_out',
  'entropy_out_code',
  /** Mean over heads of the largest share of the variance of attention to a that one frequency explains. */
  'attention_periodicity',
  /** Mean cosine between ∂logit_c/∂E_a and ∂logit_c/∂E_b over 100 random (a, b, c). */
  'gradient_symmetricity',
  /** Spread of the right logit at one difference over its spread in all: 1 where only the sum matters, 0 where only the difference does. */
  'distance_irrelevance',
  /** Of the first four principal components of E, the mean share of power at the best frequency. */
  'circularity',
  /** Σ w² over all tensors is the run's own `weight_norm`; here by tensor: `weight_norm/<tensor>`. */
] as const;

export type MeasureName = (typeof MEASURES)[number] | `weight_norm/${string}`;

/** Vectors a page draws; each comes with every row of measures. */
export const MEASURE_VIEWS = [
  /** [p] norms of the Fourier rows of E and of W_L: constant, cos 1, sin 1, cos 2, … */
  'embedding_spectrum',
  'readout_spectrum',
  /** [K] coefficients α_k of the logits on cos(w_k(a + b − c)), and their cosine similarities. */
  'logit_coefficients',
  'logit_cosines',
  /** [K] 1 for a key frequency, else 0. */
  'key_frequencies',
  /** [2, hidden] frequency of each neuron (1 … K) and the fraction of its variance that it explains. */
  'neurons',
  /** [K] train loss with C_k, S_k of this one frequency taken out. */
  'excluded_by_frequency',
  /**
   * [K] loss on all pairs with every neuron restricted to its mean and C_k, S_k of its own frequency, then W_L, re-centred, and the
   * cluster of this frequency dropped.
   */
  'ablation',
  /** [2, K] fraction of variance of u_k·neurons and v_k·neurons that cos and sin of w_k(a + b) explain; u_k, v_k Fourier rows of W_L. */
  'readout_fve',
  /** [heads, K] variance of the attention to a explained by each frequency; only with attention. */
  'attention_spectrum',
] as const;

export type MeasureView = (typeof MEASURE_VIEWS)[number];

/** Larger pictures, computed only while they are watched. */
export const DRAWN_VIEWS = [
  /** [p, p] norm over classes, and over neurons, of the two-dimensional transform over (a, b); neurons less their mean. */
  'logit_spectrum',
  'neuron_spectrum',
  /** [hidden, p] W_in·E, the rows of the neurons; where there is no attention. */
  'neuron_inputs',
  /** [6, p, p] activations over (a, b) of the best explained neurons of the six largest clusters. */
  'neuron_maps',
] as const;

/** Traced measures: nodes to evaluate together, and what to make of their values. */
export interface Measures {
  /** Small tensors, all of them. */
  readonly nodes: Readonly<Record<string, Node>>;
  /** Columns of the table, those of `MEASURES` that this subject has, then the weight norms. */
  readonly columns: readonly string[];
  /** Shapes of the vectors that `finish` gives. */
  readonly views: Readonly<Record<string, readonly number[]>>;
  /** Nodes of `DRAWN_VIEWS`. */
  readonly drawn: Readonly<Record<string, Node>>;
  /** From the values of `nodes` for one replica. Pure, float64, microseconds. */
  finish(values: Readonly<Record<string, ArrayLike<number>>>): MeasureValues;
}

export interface MeasureValues {
  readonly scalars: Readonly<Record<string, number>>;
  readonly views: Readonly<Record<string, Float64Array>>;
}
