/** The MLP of modular arithmetic: all that a run without a transformer has to load. */
import type { ModularData } from '../../data/modular';
import type { Graph } from '../../graph/types';
import { mlp, type MlpInit } from '../../nn/mlp';
import type { Network } from '../../nn/types';
import { inside } from './inside';
import { pickInit } from './modular-init';
import type { ModularConfig } from './modular-schema';

const inits = ['tickets', 'pytorch'] as const;

export function buildMlp(
  graph: Graph,
  { network }: ModularConfig,
  { tokens, classes }: ModularData,
): Network {
  if (network.kind !== 'mlp') throw new Error(`no ${network.kind} is loaded`);
  const { width, hidden, activation, input, separate, outProjection, tied, forward } = network;
  return inside('network', () =>
    mlp(graph, {
      tokens,
      classes,
      width,
      hidden,
      activation,
      input,
      separate,
      outProjection,
      tied,
      biases: network.biases === 'mlp' || network.biases === 'all',
      init: pickInit<MlpInit>(network.init, 'tickets', inits, network.kind),
      forward,
    }),
  );
}
