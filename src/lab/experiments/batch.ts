/** Mini-batches drawn on the device, anew at every step. */
import type { Graph, Node } from '../../graph/types';
import { gather } from '../../ops/gather';
import { randomIntegers } from '../../ops/random';
import { streams } from '../../random/streams';

export interface LabelledTokens {
  /** u32 [N, positions], or f32 [N, pixels]. */
  readonly tokens: Node;
  /** u32 [N]. */
  readonly labels: Node;
}

/** `size` rows, uniformly and with replacement: a function of step and replica alone, so that a resumed run draws the same. */
export function drawBatch(
  graph: Graph,
  { tokens, labels }: LabelledTokens,
  size: number,
): LabelledTokens {
  const [count] = labels.shape;
  const rows = randomIntegers(graph, [size], count, streams.batch);
  return { tokens: gather(tokens, rows), labels: gather(labels, rows) };
}
