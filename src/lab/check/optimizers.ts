/**
 * Optimisers on the device against their float64 twins: 100 updates, each compared from the device's own state, so that
 * rounding does not pile up and a wrong update cannot hide in it.
 */
import type { Gpu } from '../../gpu/open';
import { compile } from '../../graph/compile';
import { createGraph } from '../../graph/node';
import type { Program, ProgramSpec, Snapshot } from '../../graph/program';
import type { Update } from '../../graph/update';
import { multiply } from '../../ops/elementwise';
import { sum } from '../../ops/reduce';
import { data, parameter } from '../../ops/source';
import { adamw } from '../../optim/adamw';
import { sgd } from '../../optim/sgd';
import { createRandom } from '../../random/random';
import { streams } from '../../random/streams';
import { ulp } from './bounds';
import { excess, type Comparison } from './compare';

const REPLICAS = 3;
const STEPS = 100;
const SIZE = 1027;

interface Trial {
  readonly name: string;
  readonly update: Update;
  readonly masked?: boolean;
}

/** A program that takes the update, and what its gradients are. */
export interface Setting {
  readonly program: Program;
  readonly update: Update;
  /** Elements of a replica, padding included. */
  readonly stride: number;
  /** [P]; null for none. */
  readonly mask: Float32Array | null;
  /** ∇L of replica r at its parameters [P]. */
  gradients(parameters: Float32Array, r: number): Float64Array;
}

export const trials: readonly Trial[] = /* @__PURE__ */ listTrials();

/** In a call of its own, which bundles without the self-check leave out. */
function listTrials(): readonly Trial[] {
  return [
    { name: 'adamw', update: adamw({ lr: 1e-3, beta1: 0.9, beta2: 0.98, weightDecay: 1 }) },
    {
      name: 'adamw',
      update: adamw({
        lr: [1e-2, 1e-3, 1e-4],
        beta1: [0.9, 0.8, 0],
        beta2: [0.98, 0.999, 0.9],
        weightDecay: [0, 1, 0.1],
        clip: 0.5,
        schedule: { kind: 'cosine', warmup: 10, steps: 80 },
      }),
      masked: true,
    },
    { name: 'sgd', update: sgd({ lr: 1e-2, momentum: 0.9, weightDecay: 1e-2 }) },
    { name: 'sgd', update: sgd({ lr: [1e-1, 1e-2, 1e-3], clip: 1 }), masked: true },
    { name: 'sgd', update: sgd({ lr: 1e-2, momentum: 0.8, nesterov: true }) },
  ];
}

/** One comparison a trial, of parameters and state. */
export async function checkOptimizers(
  gpu: Gpu,
  wanted: (name: string) => boolean,
): Promise<Comparison[]> {
  const worst: Comparison[] = [];
  for (const trial of trials) {
    if (wanted(trial.name)) worst.push(await compareUpdates(gpu, trial));
  }
  return worst;
}

/** Each trial's program: a linear loss, so that the gradients are exact. */
function buildTrial({ update, masked = false }: Trial) {
  const graph = createGraph();
  const theta = parameter(graph, 'theta', [SIZE], { kind: 'normal', std: 1 });
  const slope = data(graph, 'slope', [SIZE], { replicated: true });
  const random = createRandom(7, 0, streams.data);
  const slopes = Float32Array.from({ length: REPLICAS * SIZE }, () => random.normal());
  const stride = Math.ceil(SIZE / 4) * 4;
  const mask = Float32Array.from({ length: stride }, () => (random.uniform() < 0.7 ? 1 : 0));
  const loss = sum(multiply(theta, slope));
  const spec: ProgramSpec = {
    keys: Array.from({ length: REPLICAS }, (_, r) => [r, 0] as const),
    data: { slope: slopes },
    training: { loss, metrics: { loss }, update, ...(masked && { mask }) },
  };
  return { spec, slopes, stride, mask };
}

