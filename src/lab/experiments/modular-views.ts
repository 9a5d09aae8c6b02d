/** Tensors of the modular-arithmetic experiment that a page draws, over the whole p × p table of inputs. */
import { operations, type OperationName } from '../../data/operations';
import type { Values } from '../../graph/program';
import type { Graph, Node } from '../../graph/types';
import type { Network } from '../../nn/types';
import { attentionPattern } from '../../ops/attention';
import { multiply, subtract } from '../../ops/elementwise';
import { maximumOf, sum } from '../../ops/reduce';
import { oneHot, select } from '../../ops/select';
import { constant, data } from '../../ops/source';
import { reshape, slice, transpose } from '../../ops/view';
import { toTokens } from './modular-parts';
import type { ModularConfig } from './modular-schema';

/** Where a masked logit lies; the device may assume that nothing is infinite. */
const FAR_BELOW = -1e30;
/** The table of inputs is left out when its hidden activations would take more than 1 GiB over all replicas. */
const MOST_ELEMENTS = 2 ** 28;

export interface ModularViews {
  /**
   * `embedding` [tokens, width]; `logits` [p, p], by how much the right logit of (a, b) exceeds all others (0 where the
   * operation is undefined); `attention` [heads, p, p], from the last position of the last layer to a.
   */
  readonly views: Readonly<Record<string, Node>>;
  readonly data: Readonly<Record<string, Values>>;
}

export function buildViews(graph: Graph, config: ModularConfig, network: Network): ModularViews {
  const p = config.data.modulus;
  const { kind, width, hidden, heads, layers, causal } = config.network;
  const embedding =
    network.parameters['embed.weight'] ??
    transpose(network.parameters['mlp.in.weight'] ?? network.parameters['mlp.in.a.weight']);
  if (config.replicas * p * p * Math.max(width, hidden) > MOST_ELEMENTS) {
    return { views: { embedding }, data: {} };
  }

  const table = listTable(config);
  const columns = table.tokens.length / (p * p);
  const tokens = data(graph, 'all.tokens', [p * p, columns], { dtype: 'u32' });
  const labels = data(graph, 'all.labels', [p * p], { dtype: 'u32' });
  const defined = data(graph, 'all.defined', [p, p]);
  const { logits, activations } = network.forward(tokens);
  const right = oneHot(labels, logits.shape[1]);
  const others = select(right, constant(graph, FAR_BELOW), logits);
  const margin = subtract(
    sum(multiply(right, logits), { axes: [1] }),
    maximumOf(others, { axes: [1] }),
  );
  const views: Record<string, Node> = {
    embedding,
    logits: multiply(reshape(margin, [p, p]), defined),
  };
  if (kind === 'transformer') {
    const q = activations[`blocks.${layers - 1}.attn.q`];
    const k = activations[`blocks.${layers - 1}.attn.k`];
    const pattern = attentionPattern(q, k, { causal });
    const queries = q.shape[1];
    const toA = slice(pattern, [0, 0, queries - 1, 0], [p * p, heads, queries, 1]);
    views['attention'] = reshape(transpose(reshape(toA, [p * p, heads])), [heads, p, p]);
  }
  return {
    views,
    data: {
      'all.tokens': table.tokens,
      'all.labels': table.labels,
      'all.defined': table.defined,
    },
  };
}

/** All p² inputs in the order of a, then b. */
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
