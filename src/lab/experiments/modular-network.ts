/** The networks of modular arithmetic, of either kind. */
import type { ModularData } from '../../data/modular';
import { BadConfig } from '../../gpu/errors';
import type { Graph } from '../../graph/types';
import { transformer } from '../../nn/transformer';
import type { TransformerInit } from '../../nn/transformer-parameters';
import type { Network } from '../../nn/types';
import { inside } from './inside';
import { pickInit } from './modular-init';
import { buildMlp } from './modular-mlp';
import { endsInEquals } from './modular-parts';
import type { ModularConfig } from './modular-schema';

const inits = ['nanda', 'pizza', 'transformer-lens', 'fan-in'] as const;

export function buildNetwork(graph: Graph, config: ModularConfig, set: ModularData): Network {
  if (config.network.kind === 'mlp') return buildMlp(graph, config, set);
  return inside('network', () => buildTransformer(graph, config, set));
}

function buildTransformer(
  graph: Graph,
  config: ModularConfig,
  { tokens, classes }: ModularData,
): Network {
  const { network } = config;
  const { width, heads, hidden, layers, activation, layerNorm, causal, tied, forward } = network;
  const equals = endsInEquals(config);
  if (network.equalsClass && !equals) {
    throw new BadConfig('equalsClass', {
      asked: 'got true with equals false',
      limit: 'there is no token "=" to have an output',
      remedy: 'Set equals to true or equalsClass to false',
    });
  }
  return transformer(graph, {
    tokens: equals ? tokens + 1 : tokens,
    positions: equals ? 3 : 2,
    classes: network.equalsClass ? classes + 1 : classes,
    width,
    heads,
    hidden,
    layers,
    activation,
    layerNorm,
    biases: network.biases === 'paper' ? 'mlp' : network.biases,
    positional: network.positions,
    causal,
    tied,
    init: pickInit<TransformerInit>(network.init, 'nanda', inits, network.kind),
    forward,
    ...(equals && { lastToken: tokens }),
  });
}
