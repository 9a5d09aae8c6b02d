/** The loss of a trained network on one of its own sets as a target, at one or many of its checkpoints. */
import type { Graph, Node } from '../../graph/types';
import { crossEntropy } from '../../ops/cross-entropy';
import { gather } from '../../ops/gather';
import { mean } from '../../ops/reduce';
import { data } from '../../ops/source';
import type { Target, TargetPoint } from '../../slt/targets/types';
import { buildNetwork } from './modular-network';
import { splitData, toTokens } from './modular-parts';
import type { ModularConfig } from './modular-schema';

/** A network's checkpoints and what they were trained on. */
export interface TrainedTarget {
  readonly target: Target;
  /** Heads of a transformer, for masks that name them; null otherwise. */
  readonly heads: number | null;
}

/** The loss of a modular-addition network on one of its sets, at the given points; of replica 0 of the run. */
export function trainedTarget(
  config: ModularConfig,
  points: readonly TargetPoint[],
  set: 'train' | 'test' | 'all',
): TrainedTarget {
  const [split] = splitData({ ...config, replicas: 1 });
  const parts = set === 'all' ? [split.train, split.test] : [split[set]];
  const tokens = joinWords(parts.map(({ inputs }) => toTokens(config, inputs, split.tokens)));
  const labels = joinWords(parts.map((part) => part.labels));
  const samples = labels.length;
  const positions = tokens.length / samples;
  const { network } = config;
  const target: Target = {
    description: `${network.kind} on a ${config.data.operation} table mod ${config.data.modulus}, ${set === 'all' ? 'all pairs' : `${set} set`}`,
    points,
    samples,
    data: { tokens, labels },
    trace(graph: Graph) {
      const traced = buildNetwork(graph, config, split);
      const allTokens = data(graph, 'tokens', [samples, positions], { dtype: 'u32' });
      const allLabels = data(graph, 'labels', [samples], { dtype: 'u32' });
      const sampleLosses = (rows: Node | null): Node => {
        const { logits } = traced.forward(rows ? gather(allTokens, rows) : allTokens);
        return crossEntropy(logits, rows ? gather(allLabels, rows) : allLabels);
      };
      return { loss: mean(sampleLosses(null)), sampleLosses };
    },
    chain: null,
    chainReason: 'a network with embeddings and data does not fit on the chip',
    theory: () => null,
    thermal: () => null,
  };
  return { target, heads: network.kind === 'transformer' ? network.heads : null };
}

function joinWords(parts: readonly Uint32Array[]): Uint32Array {
  const joined = new Uint32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
