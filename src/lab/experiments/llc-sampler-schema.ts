/** What a configuration may say of chains, of the learning-coefficient experiment and of every other that samples what it trained. */
import { TEMPERATURE_CONVENTIONS } from '../../slt/estimate/conventions';
import { METHODS } from '../../optim/sampler/options';
import { choice, flag, number, object, type Infer } from '../schema';
import { custom, nullable, numberOr, refuseForm } from '../schema-forms';

export const nbeta = { min: 1e-6, max: 1e12, label: 'nβ', help: 'On the mean loss.' } as const;
export const lr = { min: 1e-15, max: 1e3, label: 'Step size ε' } as const;
export const localization = { min: 0, max: 1e9, label: 'Localisation γ' } as const;

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
    help: 'What is sampled: names of parameters or their beginnings, [from:to] for indices, blocks.0.attn.head.1 for a head.',
  }),
  subspace: nullable(
    number({
      min: 1,
      max: 4096,
      integer: true,
      label: 'Subspace',
      help: 'Dimensions of a random one to sample in; null for all.',
    }),
  ),
  jitter: number({
    min: 0,
    max: 1e3,
    default: 0,
    label: 'Jitter',
    help: 'Standard deviation of the starts.',
  }),
  commonBatches: flag({
    default: true,
    label: 'Common batches',
    help: 'All chains see the same mini-batches.',
  }),
  pairedBaseline: flag({
    default: true,
    label: 'Paired baseline',
    help: 'Take off the loss at w* on the same mini-batch.',
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

/** Selectors; null samples everything. */
function readMask(value: unknown, path: string): readonly string[] | null {
  if (value === null || (Array.isArray(value) && value.length === 1 && value[0] === 'null'))
    return null;
  const form = 'must be null or a list of parameter names such as ["embed", "mlp.in.weight[0:64]"]';
  if (!Array.isArray(value) || value.length === 0 || value.length > 1000)
    refuseForm(path, 'got no names', form);
  return value.map((name: unknown) =>
    typeof name === 'string' && name.length > 0 && name.length < 200
      ? name
      : refuseForm(path, 'got no name', form),
  );
}

/** λ̂ through training: the sampler, and how far apart the checkpoints are that it samples. */
export const throughTrainingSchema = /* @__PURE__ */ describeThrough();

function describeThrough() {
  return object({
    every: number({
      min: 1,
      max: 1e7,
      integer: true,
      default: 100,
      label: 'λ̂ every',
      unit: 'steps',
      help: 'Chains run around checkpoints so far apart, once the training has ended.',
    }),
    ...samplerFields,
  });
}
export type ThroughTrainingConfig = Infer<typeof throughTrainingSchema>;
