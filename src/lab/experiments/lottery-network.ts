/** The classifier of digits, and its training: many networks side by side on the same digits, each with weights, mask and batches of its own. */
import type { OnChip } from '../../chip/training/types';
import { DIGIT_SETS, drawDigits, type Digits } from '../../data/digits';
import type { Key } from '../../graph/layout';
import { createGraph } from '../../graph/node';
import type { Graph, Node } from '../../graph/types';
import type { Values } from '../../graph/program';
import { multilayerPerceptron } from '../../nn/multilayer-perceptron';
import type { Network } from '../../nn/types';
import { correct, crossEntropy } from '../../ops/cross-entropy';
import { mean } from '../../ops/reduce';
import { data } from '../../ops/source';
import type { Milestone } from '../milestones';
import { drawBatch, type LabelledTokens } from './batch';
import { inside } from './inside';
import type { LotteryConfig } from './lottery-schema';
import { sideOf, widthsOf } from './lottery-shares';
import { buildUpdate } from './modular-update';
import type { TrainingModel } from './types';

export const LOTTERY_COLUMNS = [
  'train_loss',
  'validation_loss',
  'test_loss',
  'train_accuracy',
  'validation_accuracy',
  'test_accuracy',
] as const;

export const LOTTERY_MILESTONES: readonly Milestone[] = [
  { name: 'learnt', metric: 'validation_accuracy', atLeast: 0.95 },
  { name: 'memorised', metric: 'train_accuracy', atLeast: 0.995 },
];

export type DigitSets = Readonly<Record<(typeof DIGIT_SETS)[number], Digits>>;

/** Training digits that the table's `train_loss` and `train_accuracy` are of: on all, an evaluation would cost more than the steps between two. */
const SEEN = 500;

/** One of the sets of a run, or all three. Throws BadConfig naming `data.<field>`. */
export function drawSet(config: LotteryConfig, set: keyof DigitSets): Digits {
  const { seed, data: asked } = config;
  return inside('data', () =>
    drawDigits({
      count: asked[set],
      set,
      side: sideOf(config),
      difficulty: asked.difficulty,
      seed,
    }),
  );
}

export function drawSets(config: LotteryConfig): DigitSets {
  const [train, validation, test] = DIGIT_SETS.map((set) => drawSet(config, set));
  return { train, validation, test };
}

/** LeNet-300-100 for hidden [300, 100]: Glorot's normal weights, biases 0, ReLU, as Frankle and Carbin start it. */
export function buildClassifier(graph: Graph, config: LotteryConfig): Network {
  return multilayerPerceptron(graph, widthsOf(config), { init: 'xavier' });
}

export interface NetworksToTrain {
  /** A key a replica: initial weights and batches. */
  readonly keys: readonly Key[];
  readonly start?: Float32Array;
  readonly mask?: Float32Array;
  readonly warnings?: readonly string[];
  readonly keepAt?: readonly number[];
}

/** All networks read the same sets. Throws BadConfig naming the field. */
export function traceNetworks(
  config: LotteryConfig,
  sets: DigitSets,
  { keys, ...given }: NetworksToTrain,
): TrainingModel {
  const graph = createGraph();
  const network = buildClassifier(graph, config);
  const train = declareSet(graph, 'train', sets.train);
  const validation = declareSet(graph, 'validation', sets.validation);
  const test = declareSet(graph, 'test', sets.test);
  const seen = declareSet(graph, 'seen', firstOf(sets.train, SEEN));
  const learnt = measure(network, drawBatch(graph, train, config.batchSize));
  const [ofTrain, ofValidation, ofTest] = [seen, validation, test].map((set) =>
    measure(network, set),
  );
  return {
    experiment: 'lottery',
    config,
    seed: config.seed,
    replicas: keys.length,
    steps: config.steps,
    evaluateEvery: config.evaluateEvery,
    keys,
    data: { ...train.values, ...validation.values, ...test.values, ...seen.values },
    loss: learnt.loss,
    metrics: { train_loss: learnt.loss, train_accuracy: learnt.accuracy },
    evaluation: {
      train_loss: ofTrain.loss,
      validation_loss: ofValidation.loss,
      test_loss: ofTest.loss,
      train_accuracy: ofTrain.accuracy,
      validation_accuracy: ofValidation.accuracy,
      test_accuracy: ofTest.accuracy,
    },
    views: {},
    update: buildUpdate(config),
    chip: { onChip: onChip(config, sets.train), prefer: 'auto' },
    milestones: LOTTERY_MILESTONES,
    summarize: () => ({}),
    ...given,
  };
}

/** The training for kernels that hold a whole network on the chip: few have room for one that reads digits. */
function onChip(config: LotteryConfig, { images, labels }: Digits): OnChip {
  const weights = new Float32Array(labels.length).fill(1 / labels.length);
  return {
    target: {
      kind: 'network',
      widths: widthsOf(config),
      activation: 'relu',
      biases: true,
      inputs: images,
      targets: new Float32Array(0),
      labels,
      weights,
    },
    batch: config.batchSize,
    accuracy: 'train_accuracy',
  };
}

function firstOf({ images, labels }: Digits, count: number): Digits {
  const taken = Math.min(count, labels.length);
  const pixels = images.length / labels.length;
  return { images: images.subarray(0, taken * pixels), labels: labels.subarray(0, taken) };
}

interface DeclaredSet extends LabelledTokens {
  readonly values: Readonly<Record<string, Values>>;
}

function declareSet(graph: Graph, name: string, { images, labels }: Digits): DeclaredSet {
  const rows = labels.length;
  return {
    tokens: data(graph, `${name}.images`, [rows, images.length / rows]),
    labels: data(graph, `${name}.labels`, [rows], { dtype: 'u32' }),
    values: { [`${name}.images`]: images, [`${name}.labels`]: labels },
  };
}

function measure(
  network: Network,
  { tokens, labels }: LabelledTokens,
): { readonly loss: Node; readonly accuracy: Node } {
  const { logits } = network.forward(tokens);
  return { loss: mean(crossEntropy(logits, labels)), accuracy: mean(correct(logits, labels)) };
}
