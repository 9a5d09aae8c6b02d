/** The network of a modular-arithmetic run on all p² inputs, in the order of a, then b: what views and measures read. */
import { operations, type OperationName } from '../../data/operations';
import type { Values } from '../../graph/program';
import type { Graph, Node } from '../../graph/types';
import type { Network } from '../../nn/types';
import { data } from '../../ops/source';
import { reshape, slice, transpose } from '../../ops/view';
import { toTokens } from './modular-parts';
import type { ModularConfig } from './modular-schema';

/** The table of inputs is left out when its hidden activations would take more than 1 GiB over all replicas. */
const MOST_ELEMENTS = 2 ** 28;

export interface ModularTable {
  /** [p², C] */
  readonly logits: Node;
  /** u32 [p²]; 0 where the operation is undefined. */
  readonly labels: Node;
  /** [p, p], 1 where the operation is defined. */
  readonly defined: Node;
  /** Behind the activation of the last layer at the last position, [p², hidden]; null without hidden units. */
  readonly neurons: Node | null;
  /** From the last position of the last layer to a, [heads, p, p]; null without attention. */
  readonly attention: Node | null;
  readonly data: Readonly<Record<string, Values>>;
}

/** Null where the table would be too large. */
export function traceTable(
  graph: Graph,
  config: ModularConfig,
  network: Network,
): ModularTable | null {
  const p = config.data.modulus;
  const { kind, width, hidden, layers } = config.network;
  if (config.replicas * p * p * Math.max(width, hidden) > MOST_ELEMENTS) return null;
  const table = listTable(config);
  const columns = table.tokens.length / (p * p);
  const { forwardPairs, patternOf } = network;
  const forward = forwardPairs
    ? forwardPairs()
    : network.forward(data(graph, 'all.tokens', [p * p, columns], { dtype: 'u32' }));
  const { logits, activations } = forward;
  return {
    logits,
    labels: data(graph, 'all.labels', [p * p], { dtype: 'u32' }),
    defined: data(graph, 'all.defined', [p, p]),
    neurons:
      kind === 'mlp'
        ? activations['mlp.post']
        : hidden > 0
          ? atLastPosition(activations[`blocks.${layers - 1}.mlp.post`])
          : null,
    attention: patternOf ? attentionToA(p, patternOf(forward)) : null,
    data: {
      ...(!forwardPairs && { 'all.tokens': table.tokens }),
      'all.labels': table.labels,
      'all.defined': table.defined,
    },
  };
}

/** [B, T, hidden] → [B, hidden] */
function atLastPosition(x: Node): Node {
  const [batch, positions, hidden] = x.shape;
  const last = slice(x, [0, positions - 1, 0], [batch, positions, hidden]);
  return reshape(last, [batch, hidden]);
}

/** From the last query to the first operand, of all pairs: [heads, p, p]. */
function attentionToA(p: number, pattern: Node): Node {
  const [, heads, queries] = pattern.shape;
  const toA = slice(pattern, [0, 0, queries - 1, 0], [p * p, heads, queries, 1]);
  return reshape(transpose(reshape(toA, [p * p, heads])), [heads, p, p]);
}

function listTable(config: ModularConfig): {
  readonly tokens: Uint32Array;
  readonly labels: Uint32Array;
  readonly defined: Float32Array;
} {
  const p = config.data.modulus;
  const operation: (typeof operations)[OperationName] = operations[config.data.operation];
  const skipsZero = 'skipsZero' in operation && operation.skipsZero;
  const pairs = new Uint32Array(2 * p * p);
  const labels = new Uint32Array(p * p);
  const defined = new Float32Array(p * p).fill(1);
  for (let row = 0; row < p * p; row++) {
    const [a, b] = [Math.floor(row / p), row % p];
    pairs.set([a, b], 2 * row);
    if (skipsZero && b === 0) defined[row] = 0;
    else labels[row] = operation.compute(a, b, p);
  }
  return { tokens: toTokens(config, pairs, p), labels, defined };
}
