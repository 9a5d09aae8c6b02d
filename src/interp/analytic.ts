/**
 * A network that adds mod p exactly, its weights in closed form (Gromov, arXiv 2301.02679), to check measures by. Where Gromov's phases are
 * random and his logits right on the average of many neurons, phases here stand on a grid and what is to cancel cancels.
 *
 *     E[a] = √α_k·(cos w_k a, sin w_k a)                  two columns a frequency
 *     W_a[n] = (cos φ, −sin φ), W_b[n] = (cos ψ, −sin ψ)   at the frequency of neuron n
 *     neuron n = α_k·(cos(w_k a + φ) + cos(w_k b + ψ))²
 *     U[c, n] = 2/s²·cos(w_k c + φ + ψ)
 *     logit c = Σ_k α_k·cos(w_k(a + b − c))
 *
 * s² neurons a frequency, φ and ψ multiples of 2π/s. Of the square only the wave w_k(a + b) + φ + ψ cancels both phases of U; every other
 * product keeps one turn or two of φ or of ψ, which sum to 0 over a grid of s ≥ 3.
 */
import { BadConfig } from '../gpu/errors';
import type { Graph, Node } from '../graph/types';
import { add, square } from '../ops/elementwise';
import { matmul } from '../ops/matmul';
import { table } from '../ops/table';
import { reshape, transpose } from '../ops/view';
import type { PlainSubject } from './reference/types';
import type { PairSet, Subject } from './types';

export interface AnalyticOptions {
  /** Odd, at least 5. */
  readonly p: number;
  /** Distinct, from 1 to (p − 1)/2. */
  readonly frequencies: readonly number[];
  /** s² neurons for each frequency, s ≥ 3. */
  readonly hidden: number;
  /** α_k of each frequency, positive; 10, 11, 12, … unless given. */
  readonly heights?: readonly number[];
}

/** Neurons in the order of the frequencies. */
interface Neuron {
  /** Index of its frequency. */
  readonly index: number;
  readonly phi: number;
  readonly psi: number;
}

interface Design {
  readonly p: number;
  /** w_k·n, kept in one turn. */
  readonly angle: (index: number, n: number) => number;
  readonly heights: readonly number[];
  readonly neurons: readonly Neuron[];
  /** s */
  readonly side: number;
}

/** Parameters of `mlp` with activation quadratic, width two a frequency, separate projections and no out-projection. */
export const ANALYTIC_NAMES = [
  'embed.weight',
  'mlp.in.a.weight',
  'mlp.in.b.weight',
  'unembed.weight',
] as const;

export type AnalyticWeights = Readonly<Record<(typeof ANALYTIC_NAMES)[number], Float64Array>>;

/** Row-major [p, 2m], [hidden, 2m] twice and [p, hidden] for m frequencies. Throws BadConfig naming the field. */
export function analyticWeights(options: AnalyticOptions): AnalyticWeights {
  const design = plan(options);
  const { p, angle, heights, neurons, side } = design;
  const width = 2 * heights.length;
  const into = (phase: 'phi' | 'psi'): Float64Array => {
    const weights = new Float64Array(neurons.length * width);
    neurons.forEach(({ index, [phase]: shift }, n) => {
      weights[n * width + 2 * index] = Math.cos(shift);
      weights[n * width + 2 * index + 1] = -Math.sin(shift);
    });
    return weights;
  };
  return {
    'embed.weight': embeddingOf(design),
    'mlp.in.a.weight': into('phi'),
    'mlp.in.b.weight': into('psi'),
    'unembed.weight': fill(p, neurons.length, (c, n) => {
      const { index, phi, psi } = neurons[n];
      return (2 / side ** 2) * Math.cos(angle(index, c) + phi + psi);
    }),
  };
}

/** Traced from tables, in float64 where the reference evaluates. Throws BadConfig naming the field. */
export function traceAnalytic(
  graph: Graph,
  options: AnalyticOptions,
  sets: { readonly train: PairSet; readonly test: PairSet },
): Subject {
  const weights = analyticWeights(options);
  const { p, frequencies, hidden } = options;
  const width = 2 * frequencies.length;
  const shapes = [
    [p, width],
    [hidden, width],
    [hidden, width],
    [p, hidden],
  ];
  const key = JSON.stringify(options);
  const [embedding, first, second, readout] = ANALYTIC_NAMES.map((name, i) =>
    table(graph, `analytic ${name} ${key}`, shapes[i], () => weights[name]),
  );
  const activate = (a: Node, b: Node): Node => square(add(a, b));
  const project = (x: Node, map: Node): Node => matmul(x, transpose(map));
  const neurons = reshape(
    activate(
      reshape(project(embedding, first), [p, 1, hidden]),
      reshape(project(embedding, second), [1, p, hidden]),
    ),
    [p * p, hidden],
  );
  return {
    p,
    embedding,
    readout,
    input: project(first, embedding),
    all: { logits: project(neurons, readout), neurons, attention: null },
    ...sets,
    parameters: Object.fromEntries(
      ANALYTIC_NAMES.map((name, i) => [name, [embedding, first, second, readout][i]]),
    ),
    embedded: (a, b) => project(activate(project(a, first), project(b, second)), readout),
  };
}

