/** What a configuration of the learning-coefficient experiment may say: target, sampler, sweep. */
import { TEMPERATURE_CONVENTIONS } from '../../slt/estimate/temperature';
import { METHODS } from '../../optim/sampler/options';
import { BadConfig } from '../../gpu/errors';
import {
  choice,
  custom,
  flag,
  list,
  nullable,
  number,
  numberOr,
  object,
  text,
  variants,
  type Infer,
} from '../schema';

const term = object({
  coefficient: number({ min: -1e12, max: 1e12, default: 1 }),
  powers: list(number({ min: 0, max: 24, integer: true }), { minLength: 1, maxLength: 32 }),
});

const potential = object({
  terms: list(term, {
    default: [{ coefficient: 1, powers: [2, 2] }],
    minLength: 1,
    maxLength: 200,
    label: 'Terms',
    help: 'K(w) = Σ coefficient · ∏ wᵢ^power.',
  }),
  at: custom(readPoints, {
    default: [],
    label: 'Point w*',
    help: 'Where λ̂ is estimated: [0, 0], or a list of points; the origin unless given.',
  }),
});

const quadratic = object({
  eigenvalues: list(number({ min: 0, max: 1e9 }), {
    default: [1, 2],
    minLength: 1,
    maxLength: 4096,
    label: 'Eigenvalues h',
    help: 'K(w) = ½ Σ hᵢwᵢ².',
  }),
  gradientNoise: number({
    min: 0,
    max: 1e6,
    default: 0,
    label: 'Gradient noise',
    help: 'Standard deviation added to every gradient, as a mini-batch would.',
  }),
});

const linearNetwork = object({
  widths: list(number({ min: 1, max: 1024, integer: true }), {
    default: [5, 5, 5],
    minLength: 2,
    maxLength: 42,
    label: 'Widths',
    help: 'Layer sizes, input first.',
  }),
  rank: number({ min: 0, max: 1024, integer: true, default: 1, label: 'Rank of the truth' }),
  loss: choice(['population', 'sample'], {
    default: 'population',
    label: 'Loss',
    help: 'population: ‖W_L…W_1 − T‖², no data. sample: mean over samples with standard normal inputs.',
  }),
  samples: number({ min: 2, max: 1e6, integer: true, default: 1000, label: 'Samples n' }),
  noise: number({
    min: 0,
    max: 1e3,
    default: 0,
    label: 'Target noise',
    help: 'Standard deviation added to the targets of the samples.',
  }),
});

const saddles = object({
  widths: list(number({ min: 1, max: 64, integer: true }), {
    default: [6, 6, 6],
    minLength: 3,
    maxLength: 8,
    label: 'Widths',
    help: 'A linear network trained by gradient descent from small weights: its loss falls in steps.',
  }),
  spectrum: list(number({ min: 0, max: 100 }), {
    default: [4, 3, 2, 1],
    minLength: 1,
    maxLength: 64,
    label: 'Singular values of the truth',
  }),
  scale: number({ min: 1e-6, max: 1, default: 1e-3, label: 'Scale of the first weights' }),
  rate: number({ min: 1e-6, max: 1, default: 5e-3, label: 'Rate of the training' }),
  trainingSteps: number({
    min: 1,
    max: 1e6,
    integer: true,
    default: 1200,
    label: 'Training',
    unit: 'steps',
  }),
  checkpoints: number({ min: 2, max: 200, integer: true, default: 25, label: 'Checkpoints' }),
});

const tanh = object({
  hidden: number({ min: 1, max: 64, integer: true, default: 3, label: 'Hidden units H' }),
});

const relu = object({
  widths: list(number({ min: 1, max: 256, integer: true }), {
    default: [10, 20, 10],
    minLength: 3,
    maxLength: 8,
    label: 'Widths',
    help: 'A random ReLU network is the truth; w* is the truth itself.',
  }),
  rescale: list(number({ min: 1e-4, max: 1e4 }), {
    default: [1],
    minLength: 1,
    maxLength: 64,
    label: 'Rescaling',
    help: 'First layer × factor, last layer ÷ factor: the same function at another w*.',
  }),
  samples: number({ min: 2, max: 1e5, integer: true, default: 200, label: 'Samples n' }),
});

