/** What a configuration of the learning coefficient may have as its target. */
import { choice, flag, list, number, object, text } from '../schema';
import { custom, refuseForm, variants } from '../schema-forms';

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

/** One point or a list of points, always returned as a list of points. */
function readPoints(value: unknown, path: string): readonly (readonly number[])[] {
  const form = 'must be a point such as [0, 0], or a list of points';
  if (!Array.isArray(value)) refuseForm(path, 'got no list', form);
  const points = (value.some(Array.isArray) ? value : value.length > 0 ? [value] : []) as unknown[];
  return points.map((point) => {
    if (!Array.isArray(point)) return refuseForm(path, 'got a mixture', form);
    return point.map((x: unknown) => {
      const read = typeof x === 'string' && x.trim() !== '' ? Number(x) : x;
      if (typeof read === 'number' && Math.abs(read) <= 1e6) return read;
      return refuseForm(path, `got ${String(x).slice(0, 40)}`, form);
    });
  });
}

function readSteps(value: unknown, path: string): 'all' | readonly number[] {
  if (value === 'all' || (Array.isArray(value) && value.length === 1 && value[0] === 'all'))
    return 'all';
  const form = 'must be "all" or a list of steps';
  if (!Array.isArray(value) || value.length === 0) refuseForm(path, 'got no steps', form);
  return value.map((step: unknown) => {
    const read = typeof step === 'string' ? Number(step) : step;
    if (typeof read === 'number' && Number.isInteger(read) && read >= 0) return read;
    return refuseForm(path, `got ${String(step).slice(0, 40)}`, form);
  });
}
