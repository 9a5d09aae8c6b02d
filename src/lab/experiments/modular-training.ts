/**
 * Grokking: a small network learns the table of a binary operation from part of it, first by heart and much later by
 * understanding it (Power et al. 2022; Nanda et al., arXiv 2301.05217; Minegishi et al., arXiv 2310.19470).
 */
import type { ModularData, Split } from '../../data/modular';
import { createGraph } from '../../graph/node';
import type { Values } from '../../graph/program';
import type { Graph, Node } from '../../graph/types';
import { CIRCUIT_FORMED, CLEANED_UP, MEMORISED } from '../../interp/phases';
import type { Network } from '../../nn/types';
import { correct, crossEntropy } from '../../ops/cross-entropy';
import { add, square } from '../../ops/elementwise';
import { mean, sum } from '../../ops/reduce';
import { data } from '../../ops/source';
import type { Milestone } from '../milestones';
import { parse } from '../schema';
import { drawBatch, type LabelledTokens } from './batch';
import { buildMeasures } from './modular-measures';
import type { UpdateBuilder } from './modular-adam';
import type { NetworkBuilder } from './modular-init';
import { seedOf, splitData, toTokens } from './modular-parts';
import { summarizeProgress } from './modular-progress';
import { modularSchema, type ModularConfig } from './modular-schema';
import { traceTable } from './modular-table';
import { buildViews } from './modular-views';
import { summarizeMilestones } from './summary';
import type { Experiment, TrainingModel } from './types';

/** What λ̂ through training adds to the model of a run that asks for it. */
export type Through = (config: ModularConfig) => Pick<TrainingModel, 'checkpointEvery' | 'sequel'>;

const name = 'modular-addition';

/** Accuracies on all pairs of a set, except `memorised` with mini-batches: then on one batch or the whole set. */
const milestones: readonly Milestone[] = [
  { name: 'memorised', metric: 'train_accuracy', atLeast: MEMORISED },
  { name: 'generalising', metric: 'test_accuracy', atLeast: 0.95 },
  { name: 'generalised', metric: 'test_accuracy', atLeast: 0.99 },
];

/** The ends of the phases behind memorisation, as `findPhases` of src/interp/phases.ts tells them. */
const phases: readonly Milestone[] = [
  { name: 'circuit-formed', metric: 'restricted_loss', atMost: CIRCUIT_FORMED, after: 'memorised' },
  { name: 'cleaned-up', metric: 'test_loss', atMost: CLEANED_UP, after: 'circuit-formed' },
];

export interface ModularTools {
  /** Called only where a configuration has `llc`. */
  readonly through: Through;
  readonly buildNetwork: NetworkBuilder;
  readonly buildUpdate: UpdateBuilder;
}

/** The experiment with what only some configurations need. */
/* @__NO_SIDE_EFFECTS__ */
export function modularExperiment({
  through,
  ...tools
}: ModularTools): Experiment<ModularConfig, TrainingModel> {
  return {
    name,
    summary: 'A small network learns modular arithmetic by heart, and understands it much later.',
    schema: modularSchema,
    parse: (value) => parse(modularSchema, value) as ModularConfig,
    build: (config) =>
      build(config, { ...tools, through: config.llc === null ? keepCheckpoints : through }),
  };
}

/** Empty for a run that keeps no checkpoints. */
const keepCheckpoints: Through = ({ checkpointEvery }) =>
  checkpointEvery === null ? {} : { checkpointEvery };

