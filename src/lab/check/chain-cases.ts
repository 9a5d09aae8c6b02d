/**
 * Chains to check kernels with: every target with every method, of one, odd and padded sizes, with masks, boxes and numbers of
 * their own. Starts and numbers are made so that a dozen steps move well and stay finite.
 */
import type { ChipTarget } from '../../chip/types';
import type { Key, ParameterLayout } from '../../graph/layout';
import { METHODS, type Method, type SamplerOptions } from '../../optim/sampler/options';
import { createRandom, type Random } from '../../random/random';
import { streams } from '../../random/streams';
import type { ChainSpec } from '../../slt/chain/types';

interface Subject {
  readonly name: string;
  readonly target: ChipTarget;
  /** Names and shapes of its parameters. */
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  /** All unless given. */
  readonly methods?: readonly Method[];
}

/** Layout of these tensors, as the general path would make it. */
export function chainLayout(shapes: Readonly<Record<string, readonly number[]>>): ParameterLayout {
  let offset = 0;
  let count = 0;
  const places = Object.entries(shapes).map(([name, shape]) => {
    const size = shape.reduce((product, extent) => product * extent, 1);
    const place = { name, shape, init: { kind: 'zeros' } as const, offset, size };
    offset += Math.ceil(size / 4) * 4;
    count += size;
    return place;
  });
  return { places, stride: offset, count };
}

/** Names and shapes of a fully connected network's parameters. */
export function networkShapes(
  widths: readonly number[],
  biases: boolean,
): Record<string, number[]> {
  const shapes: Record<string, number[]> = {};
  for (let l = 0; l + 1 < widths.length; l++) {
    shapes[`layers.${l}.weight`] = [widths[l + 1], widths[l]];
    if (biases) shapes[`layers.${l}.bias`] = [widths[l + 1]];
  }
  return shapes;
}

const terms = [
  { coefficient: 1, powers: [2, 2, 0] },
  { coefficient: 0.5, powers: [0, 1, 3] },
  { coefficient: 2, powers: [4, 0, 2] },
  { coefficient: 1, powers: [2, 0, 0] },
];

function subjects(chains: number): Subject[] {
  return [
    {
      name: 'polynomial of 1',
      target: { kind: 'polynomial', variables: 1, terms: [{ coefficient: 1, powers: [4] }] },
      shapes: { w: [1] },
    },
    {
      name: 'polynomial of 3',
      target: { kind: 'polynomial', variables: 3, terms },
      shapes: { w: [3] },
    },
    {
      name: 'quadratic of 13, noisy',
      target: {
        kind: 'quadratic',
        eigenvalues: Array.from({ length: 13 }, (_, i) => 0.5 + 0.25 * i),
        gradientNoise: 0.1,
      },
      shapes: { w: [13] },
    },
    {
      name: 'superposition of 5',
      target: { kind: 'superposition', features: 5 },
      shapes: { W: [2, 5], b: [5] },
    },
    {
      name: 'linear network',
      target: {
        kind: 'linear-network',
        widths: [3, 2, 5],
        truth: Float32Array.from({ length: 15 }, (_, i) => (i % 4) / 4),
      },
      shapes: networkShapes([3, 2, 5], false),
    },
    {
      name: 'linear network, a truth each',
      target: {
        kind: 'linear-network',
        widths: [3, 4],
        truth: Float32Array.from({ length: 12 * chains }, (_, i) => (i % 7) / 4),
      },
      shapes: networkShapes([3, 4], false),
      methods: ['sgld'],
    },
    {
      name: 'classifier',
      ...classifier(network([3, 4, 3], 'relu', true)),
      methods: ['sgld', 'hmc'],
    },
    { name: 'relu network', ...network([2, 7, 3], 'relu', true) },
    { name: 'tanh network', ...network([1, 3, 2, 1], 'tanh', false), methods: ['sgld', 'mala'] },
  ];
}

