/** Tensors of the modular-arithmetic experiment that a page draws, over the whole p × p table of inputs. */
import type { Graph, Node } from '../../graph/types';
import type { Network } from '../../nn/types';
import { multiply, subtract } from '../../ops/elementwise';
import { maximumOf, sum } from '../../ops/reduce';
import { oneHot, select } from '../../ops/select';
import { constant } from '../../ops/source';
import { reshape, transpose } from '../../ops/view';
import type { ModularConfig } from './modular-schema';
import type { ModularTable } from './modular-table';

/** Where a masked logit lies; the device may assume that nothing is infinite. */
const FAR_BELOW = -1e30;

/**
 * `embedding` [tokens, width]; `logits` [p, p], by how much the right logit of (a, b) exceeds all others (0 where the
 * operation is undefined); `attention` [heads, p, p], from the last position of the last layer to a.
 */
export function buildViews(
  graph: Graph,
  config: ModularConfig,
  network: Network,
  table: ModularTable | null,
): Readonly<Record<string, Node>> {
  const p = config.data.modulus;
  const embedding =
    network.parameters['embed.weight'] ??
    transpose(network.parameters['mlp.in.weight'] ?? network.parameters['mlp.in.a.weight']);
  if (!table) return { embedding };
  const { logits, labels, defined, attention } = table;
  const right = oneHot(labels, logits.shape[1]);
  const others = select(right, constant(graph, FAR_BELOW), logits);
  const margin = subtract(
    sum(multiply(right, logits), { axes: [1] }),
    maximumOf(others, { axes: [1] }),
  );
  return {
    embedding,
    logits: multiply(reshape(margin, [p, p]), defined),
    ...(attention && { attention }),
  };
}
