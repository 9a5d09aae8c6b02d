/**
 * Samplers on the device against their float64 twins: each step compared from the device's own state, as optimisers are, and
 * besides parameters and state all that a step records.
 */
import type { Gpu } from '../../gpu/open';
import { compile } from '../../graph/compile';
import { createGraph } from '../../graph/node';
import type { ProgramSpec, Snapshot } from '../../graph/program';
import { multiply } from '../../ops/elementwise';
import { sum } from '../../ops/reduce';
import { data, parameter } from '../../ops/source';
import { sampler } from '../../optim/sampler';
import { SAMPLER_METRICS, type SamplerOptions } from '../../optim/sampler/options';
import { negativeLog } from '../../random/normal';
import { philox } from '../../random/philox';
import { createRandom } from '../../random/random';
import { streams } from '../../random/streams';
import { ulp } from './bounds';
import { excess, type Comparison } from './compare';

const STEPS = 14;

interface Trial {
  readonly options: Omit<SamplerOptions, 'anchor' | 'mask' | 'directions'>;
  readonly size: number;
  readonly replicas: number;
  /** Anchor and mask of each chain's own. */
  readonly own?: boolean;
  readonly directed?: boolean;
}

/** Lists have a value for each of three chains. */
const common = { nbeta: 20, localization: [1, 10, 0], weightDecay: [0, 2, 0.5] };
const large = { size: 1027, replicas: 3 };
const small = { size: 5, replicas: 21 };

const trials: readonly Trial[] = [
  { options: { method: 'sgld', lr: [1e-2, 1e-3, 1e-1], ...common, acceptanceEvery: 3 }, ...large },
  {
    options: { method: 'sgld', lr: 1e-2, nbeta: 1, localization: 1, noiseLevel: 0.5, box: 0.3 },
    ...small,
    own: true,
    directed: true,
  },
  {
    options: {
      method: 'rmsprop-sgld',
      lr: 1e-2,
      ...common,
      decay: [0.99, 0.9, 1],
      stability: [0.1, 0.5, 1],
    },
    ...large,
    own: true,
  },
  {
    options: { method: 'sgnht', lr: [1e-2, 1e-3, 1e-1], ...common, friction: 0.05 },
    ...large,
    directed: true,
  },
  { options: { method: 'sgnht', lr: 1e-2, nbeta: 1, localization: 1, box: 0.4 }, ...small },
  {
    options: { method: 'sghmc', lr: 1e-2, ...common, friction: 0.3, noiseEstimate: [0, 0.1, 0.3] },
    ...large,
    own: true,
  },
  {
    options: { method: 'mala', lr: 1e-2, nbeta: 1, localization: 30, box: 3 },
    ...small,
    own: true,
    directed: true,
  },
  {
    options: { method: 'hmc', lr: [1e-2, 3e-2, 2e-1], ...common, nbeta: 2, leapfrog: 3 },
    ...large,
    directed: true,
  },
];

/** One comparison a trial, of parameters, state and metrics. */
export async function checkSamplers(
  gpu: Gpu,
  wanted: (name: string) => boolean,
): Promise<Comparison[]> {
  const worst: Comparison[] = [];
  for (const trial of trials) {
    if (wanted(trial.options.method)) worst.push(await compareSteps(gpu, trial));
  }
  return worst;
}

/** The programs by name, for those who only look at their kernels. */
export function samplerSpecs(): [name: string, spec: ProgramSpec][] {
  return trials.map((trial) => [trial.options.method, buildTrial(trial).spec]);
}

/** A linear loss, so that the gradients are exact. */
function buildTrial({ options, size, replicas, own = false, directed = false }: Trial) {
  const graph = createGraph();
  const theta = parameter(graph, 'theta', [size], { kind: 'normal', std: 0.3 });
  const slope = data(graph, 'slope', [size], { replicated: true });
  const random = createRandom(7, 0, streams.data);
  const drawn = (length: number, f: () => number): Float32Array => Float32Array.from({ length }, f);
  const slopes = drawn(replicas * size, () => 0.1 * random.normal());
  const stride = Math.ceil(size / 4) * 4;
  const sets = own ? replicas : 1;
  const padded = (f: () => number): Float32Array =>
    drawn(sets * stride, f).map((value, i) => (i % stride < size ? value : 0));
  const loss = sum(multiply(theta, slope));
  const update = sampler({
    ...options,
    anchor: padded(() => 0.3 * random.normal()),
    mask: padded(() => (random.uniform() < 0.7 ? 1 : 0)),
    directions: directed ? drawn(2 * stride, () => random.normal()) : null,
  });
  const spec: ProgramSpec = {
    keys: Array.from({ length: replicas }, (_, r) => [11, r] as const),
    data: { slope: slopes },
    training: { loss, metrics: {}, update },
  };
  return { spec, update, slopes, stride };
}

type Built = ReturnType<typeof buildTrial>;

