/** The training of one network or of many tickets side by side: same data, same loss, own weights, masks and decays. */
import { createGraph } from '../../graph/node';
import type { Values } from '../../graph/program';
import type { Graph, Node } from '../../graph/types';
import type { Update } from '../../graph/update';
import type { Network } from '../../nn/types';
import { correct, crossEntropy } from '../../ops/cross-entropy';
import { mean } from '../../ops/reduce';
import { data } from '../../ops/source';
import type { ModularData, Split } from '../../data/modular';
import type { Milestone } from '../milestones';
import type { UpdateBuilder } from './modular-adam';
import type { NetworkBuilder } from './modular-init';
import { seedOf, splitData, toTokens } from './modular-parts';
import type { ModularConfig } from './modular-schema';
import { ENTROPIES, measureEntropies, traceSpectra } from './tickets-entropy';
import type { TrainingModel } from './types';

export const MILESTONES: readonly Milestone[] = [
  { name: 'memorised', metric: 'train_accuracy', atLeast: 0.99 },
  { name: 'generalising', metric: 'test_accuracy', atLeast: 0.95 },
  { name: 'generalised', metric: 'test_accuracy', atLeast: 0.99 },
];

const LOSSES = ['train_loss', 'test_loss', 'train_accuracy', 'test_accuracy'] as const;

/** Columns of the table of networks of this kind. */
export function columnsOf({ network: { kind }, data: { modulus } }: ModularConfig): string[] {
  return [...LOSSES, ...(kind === 'mlp' && modulus >= 5 ? ENTROPIES : [])];
}

export interface TicketsToTrain {
  readonly replicas: number;
  /** A value per replica. */
  readonly weightDecay: readonly number[];
  readonly start?: Float32Array;
  readonly mask?: Float32Array;
  readonly warnings?: readonly string[];
  readonly checkpointEvery?: number;
  readonly keepAt?: readonly number[];
}

/** What a configuration names. */
export interface TrainingParts {
  readonly buildNetwork: NetworkBuilder;
  readonly buildUpdate: UpdateBuilder;
}

/** `config.steps` are those of the stage. Throws BadConfig naming the field. */
export function traceTickets(
  config: ModularConfig,
  { buildNetwork, buildUpdate }: TrainingParts,
  tickets: TicketsToTrain,
): TrainingModel {
  const { replicas, weightDecay, ...given } = tickets;
  const [split] = splitData(config);
  const graph = createGraph();
  const network = buildNetwork(graph, config, split);
  const train = declareSet(graph, config, 'train', split);
  const test = declareSet(graph, config, 'test', split);
  const learnt = measure(network, train);
  const tested = measure(network, test);
  const spectra = traceSpectra(graph, config, network);
  return {
    experiment: 'tickets',
    config,
    seed: config.seed,
    replicas,
    steps: config.steps,
    evaluateEvery: config.evaluateEvery,
    keys: Array.from({ length: replicas }, () => [seedOf(config, 0), 0] as const),
    data: { ...train.values, ...test.values },
    loss: learnt.loss,
    metrics: { train_loss: learnt.loss, train_accuracy: learnt.accuracy },
    evaluation: {
      train_loss: learnt.loss,
      test_loss: tested.loss,
      train_accuracy: learnt.accuracy,
      test_accuracy: tested.accuracy,
    },
    ...(spectra && { measures: measureEntropies(spectra, config.evaluateEvery) }),
    views: spectra ? { spectrum: spectra.in } : {},
    viewsOfAll: true,
    update: decaying(buildUpdate(config), config, weightDecay),
    milestones: MILESTONES,
    summarize: () => ({}),
    ...given,
  };
}

/** The update with a weight decay per replica, in the place where this optimiser has it. */
function decaying(
  update: Update,
  { optimizer: { kind } }: ModularConfig,
  values: readonly number[],
): Update {
  return {
    ...update,
    hyper: { ...update.hyper, [kind === 'adam' ? 'l2' : 'weightDecay']: values },
  };
}

interface DeclaredSet {
  readonly tokens: Node;
  readonly labels: Node;
  readonly values: Readonly<Record<string, Values>>;
}

function declareSet(
  graph: Graph,
  config: ModularConfig,
  part: 'train' | 'test',
  split: ModularData,
): DeclaredSet {
  const { inputs, labels }: Split = split[part];
  const tokens = toTokens(config, inputs, split.tokens);
  const rows = labels.length;
  return {
    tokens: data(graph, `${part}.tokens`, [rows, tokens.length / rows], { dtype: 'u32' }),
    labels: data(graph, `${part}.labels`, [rows], { dtype: 'u32' }),
    values: { [`${part}.tokens`]: tokens, [`${part}.labels`]: labels },
  };
}

function measure(
  network: Network,
  { tokens, labels }: DeclaredSet,
): { readonly loss: Node; readonly accuracy: Node } {
  const { logits } = network.forward(tokens);
  return { loss: mean(crossEntropy(logits, labels)), accuracy: mean(correct(logits, labels)) };
}
