/**
 * Trainings that kernels with all state on the chip can take, each also traced: every target with every rule, full batches and drawn
 * ones, of odd sizes, several replicas with numbers of their own.
 */
import type { OnChip } from '../../chip/training/types';
import { createGraph } from '../../graph/node';
import type { Key } from '../../graph/layout';
import type { ProgramSpec, Values } from '../../graph/program';
import type { Graph, Node } from '../../graph/types';
import type { Update } from '../../graph/update';
import { multilayerPerceptron } from '../../nn/multilayer-perceptron';
import { drawFeatures, reconstructionLoss, toyModel } from '../../nn/toy-model';
import { correct, crossEntropy } from '../../ops/cross-entropy';
import { square, subtract } from '../../ops/elementwise';
import { gather } from '../../ops/gather';
import { matmul } from '../../ops/matmul';
import { randomIntegers } from '../../ops/random';
import { mean, sum } from '../../ops/reduce';
import { data, parameter } from '../../ops/source';
import { adamw } from '../../optim/adamw';
import { sgd } from '../../optim/sgd';
import { createRandom } from '../../random/random';
import { streams } from '../../random/streams';
import { superpositionTarget } from '../../slt/targets/superposition';

export interface TrainingCase {
  readonly name: string;
  readonly spec: ProgramSpec;
  readonly onChip: OnChip;
}

interface Traced {
  readonly loss: Node;
  readonly accuracy?: Node;
  readonly data: Readonly<Record<string, Values>>;
  readonly start?: Float32Array;
  readonly onChip: OnChip;
}

const REPLICAS = 5;

export function trainingCases(replicas = REPLICAS): TrainingCase[] {
  const each = (f: (r: number) => number): number[] =>
    Array.from({ length: replicas }, (_, r) => f(r));
  const adam = adamw({
    lr: each((r) => 1e-3 * (1 + r)),
    beta2: 0.98,
    weightDecay: each((r) => 0.1 * r),
    schedule: { kind: 'linear', warmup: 2, steps: 8, final: 0.1 },
  });
  const momentum = sgd({ lr: each((r) => 0.02 / (1 + r)), momentum: 0.9, clip: 0.8 });
  const make = (name: string, update: Update, trace: (graph: Graph) => Traced): TrainingCase => {
    const graph = createGraph();
    const { loss, accuracy, data: values, start, onChip } = trace(graph);
    const keys = Array.from({ length: replicas }, (_, r): Key => [3 + r, r % 2]);
    const metrics = { loss, ...(accuracy && { accuracy }) };
    const training = { loss, metrics, update };
    return { name, onChip, spec: { keys, data: values, training, ...(start && { start }) } };
  };
  return [
    make('relu, squares', adam, (g) => network(g, { widths: [2, 7, 3], activation: 'relu' })),
    make('tanh, labels, batches of 10', momentum, (g) =>
      network(g, { widths: [3, 5, 4], activation: 'tanh', classes: true, batch: 10 }),
    ),
    make('relu, labels', adam, (g) =>
      network(g, { widths: [5, 9, 6, 3], activation: 'relu', classes: true }),
    ),
    make('linear, batches of 7', sgd({ lr: 0.01, weightDecay: 0.1 }), (g) =>
      network(g, { widths: [4, 3], activation: 'linear', batch: 7 }),
    ),
    make('deep linear, a truth each', sgd({ lr: 0.02, momentum: 0.5, nesterov: true }), (g) =>
      deepLinear(g, [3, 2, 5], replicas),
    ),
    make('superposition in closed form', adam, (g) => closedForm(g, replicas)),
    make('superposition, batches of 13', adam, (g) =>
      features(g, { features: 5, hidden: 2, samples: 13, replicas }),
    ),
    make('superposition, batches of 36', momentum, (g) =>
      features(g, { features: 7, hidden: 3, samples: 36, replicas }),
    ),
  ];
}

interface NetworkOptions {
  readonly widths: readonly number[];
  readonly activation: 'relu' | 'tanh' | 'linear';
  readonly classes?: boolean;
  readonly batch?: number;
}

const SAMPLES = 37;