function build(
  config: ModularConfig,
  { through: addThrough, buildNetwork, buildUpdate }: ModularTools,
): TrainingModel {
  const update = buildUpdate(config);
  const splits = splitData(config);
  const graph = createGraph();
  const network = buildNetwork(graph, config, splits[0]);
  const train = declareSet(graph, config, 'train', splits);
  const test = declareSet(graph, config, 'test', splits);

  const measured = measure(network, train);
  const tested = measure(network, test);
  const batch =
    config.batchSize === null
      ? measured
      : measure(network, drawBatch(graph, train, config.batchSize));
  const table = traceTable(graph, config, network);
  const through = addThrough(config);
  const inside =
    config.measures &&
    buildMeasures(
      graph,
      config,
      { network, table, splits, labels: { train: train.labels, test: test.labels } },
      {
        keys: config.measures.keys.length > 0 ? config.measures.keys : null,
        seed: config.seed,
        readout: config.measures.readout,
      },
    );
  return {
    experiment: name,
    config,
    ...through,
    seed: config.seed,
    replicas: config.replicas,
    steps: config.steps,
    evaluateEvery: config.evaluateEvery,
    keys: splits.map((_, replica) => [seedOf(config, replica), 0] as const),
    data: { ...train.values, ...test.values, ...table?.data, ...inside?.data },
    loss: batch.loss,
    metrics: { train_loss: batch.loss, train_accuracy: batch.accuracy },
    evaluation: {
      train_loss: measured.loss,
      test_loss: tested.loss,
      train_accuracy: measured.accuracy,
      test_accuracy: tested.accuracy,
      weight_norm: sumOfSquares(network),
    },
    views: { ...buildViews(graph, config, network, table), ...inside?.measures.drawn },
    update,
    milestones: inside ? [...milestones, ...phases] : milestones,
    ...(inside && { measures: { ...inside.measures, every: config.measures!.every } }),
    summarize: ({ table, events, step, vectors }) => ({
      steps: step,
      ...summarizeMilestones(milestones, events, config.replicas),
      test_accuracy: perReplica(table.last('test_accuracy'), config.replicas),
      test_loss: perReplica(table.last('test_loss'), config.replicas),
      ...(inside && {
        progress: summarizeProgress({
          table,
          columns: inside.measures.columns,
          replicas: config.replicas,
          vectors,
        }),
      }),
    }),
  };
}

/** A number where there is one replica, a list where there are several, as in the record's metrics. */
function perReplica(
  values: readonly number[] | null,
  replicas: number,
): number | readonly number[] | null {
  return values && replicas === 1 ? values[0] : values;
}

interface DeclaredSet extends LabelledTokens {
  readonly values: Readonly<Record<string, Values>>;
}

/** The pairs of every replica's split, as data of the graph: `train.tokens` and `train.labels`. */
function declareSet(
  graph: Graph,
  config: ModularConfig,
  part: 'train' | 'test',
  splits: readonly ModularData[],
): DeclaredSet {
  const join = (pick: (split: Split) => Uint32Array): Uint32Array => {
    const all = splits.map((split) => pick(split[part]));
    const joined = new Uint32Array(all.length * all[0].length);
    all.forEach((values, replica) => joined.set(values, replica * values.length));
    return joined;
  };
  const tokens = join(({ inputs }) => toTokens(config, inputs, splits[0].tokens));
  const labels = join((split) => split.labels);
  const rows = labels.length / splits.length;
  const options = { dtype: 'u32', replicated: splits.length > 1 } as const;
  return {
    tokens: data(graph, `${part}.tokens`, [rows, tokens.length / labels.length], options),
    labels: data(graph, `${part}.labels`, [rows], options),
    values: { [`${part}.tokens`]: tokens, [`${part}.labels`]: labels },
  };
}

/** Mean cross-entropy and share of right answers, scalars. */
function measure(
  network: Network,
  { tokens, labels }: LabelledTokens,
): { readonly loss: Node; readonly accuracy: Node } {
  const { logits } = network.forward(tokens);
  return { loss: mean(crossEntropy(logits, labels)), accuracy: mean(correct(logits, labels)) };
}

/** Σ w² over all trained tensors. */
function sumOfSquares(network: Network): Node {
  return Object.values(network.parameters)
    .map((parameter) => sum(square(parameter)))
    .reduce(add);
}
