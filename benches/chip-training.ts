/** Training steps per second against replicas, 1 … 1024, with all state on the chip and with a launch per kernel per step. */
import { compileTraining } from '../src/chip/training/compile';
import type { OnChip } from '../src/chip/training/types';
import type { Gpu } from '../src/gpu/open';
import { initialParameters, layOutParameters, type Key } from '../src/graph/layout';
import { createGraph } from '../src/graph/node';
import type { ProgramSpec } from '../src/graph/program';
import { multilayerPerceptron } from '../src/nn/multilayer-perceptron';
import { drawFeatures, reconstructionLoss, toyModel } from '../src/nn/toy-model';
import { crossEntropy } from '../src/ops/cross-entropy';
import { mean } from '../src/ops/reduce';
import { data } from '../src/ops/source';
import { adamw } from '../src/optim/adamw';
import { createRandom } from '../src/random/random';
import { streams } from '../src/random/streams';
import { PLAIN } from './kernel';
import { planToyStep, type ToySize } from './plain-toy';
import { concludeSweep, countsOf, rowName } from './sweep';
import {
  CHECKED_STEPS,
  compareLosses,
  createTrainingTask,
  trainingContender,
  type TrainingTask,
} from './train';
import type { Bench, Contender } from './types';

const PATHS = ['on-chip', 'general'] as const;
const ADAMW = { lr: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01 } as const;

interface Problem {
  readonly name: string;
  readonly title: string;
  trace(replicas: number): { readonly spec: ProgramSpec; readonly onChip: OnChip };
  plain?(task: TrainingTask): Contender;
}

const TOY: ToySize = { features: 5, hidden: 2, samples: 64, density: 0.1 };

function traceToy(replicas: number): ReturnType<Problem['trace']> {
  const { features, hidden, samples, density } = TOY;
  const graph = createGraph();
  const importance = new Float32Array(features).fill(1);
  const x = drawFeatures(graph, samples, features, data(graph, 'density', []));
  const weights = data(graph, 'importance', [features]);
  const loss = reconstructionLoss(toyModel(graph, features, hidden), x, weights);
  return {
    spec: {
      keys: keysOf(replicas),
      data: { density: Float32Array.of(density), importance },
      training: { loss, metrics: { loss }, update: adamw(ADAMW) },
    },
    onChip: { target: { kind: 'features', ...TOY, importance: [...importance] } },
  };
}

/** One replica after the other; a run is a step of one. */
function plainToy(task: TrainingTask): Contender {
  return {
    name: PLAIN,
    on: 'cpu',
    async prepare() {
      const { spec } = traceToy(1);
      const layout = layOutParameters(spec.training!.loss.graph);
      const take = planToyStep(TOY, initialParameters(layout, spec.keys), spec.keys[0][0], ADAMW);
      return {
        items: 1,
        async check() {
          const right = await task.losses();
          const found = Array.from({ length: CHECKED_STEPS }, () => [take()]);
          compareLosses(
            found,
            right.map(([first]) => [first]),
          );
        },
        async run(n) {
          for (let k = 0; k < n; k++) take();
        },
        dispose() {},
      };
    },
  };
}

const WIDTHS = [2, 16, 16, 3] as const;
const SAMPLES = 96;

function traceClassifier(replicas: number): ReturnType<Problem['trace']> {
  const graph = createGraph();
  const random = createRandom(0, 0, streams.data);
  const inputs = Float32Array.from({ length: SAMPLES * WIDTHS[0] }, () => random.normal());
  const labels = Uint32Array.from({ length: SAMPLES }, () => random.below(WIDTHS[3]));
  const { forward } = multilayerPerceptron(graph, WIDTHS);
  const { logits } = forward(data(graph, 'x', [SAMPLES, WIDTHS[0]]));
  const loss = mean(crossEntropy(logits, data(graph, 'y', [SAMPLES], { dtype: 'u32' })));
  return {
    spec: {
      keys: keysOf(replicas),
      data: { x: inputs, y: labels },
      training: { loss, metrics: { loss }, update: adamw(ADAMW) },
    },
    onChip: {
      target: {
        ...{ kind: 'network', widths: WIDTHS, activation: 'relu', biases: true },
        ...{ inputs, labels, targets: new Float32Array(0) },
        weights: new Float32Array(SAMPLES).fill(1 / SAMPLES),
      },
    },
  };
}

function keysOf(replicas: number): Key[] {
  return Array.from({ length: replicas }, (_, seed) => [seed, 0]);
}

const problems: readonly Problem[] = [
  {
    name: 'toy-model',
    title: 'Toy model of superposition, 5 features in 2 hidden units, batches of 64, AdamW',
    trace: traceToy,
    plain: plainToy,
  },
  {
    name: 'classifier',
    title: '2–16–16–3 ReLU classifier, 96 samples, AdamW',
    trace: traceClassifier,
  },
];

export const benches: readonly Bench[] = problems.map((problem) => ({
  name: `chip-training/${problem.name}`,
  title: `${problem.title}: steps per second against replicas`,
  unit: 'steps',
  weight: 'light',
  contenders: async ({ gpu, quick }) => {
    const tasks = countsOf(quick).map((count) =>
      createTrainingTask(count, (replicas) => problem.trace(replicas).spec),
    );
    return [
      ...PATHS.flatMap((path) => tasks.map((task) => contender(gpu, problem, path, task))),
      ...(problem.plain ? [problem.plain(tasks[0])] : []),
    ];
  },
  conclude: (rows) =>
    PATHS.flatMap((path) => concludeSweep(rows, path, { unit: 'steps', noun: 'replica' })),
}));

function contender(
  gpu: Gpu,
  problem: Problem,
  path: (typeof PATHS)[number],
  task: TrainingTask,
): Contender {
  const name = rowName(path, task.replicas, 'replica');
  const place = { axis: 'replicas', size: task.replicas, who: path };
  if (path === 'general') return { ...trainingContender(gpu, name, task), place };
  const { onChip } = problem.trace(1);
  const open = (spec: ProgramSpec) => compileTraining(gpu, spec, onChip);
  return { ...trainingContender(gpu, name, task, open), place };
}
