/** Networks of modular-addition runs computed from their weights by explicit loops in float64: what they are to the twin. */
import type { PlainSubject } from '../../src/interp/reference';
import { modularAddition } from '../../src/lab/experiments/modular-addition';
import { splitData } from '../../src/lab/experiments/modular-parts';
import type { ModularConfig } from '../../src/lab/experiments/modular-schema';
import type { ParameterLayout } from '../../src/graph/layout';
import type { Measures } from '../../src/interp/types';

export type Weights = Readonly<Record<string, Float64Array>>;

export interface Built {
  readonly config: ModularConfig;
  readonly model: ReturnType<typeof modularAddition.build>;
  readonly measures: Measures;
}

/** A run's model with its measures, at the defaults unless given. */
export function buildRun(given: object): Built {
  const config = modularAddition.parse({
    schema: 1,
    experiment: 'modular-addition',
    measures: { readout: true },
    ...given,
  });
  const model = modularAddition.build(config);
  if (!model.measures) throw new Error('the model has no measures');
  // What a run holds of them lacks the drawn ones, which are among its views.
  return { config, model, measures: { ...model.measures, drawn: {} } };
}

/** Weights of one replica by name. */
export function weightsOf(
  layout: ParameterLayout,
  parameters: Float32Array,
  replica: number,
): Weights {
  return Object.fromEntries(
    layout.places.map(({ name, offset, size }) => {
      const from = replica * layout.stride + offset;
      return [name, Float64Array.from(parameters.subarray(from, from + size))];
    }),
  );
}

/** What one vector makes of another: y = W·x + bias, W [out, in]. */
function map(weight: ArrayLike<number>, x: Float64Array, bias?: Float64Array): Float64Array {
  const outer = weight.length / x.length;
  return Float64Array.from({ length: outer }, (_, o) =>
    x.reduce((sum, value, i) => sum + weight[o * x.length + i] * value, bias?.[o] ?? 0),
  );
}

function rowOf(matrix: Float64Array, row: number, width: number): Float64Array {
  return matrix.slice(row * width, (row + 1) * width);
}

function product(left: Float64Array, right: Float64Array, inner: number): Float64Array {
  const [rows, columns] = [left.length / inner, right.length / inner];
  return Float64Array.from({ length: rows * columns }, (_, at) => {
    const [row, column] = [Math.floor(at / columns), at % columns];
    let sum = 0;
    for (let i = 0; i < inner; i++) sum += left[row * inner + i] * right[i * columns + column];
    return sum;
  });
}

interface Passed {
  readonly logits: Float64Array;
  readonly neurons: Float64Array;
  /** From the last position to the first, by head. */
  readonly attention?: readonly number[];
}

/** The subject of one replica's weights. */
export function plainSubject(config: ModularConfig, weights: Weights, replica = 0): PlainSubject {
  const { modulus: p } = config.data;
  const { kind, width, hidden, heads } = config.network;
  const isMlp = kind === 'mlp';
  const embed = weights['embed.weight'];
  const vector = (a: number): Float64Array => rowOf(embed, a, width);
  const run = (x: Float64Array, y: Float64Array): Passed =>
    isMlp ? runMlp(weights, x, y) : runTransformer(config, weights, x, y);
  const passes = Array.from({ length: p * p }, (_, row) =>
    run(vector(Math.floor(row / p)), vector(row % p)),
  );
  const split = splitData(config)[replica];
  const rows = ({ inputs }: { inputs: Uint32Array }): number[] =>
    Array.from({ length: inputs.length / 2 }, (_, n) => inputs[2 * n] * p + inputs[2 * n + 1]);
  const flat = (pick: (pass: Passed) => Float64Array): Float64Array =>
    Float64Array.from(passes.flatMap((pass) => [...pick(pass)]));
  const out = weights[isMlp ? 'mlp.out.weight' : 'blocks.0.mlp.out.weight'];
  return {
    p,
    classes: passes[0].logits.length,
    embedding: embed.slice(0, p * width),
    readout: product(weights['unembed.weight'], out, width),
    input: isMlp
      ? Float64Array.from({ length: hidden * p }, (_, i) => {
          const [h, a] = [Math.floor(i / p), i % p];
          return map(rowOf(weights['mlp.in.weight'], h, width), vector(a))[0];
        })
      : null,
    logits: flat(({ logits }) => logits),
    neurons: flat(({ neurons }) => neurons),
    attention: isMlp
      ? null
      : Float64Array.from({ length: heads * p * p }, (_, i) => {
          const [head, row] = [Math.floor(i / (p * p)), i % (p * p)];
          return passes[row].attention![head];
        }),
    train: rows(split.train),
    test: rows(split.test),
    parameters: weights,
    gradients: ({ a, b, c }) =>
      isMlp
        ? mlpGradients(weights, vector(a), vector(b), c)
        : [
            differentiate(vector(a), (x) => run(x, vector(b)).logits[c]),
            differentiate(vector(b), (y) => run(vector(a), y).logits[c]),
          ],
  };
}