const superposition = object({
  features: number({ min: 3, max: 64, integer: true, default: 6, label: 'Features c' }),
  hidden: number({ min: 1, max: 64, integer: true, default: 2, label: 'Hidden units' }),
  state: text({
    default: '5+',
    maxLength: 40,
    label: 'State',
    help: 'A k-gon, and a + for each feature left out with a positive bias: 6, 5+, 5, 4++, 4+, 4.',
  }),
  deadBias: number({
    min: -100,
    max: -1e-6,
    default: -0.05,
    label: 'Dead bias',
    help: 'Where the bias of a dead feature stands: any negative number has the same loss, but the nearer to 0 the sooner a chain finds the lower level beyond.',
  }),
  freezeDeadBias: flag({
    default: false,
    label: 'Freeze dead biases',
    help: 'A dead bias left free lets chains find a lower level: λ̂ turns negative.',
  }),
});

const run = object({
  path: text({ default: '', maxLength: 1000, label: 'Run directory' }),
  steps: custom(readSteps, { default: 'all', label: 'Checkpoints' }),
  data: choice(['train', 'test', 'all'], {
    default: 'train',
    label: 'Evaluation set',
    help: 'Whose loss is sampled: another set than the trained one gives the data-refined coefficient.',
  }),
});

export const targetSchema = variants(
  'kind',
  {
    potential,
    quadratic,
    'linear-network': linearNetwork,
    tanh,
    superposition,
    relu,
    saddles,
    run,
  },
  { label: 'Target' },
);

const nbeta = { min: 1e-6, max: 1e12, label: 'nβ', help: 'On the mean loss.' } as const;
const lr = { min: 1e-15, max: 1e3, label: 'Step size ε' } as const;
const localization = { min: 0, max: 1e9, label: 'Localisation γ' } as const;

/** What the chains of an estimate are told, wherever they come from. */
export const samplerFields = {
  method: choice(METHODS, { default: 'sgld', label: 'Sampler' }),
  lr: number({ ...lr, default: 1e-4, help: 'Of mala and hmc the square of the leapfrog step.' }),
  localization: number({ ...localization, default: 1 }),
  nbeta: numberOr(TEMPERATURE_CONVENTIONS, { ...nbeta, default: 1000 }),
  chains: number({ min: 1, max: 65_536, integer: true, default: 64, label: 'Chains' }),
  burnin: number({
    min: 0,
    max: 1e8,
    integer: true,
    default: 1000,
    label: 'Burn-in',
    unit: 'draws',
  }),
  draws: number({
    min: 2,
    max: 1e8,
    integer: true,
    default: 2000,
    label: 'Draws',
    unit: 'a chain',
  }),
  thin: number({
    min: 1,
    max: 1e5,
    integer: true,
    default: 1,
    label: 'Thin',
    unit: 'steps a draw',
  }),
  batchSize: nullable(
    number({
      min: 1,
      max: 1e6,
      integer: true,
      label: 'Batch',
      unit: 'samples',
      help: 'null: all samples at every step.',
    }),
  ),
  noiseLevel: number({ min: 0, max: 100, default: 1, label: 'Noise level σ' }),
  weightDecay: number({ min: 0, max: 1e6, default: 0, label: 'Weight decay' }),
  box: nullable(
    number({ min: 1e-9, max: 1e9, label: 'Box', help: 'Half-width around w*; null for none.' }),
  ),
  mask: custom(readMask, {
    default: null,
    label: 'Mask',
    help: 'What is sampled, the rest stays at w*: parameter names or beginnings of names, with [from:to] for indices, blocks.0.attn.head.1 for a head.',
  }),
  subspace: nullable(
    number({
      min: 1,
      max: 4096,
      integer: true,
      label: 'Subspace',
      help: 'Dimensions of a random subspace to sample in; null for all.',
    }),
  ),
  jitter: number({
    min: 0,
    max: 1e3,
    default: 0,
    label: 'Jitter',
    help: 'Standard deviation of the chains’ starts around w*.',
  }),
  commonBatches: flag({
    default: true,
    label: 'Common batches',
    help: 'All chains see the same mini-batches.',
  }),
  pairedBaseline: flag({
    default: true,
    label: 'Paired baseline',
    help: 'Subtract the loss at w* on the same mini-batch, not on the whole set.',
  }),
  controlVariate: flag({
    default: false,
    label: 'Control variate',
    help: 'Gradient g_B(w) − g_B(w*) + g(w*): less mini-batch noise near w*, twice the cost.',
  }),
  decay: number({ min: 0, max: 1, default: 0.99, label: 'RMSprop α' }),
  stability: number({ min: 1e-12, max: 1e6, default: 0.1, label: 'RMSprop δ' }),
  friction: nullable(
    number({
      min: 1e-9,
      max: 1,
      label: 'Friction',
      help: 'A of sgnht (0.01), a of sghmc (0.1).',
    }),
  ),
  noiseEstimate: number({
    min: 0,
    max: 1,
    default: 0,
    label: 'Noise estimate',
    help: 'b of sghmc.',
  }),
  leapfrog: number({ min: 1, max: 1000, integer: true, default: 10, label: 'Leapfrog steps' }),
  path: choice(['auto', 'on-chip', 'general'], {
    default: 'auto',
    label: 'Path',
    help: 'on-chip: hundreds of steps a dispatch, for small targets. auto chooses by size.',
  }),
} as const;

