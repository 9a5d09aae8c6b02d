/**
 * The small grokking network at any size: logits = U·W_out·relu(W_in·E[a] + W_in·E[b]), cross-entropy, AdamW with decay, on
 * random pairs. The same step on the device, in float64 and as a plain loop.
 */
import { initialParameters, layOutParameters, type Key } from '../src/graph/layout';
import { createGraph } from '../src/graph/node';
import type { ProgramSpec } from '../src/graph/program';
import { mlp } from '../src/nn/mlp';
import { crossEntropy } from '../src/ops/cross-entropy';
import { mean } from '../src/ops/reduce';
import { data } from '../src/ops/source';
import { adamw } from '../src/optim/adamw';
import { createRandom } from '../src/random/random';
import { streams } from '../src/random/streams';
import { PLAIN } from './kernel';
import { planStep } from './plain-step';
import { CHECKED_STEPS, compareLosses, createTrainingTask } from './train';
import type { TrainingTask } from './train';
import type { Contender } from './types';

export interface MlpSize {
  readonly modulus: number;
  readonly width: number;
  readonly hidden: number;
  readonly rows: number;
  readonly replicas?: number;
}

export interface MlpTask extends TrainingTask {
  readonly size: MlpSize;
  readonly tokens: Uint32Array;
  readonly labels: Uint32Array;
}

export const ADAMW = { lr: 1e-3, beta1: 0.9, beta2: 0.98, epsilon: 1e-8, weightDecay: 1 } as const;

export function createMlpTask(size: MlpSize): MlpTask {
  const { modulus, rows, replicas = 1 } = size;
  const random = createRandom(0, 0, streams.data);
  const tokens = Uint32Array.from({ length: 2 * rows }, () => random.below(modulus));
  const labels = Uint32Array.from(
    { length: rows },
    (_, i) => (tokens[2 * i] + tokens[2 * i + 1]) % modulus,
  );
  const describe = (count: number): ProgramSpec => {
    const graph = createGraph();
    const network = traceNetwork(graph, size);
    const pairs = data(graph, 'tokens', [rows, 2], { dtype: 'u32' });
    const targets = data(graph, 'labels', [rows], { dtype: 'u32' });
    const loss = mean(crossEntropy(network.forward(pairs).logits, targets));
    return {
      keys: keysOf(count),
      data: { tokens, labels },
      training: { loss, metrics: { loss }, update: adamw(ADAMW) },
    };
  };
  return { ...createTrainingTask(replicas, describe), size, tokens, labels };
}

function traceNetwork(
  graph: ReturnType<typeof createGraph>,
  { modulus, width, hidden }: MlpSize,
): ReturnType<typeof mlp> {
  return mlp(graph, { tokens: modulus, classes: modulus, width, hidden });
}

/** Chains of one seed. */
function keysOf(replicas: number): Key[] {
  return Array.from({ length: replicas }, (_, lane) => [0, lane]);
}

/** All replicas one after the other; the same step, losses and all. */
export function plainStepContender(task: MlpTask): Contender {
  return {
    name: PLAIN,
    on: 'cpu',
    async prepare() {
      const graph = createGraph();
      traceNetwork(graph, task.size);
      const layout = layOutParameters(graph);
      const all = initialParameters(layout, keysOf(task.replicas));
      const steps = Array.from({ length: task.replicas }, (_, r) => {
        const parameters = all.subarray(r * layout.stride, (r + 1) * layout.stride);
        return planStep(task.size, layout, parameters, task, ADAMW);
      });
      const takeAll = (): number[] => steps.map((take) => take());
      return {
        items: task.replicas,
        async check() {
          const found = Array.from({ length: CHECKED_STEPS }, takeAll);
          compareLosses(found, await task.losses());
        },
        async run(n) {
          for (let k = 0; k < n; k++) takeAll();
        },
        dispose() {},
      };
    },
  };
}
