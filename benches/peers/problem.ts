/**
 * The step every library is timed on: one full-batch-like step of the one-layer transformer of Nanda et al.
 * (arXiv 2301.05217) on 512 fixed rows. Weights, rows and the optimiser's numbers are the same for all of them.
 */
import { createRandom } from '../../src/random/random';
import { streams } from '../../src/random/streams';

export const shape = {
  modulus: 113,
  /** Tokens 0…112 and "=", which is 113; also the number of outputs. */
  vocabulary: 114,
  context: 3,
  width: 128,
  heads: 4,
  headWidth: 32,
  hidden: 512,
  batch: 512,
} as const;

export const adamW = {
  learningRate: 1e-3,
  beta1: 0.9,
  beta2: 0.98,
  epsilon: 1e-8,
  weightDecay: 1,
} as const;

/** Row-major shapes; activations multiply from the left, x·W. Heads are side by side in the columns of q, k, v. */
export const weightShapes = {
  embed: [114, 128],
  positions: [3, 128],
  query: [128, 128],
  key: [128, 128],
  value: [128, 128],
  output: [128, 128],
  hiddenIn: [128, 512],
  hiddenInBias: [512],
  hiddenOut: [512, 128],
  hiddenOutBias: [128],
  unembed: [128, 114],
} as const;

export type WeightName = keyof typeof weightShapes;
export const weightNames = Object.keys(weightShapes) as WeightName[];

export interface Problem {
  readonly weights: Readonly<Record<WeightName, Float32Array>>;
  /** [rows, 3]: a, b, 113. */
  readonly tokens: Int32Array;
  /** [rows]: (a + b) mod 113. */
  readonly targets: Int32Array;
}

/**
 * Weights N(0, 1)/√128, the unembedding /√114, biases too (so that no gradient path is trivially zero). Fewer rows are the first
 * ones of more.
 */
export function createProblem(seed = 0, rows: number = shape.batch): Problem {
  const random = createRandom(seed, 0, streams.probe);
  const draw = (name: WeightName): Float32Array => {
    const scale = 1 / Math.sqrt(name === 'unembed' ? shape.vocabulary : shape.width);
    const size = weightShapes[name].reduce((product, n) => product * n, 1);
    return Float32Array.from({ length: size }, () => scale * random.normal());
  };
  const weights = Object.fromEntries(weightNames.map((name) => [name, draw(name)]));
  const { modulus } = shape;
  const pairs = random.shuffle(modulus * modulus).slice(0, rows);
  const tokens = new Int32Array(rows * shape.context);
  const targets = new Int32Array(rows);
  pairs.forEach((pair, row) => {
    const a = Math.floor(pair / modulus);
    const b = pair % modulus;
    tokens.set([a, b, modulus], row * shape.context);
    targets[row] = (a + b) % modulus;
  });
  return { weights: weights as Record<WeightName, Float32Array>, tokens, targets };
}

/** What a library offers the step bench: `forward` tells at how many positions it computes the network. */
export interface Trainer {
  /** Takes n steps; resolves to the loss before the last update, once the device has done everything. */
  train(n: number): Promise<number>;
  dispose(): void;
}

export type Forward = 'all positions' | 'last position';

/**
 * Multiply-adds of one step times 2, backward counted as twice the forward. `last position` computes keys and values
 * everywhere and the rest once per row.
 */
export function stepFlops(forward: Forward, rows: number = shape.batch): number {
  const { context, width, hidden, vocabulary, heads, headWidth } = shape;
  const queries = forward === 'all positions' ? context : 1;
  const perQuery = 2 * width * width + 2 * width * hidden + width * vocabulary;
  const attention = queries * context * heads * headWidth * 2;
  const perRow = queries * perQuery + context * 2 * width * width + attention;
  return 3 * 2 * rows * perRow;
}