export const samplerSchema = object(samplerFields, { label: 'Sampler' });

export const sweepSchema = object(
  {
    lr: list(number(lr), { default: [], label: 'ε' }),
    localization: list(number(localization), { default: [], label: 'γ' }),
    nbeta: list(numberOr(TEMPERATURE_CONVENTIONS, nbeta), { default: [], label: 'nβ' }),
  },
  { label: 'Sweep' },
);

export const llcSchema = object({
  schema: number({ min: 1, max: 1, integer: true, default: 1, label: 'Version of this format' }),
  experiment: choice(['llc'], { default: 'llc', label: 'Experiment' }),
  seed: number({ min: 0, max: 2 ** 32 - 1, integer: true, default: 0, label: 'Seed' }),
  target: targetSchema,
  sampler: samplerSchema,
  sweep: sweepSchema,
});

export type LlcConfig = Infer<typeof llcSchema>;
export type TargetConfig = LlcConfig['target'];
export type SamplerConfig = LlcConfig['sampler'];
export type TargetOf<K extends TargetConfig['kind']> = Extract<TargetConfig, { kind: K }>;

function refuse(path: string, asked: string, limit: string): never {
  throw new BadConfig(path, { asked, limit, remedy: 'Write it in that form' });
}

/** One point or a list of points, always returned as a list of points. */
function readPoints(value: unknown, path: string): readonly (readonly number[])[] {
  const form = 'must be a point such as [0, 0], or a list of points';
  if (!Array.isArray(value)) refuse(path, 'got no list', form);
  const points = (value.some(Array.isArray) ? value : value.length > 0 ? [value] : []) as unknown[];
  return points.map((point) => {
    if (!Array.isArray(point)) return refuse(path, 'got a mixture', form);
    return point.map((x: unknown) => {
      const read = typeof x === 'string' && x.trim() !== '' ? Number(x) : x;
      if (typeof read === 'number' && Math.abs(read) <= 1e6) return read;
      return refuse(path, `got ${String(x).slice(0, 40)}`, form);
    });
  });
}

function readSteps(value: unknown, path: string): 'all' | readonly number[] {
  if (value === 'all' || (Array.isArray(value) && value.length === 1 && value[0] === 'all'))
    return 'all';
  const form = 'must be "all" or a list of steps';
  if (!Array.isArray(value) || value.length === 0) refuse(path, 'got no steps', form);
  return value.map((step: unknown) => {
    const read = typeof step === 'string' ? Number(step) : step;
    if (typeof read === 'number' && Number.isInteger(read) && read >= 0) return read;
    return refuse(path, `got ${String(step).slice(0, 40)}`, form);
  });
}

/** Selectors; null samples everything. */
function readMask(value: unknown, path: string): readonly string[] | null {
  if (value === null || (Array.isArray(value) && value.length === 1 && value[0] === 'null'))
    return null;
  const form = 'must be null or a list of parameter names such as ["embed", "mlp.in.weight[0:64]"]';
  if (!Array.isArray(value) || value.length === 0 || value.length > 1000)
    refuse(path, 'got no names', form);
  return value.map((name: unknown) =>
    typeof name === 'string' && name.length > 0 && name.length < 200
      ? name
      : refuse(path, 'got no name', form),
  );
}

/** λ̂ through training: the sampler, and how far apart the checkpoints are that it samples. */
export const throughTrainingSchema = object({
  every: number({
    min: 1,
    max: 1e7,
    integer: true,
    default: 100,
    label: 'λ̂ every',
    unit: 'steps',
    help: 'Checkpoints so far apart are kept; their chains run together when the training ends.',
  }),
  ...samplerFields,
});
export type ThroughTrainingConfig = Infer<typeof throughTrainingSchema>;