/** The programs by name, for those who only look at their kernels. */
export function optimizerSpecs(): [name: string, spec: ProgramSpec][] {
  return trials.map((trial) => [trial.name, buildTrial(trial).spec]);
}

async function compareUpdates(gpu: Gpu, trial: Trial): Promise<Comparison> {
  const { name, update, masked = false } = trial;
  const { spec, slopes, stride, mask } = buildTrial(trial);
  const program = await compile(gpu, spec);
  const gradients = (_: Float32Array, r: number): Float64Array => {
    const values = new Float64Array(stride);
    values.set(slopes.subarray(r * SIZE, (r + 1) * SIZE));
    return values;
  };
  const setting = { program, update, stride, mask: masked ? mask : null, gradients };
  return { ...(await followUpdates(setting)), subject: name };
}

/** The worst of 100 updates of three replicas. Disposes the program. */
export async function followUpdates(setting: Setting): Promise<Comparison> {
  const { program, update, stride, mask } = setting;
  try {
    let worst: Comparison = { subject: '', where: 'none', error: 0, bound: 1 };
    let before = await program.save();
    for (let step = 0; step < STEPS; step++) {
      await program.advance(1);
      const after = await program.save();
      for (let r = 0; r < REPLICAS; r++) {
        const from = [r * stride, (r + 1) * stride] as const;
        const gradients = setting.gradients(before.parameters.subarray(...from), r);
        const expected = applyReference(update, before, { step, r, from, gradients, mask });
        const candidate = compareStates(expected, before, after, from);
        if (excess(candidate) > excess(worst)) {
          const where = `${candidate.where}, step ${step}, replica ${r}`;
          worst = { ...candidate, where };
        }
      }
      before = after;
    }
    return worst;
  } finally {
    program.dispose();
  }
}

function applyReference(
  update: Update,
  before: Snapshot,
  at: {
    step: number;
    r: number;
    from: readonly [number, number];
    gradients: Float64Array;
    mask: Float32Array | null;
  },
): Record<string, Float64Array> {
  const take = (all: Float32Array): Float64Array => Float64Array.from(all.subarray(...at.from));
  const parameters = take(before.parameters);
  const state = Object.fromEntries(update.state.map((key) => [key, take(before.state[key])]));
  const hyper = Object.fromEntries(
    Object.entries(update.hyper).map(([key, value]) => [
      key,
      typeof value === 'number' ? value : value[at.r],
    ]),
  );
  update.reference({
    step: at.step,
    seed: at.r,
    replica: 0,
    index: at.r,
    parameters,
    gradients: at.gradients,
    mask: at.mask ? Float64Array.from(at.mask) : null,
    state,
    scalars: {},
    metrics: new Float64Array(0),
    loss: NaN,
    hyper,
  });
  return { parameters, ...state };
}

/** Bound: 1e-6 of the update, and 4 ULP of the values for products, the clipping factor (√, ÷) and the store. */
function compareStates(
  expected: Record<string, Float64Array>,
  before: Snapshot,
  after: Snapshot,
  from: readonly [number, number],
): Comparison {
  let worst: Comparison = { subject: '', where: 'none', error: 0, bound: 1 };
  for (const [key, values] of Object.entries(expected)) {
    const old = (key === 'parameters' ? before.parameters : before.state[key]).subarray(...from);
    const now = (key === 'parameters' ? after.parameters : after.state[key]).subarray(...from);
    values.forEach((value, i) => {
      const difference = Math.abs(now[i] - value);
      const error = Number.isNaN(difference) ? Infinity : difference;
      const bound =
        1e-6 * Math.abs(value - old[i]) + 4 * ulp(Math.max(Math.abs(value), Math.abs(old[i])));
      const candidate = { subject: '', where: key, error, bound };
      if (excess(candidate) > excess(worst)) worst = candidate;
    });
  }
  return worst;
}
