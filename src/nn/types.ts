/** A network: parameters of a graph and a function that may be applied to any number of batches. */
import { sizeOf } from '../graph/shape';
import type { Node } from '../graph/types';

export type Activation = 'relu' | 'gelu' | 'quadratic' | 'tanh' | 'linear';

/**
 * `full` computes every layer at every position of every sample, as the PyTorch code does. `cheap` computes what depends
 * on a token alone once per token, and what only the last position needs there only: the same numbers up to rounding.
 */
export type ForwardMode = 'full' | 'cheap';

export interface Network {
  /** Trained tensors by name, in the order of the flat buffer. */
  readonly parameters: Readonly<Record<string, Node>>;
  /** Traces the network on a batch. Throws ShapeMismatch for an input it cannot take. */
  forward(input: Node): Forward;
  /**
   * The same from vectors [B, positions, width] in place of embedded tokens, for gradients by them; positional embeddings
   * are still added. Absent where the network embeds nothing.
   */
  readonly forwardEmbedded?: (vectors: Node) => Forward;
  /** On all pairs of tokens in the order of the first, then the second, cheaper than from a list of them; absent where it would not be. */
  readonly forwardPairs?: () => Forward;
  /** How the queries of the last layer attend, [B, heads, queries, positions]; absent without attention. */
  readonly patternOf?: (forward: Forward) => Node;
}

export interface Forward {
  /** [B, classes]. */
  readonly logits: Node;
  /** What a view may want to read, by name; what is there depends on the network and on `ForwardMode`. */
  readonly activations: Readonly<Record<string, Node>>;
}

/** Trained numbers per replica, padding not counted. */
export function countParameters(network: Network): number {
  return Object.values(network.parameters).reduce((sum, node) => sum + sizeOf(node.shape), 0);
}
