/** Small models for program tests: everything a step needs, traced afresh at each call. */
import { createGraph } from '../../src/graph/node';
import type { ProgramSpec, Values } from '../../src/graph/program';
import type { Update } from '../../src/graph/update';
import { correct, crossEntropy } from '../../src/ops/cross-entropy';
import { relu } from '../../src/ops/elementwise';
import { matmul } from '../../src/ops/matmul';
import { mean } from '../../src/ops/reduce';
import { data, parameter } from '../../src/ops/source';
import { adamw } from '../../src/optim/adamw';
import { createRandom } from '../../src/random/random';
import { streams } from '../../src/random/streams';

export interface ClassifierOptions {
  readonly replicas?: number;
  readonly update?: Update;
  readonly rows?: number;
}

/** A ReLU classifier of random points into three classes: 5 → 16 → 3. */
export function classifier({
  replicas = 1,
  update = adamw({ lr: 1e-2 }),
  rows = 24,
}: ClassifierOptions = {}): ProgramSpec {
  const graph = createGraph();
  const x = data(graph, 'x', [rows, 5]);
  const y = data(graph, 'y', [rows], { dtype: 'u32' });
  const hidden = parameter(graph, 'hidden.weight', [5, 16], { kind: 'normal', std: 0.5 });
  const out = parameter(graph, 'out.weight', [16, 3], { kind: 'normal', std: 0.5 });
  const logits = matmul(relu(matmul(x, hidden)), out);
  const loss = mean(crossEntropy(logits, y));
  return {
    keys: Array.from({ length: replicas }, (_, seed) => [seed, 0] as const),
    data: points(rows),
    training: { loss, metrics: { loss, accuracy: mean(correct(logits, y)) }, update },
    evaluations: { all: { loss, logits, weights: hidden } },
  };
}

function points(rows: number): Record<string, Values> {
  const random = createRandom(11, 0, streams.data);
  return {
    x: Float32Array.from({ length: rows * 5 }, () => random.normal()),
    y: Uint32Array.from({ length: rows }, () => random.below(3)),
  };
}
