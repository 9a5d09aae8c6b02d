/** What a configuration of the grokking-tickets experiment may say: a base run, and the sub-networks and rivals drawn from it. */
import { METHODS, STARTS } from '../../prune/types';
import { choice, list, number, object, text, type Infer } from '../schema';
import { nullable, optional } from '../schema-forms';
import { samplerFields } from './llc-sampler-schema';
import { modularData, modularNetwork, modularOptimizer } from './modular-schema';

const step = { min: 0, max: 1e8, integer: true, unit: 'steps' } as const;

/** A network that races its base. */
export const variantSchema = object({
  name: text({
    maxLength: 60,
    default: '',
    label: 'Name',
    help: 'Made from the rest unless given.',
  }),
  method: choice(METHODS, { default: 'magnitude', label: 'Method' }),
  pruned: number({
    min: 0,
    max: 0.9999,
    default: 0.6,
    label: 'Pruned',
    help: 'Share of the weights taken away; of dense networks, in the ticket whose norm they get.',
  }),
  sourceStep: nullable(
    number({
      ...step,
      label: 'Mask from step',
      help: 'Of the base; null for its last step. Methods at the start do not use it.',
    }),
  ),
  rewindStep: number({ ...step, default: 0, label: 'Rewind to step' }),
  weightDecay: nullable(
    number({ min: 0, max: 100, label: 'Weight decay', help: 'null for that of the base.' }),
  ),
  start: choice(STARTS, { default: 'rewind', label: 'Starts from' }),
  rounds: number({
    min: 1,
    max: 100,
    integer: true,
    default: 5,
    label: 'Rounds',
    help: 'Of iterative pruning.',
  }),
  steps: nullable(
    number({
      min: 1,
      max: 1e8,
      integer: true,
      label: 'Steps',
      unit: 'steps',
      help: 'null for those of all.',
    }),
  ),
});
export type VariantConfig = Infer<typeof variantSchema>;

export const ticketsSchema = object({
  schema: number({ min: 1, max: 1, integer: true, default: 1, label: 'Version of this format' }),
  experiment: choice(['tickets'], { default: 'tickets', label: 'Experiment' }),
  seed: number({
    min: 0,
    max: 2 ** 32 - 1,
    integer: true,
    default: 0,
    label: 'Seed',
    help: 'Split and initial weights, of the base and of all its tickets.',
  }),
  base: object(
    {
      steps: number({
        min: 1,
        max: 1e8,
        integer: true,
        default: 6000,
        label: 'Steps of the base',
        unit: 'steps',
      }),
      keepEvery: number({
        min: 1,
        max: 1e7,
        integer: true,
        default: 500,
        label: 'Keep weights every',
        unit: 'steps',
        help: 'Masks and starts can be taken from these steps.',
      }),
    },
    { label: 'Base' },
  ),
  steps: number({
    min: 1,
    max: 1e8,
    integer: true,
    default: 2000,
    label: 'Steps of a ticket',
    unit: 'steps',
  }),
  data: modularData,
  network: modularNetwork,
  optimizer: modularOptimizer,
  evaluateEvery: number({
    min: 1,
    max: 1_000_000,
    integer: true,
    default: 50,
    label: 'Evaluate every',
    unit: 'steps',
  }),
  variants: list(variantSchema, { default: [], maxLength: 256, label: 'Tickets and rivals' }),
  llc: optional(object(samplerFields), { label: 'λ̂ of the trained networks' }),
});
export type TicketsConfig = Infer<typeof ticketsSchema>;