async function compareSteps(gpu: Gpu, trial: Trial): Promise<Comparison> {
  const subject = trial.options.method;
  const built = buildTrial(trial);
  const program = await compile(gpu, built.spec);
  try {
    let worst: Comparison = { subject, where: 'none', error: 0, bound: 1 };
    let before = await program.save();
    for (let step = 0; step < STEPS; step++) {
      const { rows } = await program.advance(1);
      const after = await program.save();
      for (let r = 0; r < trial.replicas; r++) {
        const metrics = Float64Array.from(SAMPLER_METRICS, (_, m) => rows[m * trial.replicas + r]);
        for (const { where, ...numbers } of compareChain(trial, built, {
          before,
          after,
          step,
          r,
          metrics,
        })) {
          const candidate = { ...numbers, subject, where: `${where}, step ${step}, chain ${r}` };
          if (excess(candidate) > excess(worst)) worst = candidate;
        }
      }
      before = after;
    }
    return worst;
  } finally {
    program.dispose();
  }
}

interface Step {
  readonly before: Snapshot;
  readonly after: Snapshot;
  readonly step: number;
  readonly r: number;
  /** As the device recorded them. */
  readonly metrics: Float64Array;
}

type Finding = Omit<Comparison, 'subject'>;

function* compareChain(trial: Trial, built: Built, at: Step): Generator<Finding> {
  const { before, after, r } = at;
  const { stride } = built;
  const take = (all: Float32Array): Float64Array =>
    Float64Array.from(all.subarray(r * stride, (r + 1) * stride));
  const expected = applyReference(trial, built, at, take);
  if (isTie(trial, expected.metrics, at)) return;
  const arrays: [string, Float64Array, Float64Array, Float64Array][] = [
    ['parameters', expected.parameters, take(before.parameters), take(after.parameters)],
  ];
  for (const [name, values] of Object.entries(expected.state)) {
    arrays.push([name, values, take(before.state[name]), take(after.state[name])]);
  }
  for (const [where, values, old, now] of arrays) {
    const change = values.reduce((most, value, i) => Math.max(most, Math.abs(value - old[i])), 0);
    for (let i = 0; i < values.length; i++) {
      // Noise is within 8 ULP of the twin's, products within a few more; sums of parts that cancel are as large as the step.
      const bound = 2e-6 * change + 4 * ulp(Math.max(Math.abs(values[i]), Math.abs(old[i])));
      yield { where, error: distance(now[i], values[i]), bound };
    }
  }
  for (const [name, value] of Object.entries(expected.scalars)) {
    // ‖p‖², distances, potentials: sums of like signs, but for the loss and what is projected.
    const bound = 2e-5 * Math.max(Math.abs(value), 1);
    yield { where: name, error: distance(after.scalars![name][r], value), bound };
  }
  yield* compareMetrics(expected.metrics, at.metrics);
}

const distance = (a: number, b: number): number => {
  const error = Math.abs(a - b);
  return Number.isNaN(error) ? Infinity : error;
};

function applyReference(
  { size }: Trial,
  { update, slopes, stride }: Built,
  { before, step, r }: Step,
  take: (all: Float32Array) => Float64Array,
) {
  const parameters = take(before.parameters);
  const state = Object.fromEntries(update.state.map((name) => [name, take(before.state[name])]));
  const scalars = Object.fromEntries(
    (update.scalars ?? []).map((name) => [name, before.scalars![name][r]]),
  );
  const hyper = Object.fromEntries(
    Object.entries(update.hyper).map(([name, value]) => [
      name,
      typeof value === 'number' ? value : value[r],
    ]),
  );
  const gradients = new Float64Array(stride);
  gradients.set(slopes.subarray(r * size, (r + 1) * size));
  const loss = gradients.reduce((total, slope, i) => total + slope * parameters[i], 0);
  const metrics = new Float64Array(SAMPLER_METRICS.length);
  const key = { seed: 11, replica: r, index: r };
  const chain = { parameters, gradients, mask: null, state, scalars, metrics, loss, hyper };
  update.reference({ step, ...key, ...chain });
  return { parameters, state, scalars, metrics };
}

/** A Metropolis test so near its limit that float32 may decide it otherwise. */
function isTie({ options }: Trial, metrics: Float64Array, { step, r }: Step): boolean {
  if (options.method !== 'mala' && options.method !== 'hmc') return false;
  const [word] = philox(11, r, step, 0, streams.accept, 0);
  return Math.abs(metrics[1] - Math.exp(-negativeLog(word))) < 1e-3;
}

function* compareMetrics(expected: Float64Array, found: Float64Array): Generator<Finding> {
  const of = (name: string): number => expected[SAMPLER_METRICS.indexOf(name as 'loss')];
  const lengths: Readonly<Record<string, number>> = {
    acceptance: 50,
    gradient_prior: Math.sqrt(of('gradient2') * of('prior2')),
    gradient_noise: Math.sqrt(of('gradient2') * of('noise2')),
    prior_noise: Math.sqrt(of('prior2') * of('noise2')),
    loss: 1,
    x: 10,
    y: 10,
  };
  for (const [m, name] of SAMPLER_METRICS.entries()) {
    // Sums that cancel are held to the size of their parts.
    const bound = 2e-5 * Math.max(Math.abs(expected[m]), lengths[name] ?? 0, 1e-30);
    yield { where: name, error: distance(found[m], expected[m]), bound };
  }
}