function network(graph: Graph, { widths, activation, classes, batch }: NetworkOptions): Traced {
  const [inner, outer] = [widths[0], widths[widths.length - 1]];
  const random = createRandom(2, 0, streams.data);
  const normals = (n: number): Float32Array =>
    Float32Array.from({ length: SAMPLES * n }, () => random.normal());
  const inputs = normals(inner);
  const labels = Uint32Array.from({ length: SAMPLES }, () => random.below(outer));
  const targets = classes ? new Float32Array(0) : normals(outer);
  const biases = activation !== 'linear';
  const { forward } = multilayerPerceptron(graph, widths, { activation, biases });
  const rows = batch === undefined ? null : randomIntegers(graph, [batch], SAMPLES, streams.batch);
  const pick = (all: Node): Node => (rows ? gather(all, rows) : all);
  const { logits } = forward(pick(data(graph, 'x', [SAMPLES, inner])));
  const weights = new Float32Array(SAMPLES).fill(1 / SAMPLES);
  const target = { kind: 'network', widths, activation, biases, inputs, targets, weights } as const;
  const drawn = batch !== undefined && { batch };
  if (!classes) {
    const y = pick(data(graph, 'y', [SAMPLES, outer]));
    const loss = mean(sum(square(subtract(logits, y)), { axes: [1] }));
    return { loss, data: { x: inputs, y: targets }, onChip: { target, ...drawn } };
  }
  const y = pick(data(graph, 'y', [SAMPLES], { dtype: 'u32' }));
  return {
    loss: mean(crossEntropy(logits, y)),
    accuracy: mean(correct(logits, y)),
    data: { x: inputs, y: labels },
    onChip: { target: { ...target, labels }, accuracy: 'accuracy', ...drawn },
  };
}

/** ‖W_L … W_1 − T‖² */
function deepLinear(graph: Graph, widths: readonly number[], replicas: number): Traced {
  const [inner, outer] = [widths[0], widths[widths.length - 1]];
  const random = createRandom(4, 0, streams.data);
  const truth = Float32Array.from({ length: replicas * outer * inner }, () => random.normal());
  const product = widths
    .slice(1)
    .map((width, k) =>
      parameter(graph, `layers.${k}.weight`, [width, widths[k]], { kind: 'normal', std: 0.3 }),
    )
    .reduce((before, w) => matmul(w, before));
  const goal = data(graph, 'truth', [outer, inner], { replicated: replicas > 1 });
  return {
    loss: sum(square(subtract(product, goal))),
    data: { truth },
    onChip: { target: { kind: 'linear-network', widths, truth } },
  };
}

function closedForm(graph: Graph, replicas: number): Traced {
  const options = { features: 5, hidden: 2, state: '5', deadBias: -0.05, freezeDeadBias: false };
  const target = superpositionTarget(options);
  const { loss } = target.trace(graph);
  const random = createRandom(6, 0, streams.probe);
  // [2, 5] and [5], each padded; the traced parameters start at zero, where all is symmetric.
  const replica = [12, 8].flatMap((length, k) =>
    Array.from({ length }, (_, i) => (i < 10 / (1 + k) ? 0.5 * random.normal() : 0)),
  );
  const start = Float32Array.from({ length: replicas * 20 }, (_, i) => replica[i % 20]);
  return {
    loss,
    data: target.data,
    start,
    onChip: { target: { kind: 'superposition', features: 5 } },
  };
}

interface FeatureOptions {
  readonly features: number;
  readonly hidden: number;
  readonly samples: number;
  readonly replicas: number;
}

function features(
  graph: Graph,
  { features: count, hidden, samples, replicas }: FeatureOptions,
): Traced {
  const model = toyModel(graph, count, hidden);
  const density = Float32Array.from({ length: replicas }, (_, r) => 1 / (1 + r));
  const importance = Float32Array.from({ length: count }, (_, i) => 0.8 ** i);
  const on = data(graph, 'density', [], { replicated: replicas > 1 });
  const x = drawFeatures(graph, samples, count, on);
  return {
    loss: reconstructionLoss(model, x, data(graph, 'importance', [count])),
    data: { density, importance },
    onChip: {
      target: {
        kind: 'features',
        features: count,
        hidden,
        samples,
        density: [...density],
        importance: [...importance],
      },
    },
  };
}