/** The same as plain tables, each by its formula above. `train` and `test` are rows a·p + b. Throws BadConfig. */
export function analyticTables(
  options: AnalyticOptions,
  sets: { readonly train: ArrayLike<number>; readonly test: ArrayLike<number> },
): PlainSubject {
  const design = plan(options);
  const { p, angle, heights, neurons } = design;
  const weights = analyticWeights(options);
  const half = (n: number, token: number, phase: 'phi' | 'psi'): number => {
    const { index, [phase]: shift } = neurons[n];
    return Math.sqrt(heights[index]) * Math.cos(angle(index, token) + shift);
  };
  // With E_a and E_b as complex numbers z_k, logit c = Σ_k Re(z_a·z_b·e^(−iw_k c)).
  const gradient = (other: number, c: number): Float64Array =>
    Float64Array.from(
      heights.flatMap((height, index) => {
        const turn = angle(index, c + p - other);
        return [Math.sqrt(height) * Math.cos(turn), Math.sqrt(height) * Math.sin(turn)];
      }),
    );
  return {
    p,
    classes: p,
    embedding: weights['embed.weight'],
    readout: weights['unembed.weight'],
    input: fill(neurons.length, p, (n, a) => half(n, a, 'phi')),
    logits: fill(p * p, p, (row, c) =>
      heights.reduce((sum, height, index) => {
        const turn = Math.floor(row / p) + (row % p) + p - c;
        return sum + height * Math.cos(angle(index, turn));
      }, 0),
    ),
    neurons: fill(
      p * p,
      neurons.length,
      (row, n) => (half(n, Math.floor(row / p), 'phi') + half(n, row % p, 'psi')) ** 2,
    ),
    attention: null,
    ...sets,
    parameters: weights,
    gradients: ({ a, b, c }) => [gradient(b, c), gradient(a, c)],
  };
}

function embeddingOf({ p, angle, heights }: Design): Float64Array {
  return fill(p, 2 * heights.length, (a, column) => {
    const turn = angle(column >> 1, a);
    return Math.sqrt(heights[column >> 1]) * (column % 2 === 0 ? Math.cos(turn) : Math.sin(turn));
  });
}

function fill(
  rows: number,
  columns: number,
  f: (row: number, column: number) => number,
): Float64Array {
  return Float64Array.from({ length: rows * columns }, (_, i) =>
    f(Math.floor(i / columns), i % columns),
  );
}

function plan(options: AnalyticOptions): Design {
  const { p, frequencies, hidden } = options;
  const heights = options.heights ?? frequencies.map((_, index) => 10 + index);
  const side = Math.round(Math.sqrt(hidden / frequencies.length));
  check(options, heights, side);
  const place = (n: number): Neuron => {
    const at = n % side ** 2;
    const turn = (2 * Math.PI) / side;
    return {
      index: Math.floor(n / side ** 2),
      phi: turn * (at % side),
      psi: turn * Math.floor(at / side),
    };
  };
  return {
    p,
    angle: (index, n) => (2 * Math.PI * ((frequencies[index] * n) % p)) / p,
    heights,
    neurons: Array.from({ length: hidden }, (_, n) => place(n)),
    side,
  };
}

function check(
  { p, frequencies, hidden }: AnalyticOptions,
  heights: readonly number[],
  side: number,
): void {
  const refuse = (path: string, asked: unknown, limit: string, remedy: string): never => {
    throw new BadConfig(path, { asked: `got ${String(asked)}`, limit, remedy });
  };
  if (!Number.isInteger(p) || p < 5 || p % 2 === 0)
    refuse('p', p, 'must be odd and at least 5', 'Choose such a modulus');
  const count = frequencies.length;
  const known = (k: number): boolean => Number.isInteger(k) && k >= 1 && 2 * k < p;
  if (count === 0 || !frequencies.every(known) || new Set(frequencies).size < count)
    refuse(
      'frequencies',
      `[${frequencies.join(', ')}]`,
      `distinct frequencies of p = ${p} are 1 to ${(p - 1) / 2}, at least one`,
      'Choose among them',
    );
  if (side < 3 || hidden !== count * side ** 2) {
    const fits = [Math.max(side, 3), Math.max(side, 3) + 1].map((s) => count * s ** 2);
    refuse(
      'hidden',
      hidden,
      `${count} frequencies take ${count}·s² neurons, s at least 3`,
      `Choose ${fits.join(' or ')}`,
    );
  }
  if (heights.length !== count || !heights.every((height) => height > 0 && height < Infinity))
    refuse('heights', `[${heights.join(', ')}]`, `one positive height a frequency`, 'Give these');
}
