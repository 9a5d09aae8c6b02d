/**
 * A deep linear network trained from small weights, whose loss falls in steps as it leaves one saddle after another, learning
 * one singular value of the truth at a time (Saxe et al. 2014; Jacot et al. 2021). The points are checkpoints of that training. At
 * each the sampled loss is ‖W_L…W_1 − P‖² with P the product at the checkpoint itself, so that every point is a minimum and has
 * a λ (the device of Lau et al., arXiv 2308.12108): λ climbs with the rank of P as the loss steps down.
 */
import { BadConfig } from '../../gpu/errors';
import { multilayerPerceptron } from '../../nn/multilayer-perceptron';
import { square, subtract } from '../../ops/elementwise';
import { matmul } from '../../ops/matmul';
import { sum } from '../../ops/reduce';
import { data } from '../../ops/source';
import { createRandom } from '../../random/random';
import { streams } from '../../random/streams';
import type { Graph } from '../../graph/types';
import { linearNetworkTheory } from './network-answers';
import { layerNames } from './layers';
import { multiplyMatrices, transposeMatrix, type Matrix } from './matrices';
import type { Target, TargetPoint } from './types';

export interface SaddleOptions {
  readonly widths: readonly number[];
  /** Singular values of the truth, on the diagonal. */
  readonly spectrum: readonly number[];
  /** Standard deviation of the first weights. */
  readonly scale: number;
  /** Learning rate of plain gradient descent. */
  readonly rate: number;
  readonly trainingSteps: number;
  readonly checkpoints: number;
  readonly seed: number;
}

/** Share of the largest singular value of the truth from which one of the product counts as learned. */
const LEARNED = 0.1;

/** Throws BadConfig naming `target.spectrum`, or `target.rate` for a training that diverges. */
export function saddleTarget(options: SaddleOptions): Target {
  const { widths, spectrum } = options;
  const most = Math.min(...widths);
  if (spectrum.length > most) {
    throw new BadConfig('target.spectrum', {
      asked: `got ${spectrum.length} singular values`,
      limit: `a product through a layer of ${most} has at most that many`,
      remedy: 'Give fewer, or widen the layers',
    });
  }
  const [inner] = widths;
  const outer = widths[widths.length - 1];
  const names = layerNames(widths.length - 1);
  const checkpoints = train(options);
  const products = new Float32Array(checkpoints.length * outer * inner);
  checkpoints.forEach(({ weights }, k) =>
    products.set(productOf(weights).values, k * outer * inner),
  );
  const points = checkpoints.map(({ step, loss, weights }): TargetPoint => ({
    label: `step ${step}`,
    step,
    values: Object.fromEntries(names.map((name, k) => [name, weights[k].values])),
    baseline: null,
    trainingLoss: loss,
  }));
  const ranks = checkpoints.map(({ weights }) => rankOf(weights, spectrum));
  return {
    description: `${widths.join('–')} linear network along its training`,
    points,
    samples: null,
    data: {},
    perPoint: { product: products },
    trace(graph: Graph) {
      const network = multilayerPerceptron(graph, widths, { activation: 'linear', biases: false });
      const product = names
        .map((name) => network.parameters[name])
        .reduce((before, w) => matmul(w, before));
      const replicated = points.length > 1;
      const goal = data(graph, 'product', [outer, inner], { replicated });
      return { loss: sum(square(subtract(product, goal))), sampleLosses: null };
    },
    chain: { kind: 'linear-network', widths, truth: products },
    chainReason: '',
    theory: (point) => linearNetworkTheory(widths, ranks[point]),
    thermal: () => null,
  };
}

interface TrainingPoint {
  readonly step: number;
  readonly loss: number;
  readonly weights: readonly Matrix[];
}

/** Gradient descent on ½‖W_L…W_1 − T‖² in float64; weights are rounded to float32 where they are kept. */
function train(options: SaddleOptions): TrainingPoint[] {
  const { widths, spectrum, scale, rate, trainingSteps, checkpoints, seed } = options;
  const random = createRandom(seed, 0, streams.init);
  const weights = widths.slice(1).map((rows, k): Matrix => {
    const columns = widths[k];
    const values = Float64Array.from({ length: rows * columns }, () => scale * random.normal());
    return { rows, columns, values };
  });
  const every = trainingSteps / (checkpoints - 1);
  const kept: TrainingPoint[] = [];
  for (let step = 0; step <= trainingSteps; step++) {
    const error = productOf(weights);
    spectrum.forEach((value, i) => (error.values[i * error.columns + i] -= value));
    const loss = error.values.reduce((total, value) => total + value * value, 0);
    if (!Number.isFinite(loss)) {
      throw new BadConfig('target.rate', {
        asked: `the training with rate ${rate} diverged at step ${step}`,
        limit: 'it must stay finite',
        remedy: 'Choose a lower rate',
      });
    }
    if (step >= Math.round(kept.length * every)) {
      const rounded = weights.map((w) => ({ ...w, values: w.values.map(Math.fround) }));
      kept.push({ step, loss, weights: rounded });
    }
    descend(weights, error, rate);
  }
  return kept;
}

/** W_k ← W_k − rate·(W_L…W_{k+1})ᵀ·E·(W_{k−1}…W_1)ᵀ, all from the weights before. */
function descend(weights: Matrix[], error: Matrix, rate: number): void {
  const gradients = weights.map((_, k) => {
    let gradient = error;
    for (let j = weights.length - 1; j > k; j--)
      gradient = multiplyMatrices(transposeMatrix(weights[j]), gradient);
    for (let j = 0; j < k; j++) gradient = multiplyMatrices(gradient, transposeMatrix(weights[j]));
    return gradient;
  });
  gradients.forEach(({ values }, k) =>
    values.forEach((value, i) => (weights[k].values[i] -= rate * value)),
  );
}

function productOf(weights: readonly Matrix[]): Matrix {
  return weights.reduce((before, w) => multiplyMatrices(w, before));
}

/** Singular values of the truth that the product has learned: its diagonal, as the truth is diagonal. */
function rankOf(weights: readonly Matrix[], spectrum: readonly number[]): number {
  const { values, columns } = productOf(weights);
  return spectrum.filter((value, i) => values[i * columns + i] > LEARNED * value).length;
}
