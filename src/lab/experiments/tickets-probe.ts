/** Gradients of a network of this experiment at any weights, on its training set, for the methods that score weights at the start. */
import { crossEntropy } from '../../ops/cross-entropy';
import { mean } from '../../ops/reduce';
import { data } from '../../ops/source';
import { createProbe, type TracedProbe } from '../../prune/probe';
import type { NetworkBuilder } from './modular-init';
import { splitData, toTokens } from './modular-parts';
import type { ModularConfig } from './modular-schema';
import type { StageTools } from './types';

export function openProbe(
  config: ModularConfig,
  buildNetwork: NetworkBuilder,
  { open }: Pick<StageTools, 'open'>,
): TracedProbe {
  const [split] = splitData(config);
  const { inputs, labels } = split.train;
  const values = toTokens(config, inputs, split.tokens);
  return createProbe({
    open,
    trace(graph) {
      const network = buildNetwork(graph, config, split);
      const rows = labels.length;
      const input = data(graph, 'tokens', [rows, values.length / rows], { dtype: 'u32' });
      const answers = data(graph, 'labels', [rows], { dtype: 'u32' });
      return {
        network,
        input,
        loss: (logits) => mean(crossEntropy(logits, answers)),
        data: { tokens: values, labels },
      };
    },
  });
}
