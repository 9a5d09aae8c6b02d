/** The reference of all ops: values of a graph's nodes in float64. */
import { REFERENCES } from '../ops/reference';
import { evaluateWith, type Feed } from './evaluate-with';
import type { Moment, Node, Tensor } from './types';

export type { Feed };

/**
 * Values of `outputs` for the replica and step of `moment`. `shared` may be kept between replicas and steps whose data
 * are the same: what does not depend on the replica is then computed once.
 */
export function evaluate(
  outputs: readonly Node[],
  feed: Feed,
  moment: Moment,
  shared: Map<Node, Tensor> = new Map(),
): Tensor[] {
  return evaluateWith(REFERENCES, outputs, feed, moment, shared);
}
