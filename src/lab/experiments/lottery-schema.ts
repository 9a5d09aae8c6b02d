/** What a configuration of the lottery-ticket experiment may say: a classifier of drawn digits, pruned in rounds. */
import { choice, list, number, object, type Infer } from '../schema';
import { optional } from '../schema-forms';
import { samplerFields } from './llc-sampler-schema';
import { modularOptimizer } from './modular-schema';

/** Adam as in the paper, without decay. */
const optimizer = /* @__PURE__ */ describeOptimizer();

function describeOptimizer(): typeof modularOptimizer {
  return object(
    {
      ...modularOptimizer.fields,
      kind: choice(['adamw', 'adam', 'sgd'], { default: 'adam', label: 'Optimiser' }),
      lr: number({ min: 0, max: 100, default: 0.0012, label: 'Learning rate' }),
      beta2: number({ min: 0, max: 0.99999, default: 0.999, label: 'β₂' }),
      weightDecay: number({ min: 0, max: 100, default: 0, label: 'Weight decay' }),
    },
    { label: 'Optimiser' },
  ) as typeof modularOptimizer;
}

export const lotterySchema = object({
  schema: number({ min: 1, max: 1, integer: true, default: 1, label: 'Version of this format' }),
  experiment: choice(['lottery'], { default: 'lottery', label: 'Experiment' }),
  seed: number({
    min: 0,
    max: 2 ** 32 - 1,
    integer: true,
    default: 0,
    label: 'Seed',
    help: 'Digits, initial weights and batches.',
  }),
  data: object(
    {
      side: choice(['14', '28'], {
        default: '28',
        label: 'Side',
        help: 'Pixels; the classic network reads 28 × 28.',
      }),
      train: number({
        min: 10,
        max: 60_000,
        integer: true,
        default: 4000,
        label: 'Training digits',
      }),
      validation: number({
        min: 10,
        max: 20_000,
        integer: true,
        default: 1000,
        label: 'Validation digits',
      }),
      test: number({ min: 10, max: 20_000, integer: true, default: 2000, label: 'Test digits' }),
      difficulty: number({
        min: 0,
        max: 2,
        default: 1,
        label: 'Difficulty',
        help: 'Of the handwriting: distortion, stroke width, noise.',
      }),
    },
    { label: 'Digits' },
  ),
  network: object(
    {
      hidden: list(number({ min: 1, max: 4096, integer: true }), {
        default: [300, 100],
        minLength: 1,
        maxLength: 6,
        label: 'Hidden layers',
      }),
    },
    { label: 'Network' },
  ),
  optimizer,
  batchSize: number({
    min: 1,
    max: 60_000,
    integer: true,
    default: 60,
    label: 'Batch',
    unit: 'digits',
  }),
  steps: number({
    min: 1,
    max: 1e7,
    integer: true,
    default: 1000,
    label: 'Steps of a round',
    unit: 'steps',
  }),
  rounds: number({
    min: 1,
    max: 40,
    integer: true,
    default: 8,
    label: 'Rounds',
    help: 'Of pruning; the dense network comes before them.',
  }),
  pruned: number({
    min: 0.001,
    max: 0.99,
    default: 0.2,
    label: 'Pruned a round',
    help: 'Share of the surviving weights.',
  }),
  outputRate: number({
    min: 0,
    max: 1,
    default: 0.5,
    label: 'Output layer',
    help: 'Its rate, as a share of that of the others.',
  }),
  scope: choice(['layerwise', 'global'], { default: 'layerwise', label: 'Scope' }),
  rewindStep: number({ min: 0, max: 1e7, integer: true, default: 0, label: 'Rewind to step' }),
  networks: number({
    min: 1,
    max: 64,
    integer: true,
    default: 1,
    label: 'Tickets',
    help: 'Trials, each with its own start.',
  }),
  random: number({
    min: 0,
    max: 64,
    integer: true,
    default: 1,
    label: 'Re-initialised',
    help: 'Random re-initialisations of each ticket.',
  }),
  evaluateEvery: number({
    min: 1,
    max: 1_000_000,
    integer: true,
    default: 25,
    label: 'Evaluate every',
    unit: 'steps',
  }),
  llc: optional(object(samplerFields), { label: 'λ̂ along the rounds' }),
});
export type LotteryConfig = Infer<typeof lotterySchema>;
