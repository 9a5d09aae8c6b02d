/** What a configuration of the modular-arithmetic experiment may say. */
import { LARGEST_MODULUS } from '../../data/modular';
import { operationNames } from '../../data/operations';
import { throughTrainingSchema } from './llc-sampler-schema';
import { measuresSchema } from './measures-schema';
import { choice, flag, number, object, type Infer } from '../schema';
import { nullable, optional } from '../schema-forms';

export const modularData = object(
  {
    modulus: number({
      min: 3,
      max: LARGEST_MODULUS,
      integer: true,
      default: 53,
      label: 'Modulus p',
      help: 'Tokens 0 … p − 1; the papers use primes from 53 to 113.',
    }),
    operation: choice(operationNames, {
      default: 'add',
      label: 'Operation',
      help: 'The table that is learned.',
    }),
    fraction: number({
      min: 0.001,
      max: 0.999,
      default: 0.5,
      label: 'Pairs shown',
      help: 'Of the table, to train on; more of it shortens the delay.',
    }),
    pairs: choice(['unordered', 'ordered'], {
      default: 'unordered',
      label: 'Pairs',
      help: 'Unordered keeps one of (a, b) and (b, a): no test pair is a trained one mirrored.',
    }),
  },
  { label: 'Data' },
);

export const modularNetwork = object(
  {
    kind: choice(['mlp', 'transformer'], {
      default: 'mlp',
      label: 'Network',
      help: 'Two tokens added in one hidden layer, or a transformer that reads "a b =".',
    }),
    width: number({
      min: 1,
      max: 4096,
      integer: true,
      default: 128,
      label: 'Width',
      help: 'Of the embedding and the residual stream.',
    }),
    hidden: number({
      min: 0,
      max: 16384,
      integer: true,
      default: 48,
      label: 'Hidden units',
      help: 'Of the MLP; 0 makes the transformer attention-only.',
    }),
    activation: choice(['relu', 'gelu', 'quadratic', 'tanh'], {
      default: 'relu',
      label: 'Activation',
    }),
    heads: number({ min: 1, max: 64, integer: true, default: 4, label: 'Heads' }),
    layers: number({ min: 1, max: 12, integer: true, default: 1, label: 'Layers' }),
    layerNorm: flag({ default: false, label: 'Layer norm' }),
    biases: choice(['paper', 'none', 'mlp', 'all'], {
      default: 'paper',
      label: 'Biases',
      help: 'paper: none in the MLP network, those of the MLP block in the transformer.',
    }),
    positions: flag({ default: true, label: 'Positions', help: 'Learned positional embedding.' }),
    causal: flag({ default: true, label: 'Causal mask' }),
    equals: flag({
      default: true,
      label: 'Token "="',
      help: 'The transformer reads its answer at a third token; without it, at b.',
    }),
    equalsClass: flag({
      default: false,
      label: 'Output for "="',
      help: 'A further logit that is never right, as in the code of the paper.',
    }),
    tied: flag({ default: false, label: 'Tied', help: 'Unembedding = embedding.' }),
    input: choice(['embedding', 'one-hot'], {
      default: 'embedding',
      label: 'Input',
      help: 'Of the MLP network.',
    }),
    separate: flag({
      default: false,
      label: 'Separate projections',
      help: 'MLP network: an in-projection for each operand.',
    }),
    outProjection: flag({
      default: true,
      label: 'Out-projection',
      help: 'MLP network: a matrix between hidden units and unembedding.',
    }),
    init: choice(['paper', 'nanda', 'pizza', 'transformer-lens', 'fan-in', 'tickets', 'pytorch'], {
      default: 'paper',
      label: 'Initialisation',
      help: 'paper: tickets for the MLP network, nanda for the transformer.',
    }),
    forward: choice(['cheap', 'full'], {
      default: 'cheap',
      label: 'Forward pass',
      help: 'cheap leaves out what cannot change the answer, up to rounding.',
    }),
  },
  { label: 'Network' },
);

export const modularOptimizer = object(
  {
    kind: choice(['adamw', 'adam', 'sgd'], {
      default: 'adamw',
      label: 'Optimiser',
      help: 'adam couples the weight decay to the gradient, adamw does not.',
    }),
    lr: number({ min: 0, max: 100, default: 0.01, label: 'Learning rate' }),
    beta1: number({ min: 0, max: 0.9999, default: 0.9, label: 'β₁' }),
    beta2: number({ min: 0, max: 0.99999, default: 0.98, label: 'β₂' }),
    epsilon: number({ min: 1e-37, max: 1, default: 1e-8, label: 'ε' }),
    weightDecay: number({
      min: 0,
      max: 100,
      default: 1,
      label: 'Weight decay',
      help: 'What favours the general solution; at 0 the delay grows beyond reach.',
    }),
    warmup: number({
      min: 0,
      max: 1_000_000,
      integer: true,
      default: 0,
      label: 'Warm-up',
      unit: 'steps',
      help: 'Factor min(step / warm-up, 1) on the learning rate.',
    }),
    schedule: choice(['constant', 'linear', 'cosine'], {
      default: 'constant',
      label: 'Schedule',
      help: 'Fall of the learning rate to 0 over the whole run.',
    }),
    clip: number({
      min: 0,
      max: 1e6,
      default: 0,
      label: 'Clip',
      help: 'Largest norm of the gradient; 0 for none.',
    }),
    momentum: number({ min: 0, max: 0.9999, default: 0, label: 'Momentum', help: 'Of sgd.' }),
  },
  { label: 'Optimiser' },
);

export const modularSchema = object({
  schema: number({ min: 1, max: 1, integer: true, default: 1, label: 'Version of this format' }),
  experiment: choice(['modular-addition'], { default: 'modular-addition', label: 'Experiment' }),
  seed: number({
    min: 0,
    max: 2 ** 32 - 1,
    integer: true,
    default: 0,
    label: 'Seed',
    help: 'Split, initial weights and batches; replica r uses seed + r.',
  }),
  replicas: number({
    min: 1,
    max: 4096,
    integer: true,
    default: 1,
    label: 'Replicas',
    help: 'Networks trained side by side, each with a seed of its own.',
  }),
  steps: number({ min: 1, max: 1e8, integer: true, default: 2000, label: 'Steps', unit: 'steps' }),
  data: modularData,
  network: modularNetwork,
  optimizer: modularOptimizer,
  batchSize: nullable(
    number({
      min: 1,
      max: 1_000_000,
      integer: true,
      label: 'Batch',
      unit: 'pairs',
      help: 'Drawn with replacement at every step; null for the whole training set.',
    }),
  ),
  checkpointEvery: nullable(
    number({
      min: 1,
      max: 1e7,
      integer: true,
      label: 'Keep weights every',
      unit: 'steps',
      help: 'For sampling around them later; null keeps the last alone.',
    }),
  ),
  measures: optional(measuresSchema, { label: 'Progress measures' }),
  llc: optional(throughTrainingSchema, { label: 'λ̂ through training' }),
  evaluateEvery: number({
    min: 1,
    max: 1_000_000,
    integer: true,
    default: 25,
    label: 'Evaluate every',
    unit: 'steps',
  }),
});

export type ModularConfig = Infer<typeof modularSchema>;