/** logits = U·W_out·relu(W_in·x + W_in·y) */
function runMlp(weights: Weights, x: Float64Array, y: Float64Array): Passed {
  const both = x.map((value, i) => value + y[i]);
  const neurons = map(weights['mlp.in.weight'], both).map((pre) => Math.max(pre, 0));
  return {
    neurons,
    logits: map(weights['unembed.weight'], map(weights['mlp.out.weight'], neurons)),
  };
}

/** Through one shared projection both operands have the same gradient: W_inᵀ·(open ⊙ W_Lᵀ_c). */
function mlpGradients(
  weights: Weights,
  x: Float64Array,
  y: Float64Array,
  c: number,
): [Float64Array, Float64Array] {
  const { neurons } = runMlp(weights, x, y);
  const readout = map(
    transposed(weights['mlp.out.weight'], neurons.length),
    rowOf(weights['unembed.weight'], c, x.length),
  );
  const open = readout.map((value, h) => (neurons[h] > 0 ? value : 0));
  const gradient = map(transposed(weights['mlp.in.weight'], x.length), open);
  return [gradient, gradient.slice()];
}

/** [rows, columns] → [columns, rows] */
function transposed(matrix: Float64Array, columns: number): Float64Array {
  const rows = matrix.length / columns;
  return matrix.map((_, i) => matrix[(i % rows) * columns + Math.floor(i / rows)]);
}

/** Nanda et al.'s network: one causal layer over a, b, "=", read at "="; tanh neurons. */
function runTransformer(
  { data: { modulus: p }, network: { width, heads } }: ModularConfig,
  weights: Weights,
  x: Float64Array,
  y: Float64Array,
): Passed {
  const positions = weights['pos_embed.weight'];
  const stream = [x, y, rowOf(weights['embed.weight'], p, width)].map((vector, t) =>
    vector.map((value, i) => value + positions[t * width + i]),
  );
  const through = (part: string, vector: Float64Array): Float64Array =>
    map(weights[`blocks.0.attn.${part}.weight`], vector);
  const query = through('query', stream[2]);
  const [keys, values] = ['key', 'value'].map((part) => stream.map((one) => through(part, one)));
  const size = width / heads;
  const mixed = new Float64Array(width);
  const attention: number[] = [];
  for (let head = 0; head < heads; head++) {
    const part = (vector: Float64Array): Float64Array => rowOf(vector, head, size);
    const masses = keys.map((key) =>
      Math.exp(part(key).reduce((sum, k, i) => sum + k * part(query)[i], 0) / Math.sqrt(size)),
    );
    const total = masses[0] + masses[1] + masses[2];
    attention.push(masses[0] / total);
    masses.forEach((mass, t) =>
      part(values[t]).forEach((value, i) => (mixed[head * size + i] += (mass / total) * value)),
    );
  }
  const attended = through('out', mixed).map((value, i) => value + stream[2][i]);
  const mlp = (part: string): [Float64Array, Float64Array] => [
    weights[`blocks.0.mlp.${part}.weight`],
    weights[`blocks.0.mlp.${part}.bias`],
  ];
  const neurons = map(mlp('in')[0], attended, mlp('in')[1]).map(Math.tanh);
  const last = map(mlp('out')[0], neurons, mlp('out')[1]).map((value, i) => value + attended[i]);
  return { logits: map(weights['unembed.weight'], last), neurons, attention };
}

/** Central differences, extrapolated twice (Richardson): the error is of the sixth order in the step. */
function differentiate(at: Float64Array, f: (x: Float64Array) => number): Float64Array {
  return at.map((value, i) => {
    const slope = (step: number): number => {
      const moved = (by: number): Float64Array => at.with(i, value + by);
      return (f(moved(step)) - f(moved(-step))) / (2 * step);
    };
    const [coarse, middle, fine] = [0.04, 0.02, 0.01].map(slope);
    const [first, second] = [(4 * middle - coarse) / 3, (4 * fine - middle) / 3];
    return (16 * second - first) / 15;
  });
}