/** Eleven samples, so that the last batch is not full. */
function network(
  widths: readonly number[],
  activation: 'relu' | 'tanh',
  biases: boolean,
): Omit<Subject, 'name'> {
  const random = createRandom(1, 0, streams.data);
  const count = 11;
  const values = (n: number): Float32Array =>
    Float32Array.from({ length: count * n }, () => random.normal());
  const target: ChipTarget = {
    kind: 'network',
    widths,
    activation,
    biases,
    inputs: values(widths[0]),
    targets: values(widths[widths.length - 1]),
    weights: new Float32Array(count).fill(1 / count),
  };
  return { target, shapes: networkShapes(widths, biases) };
}

/** With labels in place of the targets. */
function classifier<S extends Omit<Subject, 'name'>>({ target, shapes }: S): Omit<Subject, 'name'> {
  if (target.kind !== 'network') throw new Error('no samples');
  const classes = target.widths[target.widths.length - 1];
  const labels = Uint32Array.from(target.weights, (_, s) => (5 * s) % classes);
  return { shapes, target: { ...target, targets: new Float32Array(0), labels } };
}

/** ε, and what else a method is checked with. */
const SETTINGS: Readonly<Record<Method, Partial<SamplerOptions>>> = {
  sgld: { lr: 2e-3, acceptanceEvery: 3 },
  'rmsprop-sgld': { lr: 1e-3, decay: 0.9 },
  sgnht: { lr: 5e-4, friction: 0.05 },
  sghmc: { lr: 5e-4, noiseEstimate: 0.02 },
  mala: { lr: 4e-3 },
  hmc: { lr: 1e-3, leapfrog: 3 },
};

export interface ChainCase {
  readonly name: string;
  readonly spec: ChainSpec;
}

/** Every target with every method; `chains` of each. */
export function chainCases(chains = 5): ChainCase[] {
  return subjects(chains).flatMap((subject, k) =>
    (subject.methods ?? METHODS).map((method, m) => ({
      name: `${subject.name}, ${method}`,
      spec: makeSpec(subject, method, chains, createRandom(10 * k + m, 0, streams.probe)),
    })),
  );
}

function makeSpec(
  { target, shapes }: Subject,
  method: Method,
  chains: number,
  draw: Random,
): ChainSpec {
  const layout = chainLayout(shapes);
  const anchor = new Float32Array(layout.stride);
  const start = new Float32Array(chains * layout.stride);
  for (const { offset, size } of layout.places) {
    for (let i = offset; i < offset + size; i++) {
      anchor[i] = 0.4 * draw.normal();
      for (let r = 0; r < chains; r++)
        start[r * layout.stride + i] = anchor[i] + 0.1 * draw.normal();
    }
  }
  const mask = new Float32Array(layout.stride);
  for (const { offset, size } of layout.places) mask.fill(1, offset, offset + size);
  // A frozen element, where there is one to spare.
  if (layout.count > 4) {
    mask[1] = 0;
    for (let r = 0; r < chains; r++) start[r * layout.stride + 1] = anchor[1];
  }
  const keys = Array.from({ length: chains }, (_, r): Key => [3, r]);
  const exact = method === 'mala' || method === 'hmc';
  return {
    target,
    layout,
    keys,
    start,
    baseline: keys.map((_, r) => 0.01 * r),
    rowEvery: method === 'hmc' ? 3 : 1,
    sampler: {
      method,
      nbeta: keys.map((_, r) => 20 + 10 * r),
      localization: keys.map((_, r) => r % 3),
      weightDecay: 0.1,
      noiseLevel: exact ? 1 : 0.9,
      box: keys.map((_, r) => (r % 2 === 0 ? 0.25 : 0)),
      directions: directionsOf(layout, draw),
      anchor,
      mask,
      lr: 1e-3,
      ...SETTINGS[method],
    },
  };
}

function directionsOf({ stride, places }: ParameterLayout, draw: Random): Float32Array {
  const values = new Float32Array(2 * stride);
  for (const { offset, size } of places) {
    for (let i = offset; i < offset + size; i++) {
      values[i] = draw.normal();
      values[stride + i] = draw.normal();
    }
  }
  return values;
}
