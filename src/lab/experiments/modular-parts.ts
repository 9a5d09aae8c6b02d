/** The parts of the modular-arithmetic experiment that a configuration names: splits, network, optimiser. */
import { modularArithmetic, type ModularData } from '../../data/modular';
import { BadConfig } from '../../gpu/errors';
import type { Graph } from '../../graph/types';
import type { Update } from '../../graph/update';
import { mlp, type MlpInit } from '../../nn/mlp';
import { transformer } from '../../nn/transformer';
import type { TransformerInit } from '../../nn/transformer-parameters';
import type { Network } from '../../nn/types';
import { adamw } from '../../optim/adamw';
import { sgd } from '../../optim/sgd';
import { inside } from './inside';
import type { ModularConfig } from './modular-schema';

const transformerInits = ['nanda', 'pizza', 'transformer-lens', 'fan-in'] as const;
const mlpInits = ['tickets', 'pytorch'] as const;

/** Replica r is seed + r, counted round at 2³². */
export function seedOf(config: ModularConfig, replica: number): number {
  return (config.seed + replica) >>> 0;
}

/** A split per replica, all of one size. */
export function splitData(config: ModularConfig): ModularData[] {
  return Array.from({ length: config.replicas }, (_, replica) =>
    inside('data', () => modularArithmetic({ ...config.data, seed: seedOf(config, replica) })),
  );
}

/** Does each sample end in the token "="? */
export function endsInEquals({ network }: ModularConfig): boolean {
  return network.kind === 'transformer' && network.equals;
}

/** Operand pairs N × 2 as the network reads them: with "=" (token p) after each, if it wants one. */
export function toTokens(config: ModularConfig, pairs: Uint32Array, equals: number): Uint32Array {
  if (!endsInEquals(config)) return pairs;
  return Uint32Array.from({ length: (pairs.length / 2) * 3 }, (_, i) =>
    i % 3 === 2 ? equals : pairs[Math.floor(i / 3) * 2 + (i % 3)],
  );
}

export function buildNetwork(graph: Graph, config: ModularConfig, set: ModularData): Network {
  return inside('network', () =>
    config.network.kind === 'mlp'
      ? buildMlp(graph, config, set)
      : buildTransformer(graph, config, set),
  );
}

function buildMlp(
  graph: Graph,
  { network }: ModularConfig,
  { tokens, classes }: ModularData,
): Network {
  const { width, hidden, activation, input, separate, outProjection, tied, forward } = network;
  return mlp(graph, {
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
    init: pickInit<MlpInit>(network.init, 'tickets', mlpInits, network.kind),
    forward,
  });
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
    init: pickInit<TransformerInit>(network.init, 'nanda', transformerInits, network.kind),
    forward,
    ...(equals && { lastToken: tokens }),
  });
}

function pickInit<T extends string>(given: string, paper: T, known: readonly T[], kind: string): T {
  if (given === 'paper') return paper;
  const found = known.find((name) => name === given);
  if (found !== undefined) return found;
  throw new BadConfig('init', {
    asked: `got ${given} for ${kind}`,
    limit: `it starts as one of paper, ${known.join(', ')}`,
    remedy: 'Choose paper',
  });
}

export function buildUpdate({
  optimizer,
  steps,
}: Pick<ModularConfig, 'optimizer' | 'steps'>): Update {
  const { kind, lr, beta1, beta2, epsilon, weightDecay, warmup, clip, momentum } = optimizer;
  return inside('optimizer', () => {
    if (optimizer.schedule !== 'constant' && steps <= warmup) {
      throw new BadConfig('warmup', {
        asked: `got ${warmup} of ${steps} steps`,
        limit: `a ${optimizer.schedule} schedule needs steps after the warm-up`,
        remedy: 'Shorten the warm-up or lengthen the run',
      });
    }
    const schedule = {
      kind: optimizer.schedule,
      warmup,
      ...(optimizer.schedule !== 'constant' && { steps }),
    };
    if (kind === 'sgd') return sgd({ lr, momentum, weightDecay, schedule, clip });
    const decay = kind === 'adam' ? { l2: weightDecay } : { weightDecay };
    return adamw({ lr, beta1, beta2, epsilon, ...decay, schedule, clip });
  });
}
