/** Named tickets runs. */
import type { Method } from '../../prune/types';
import { bases } from './tickets-bases';
import type { Preset } from './types';

const RIVALS: readonly Method[] = [
  'snip',
  'grasp',
  'synflow',
  'synflow-100',
  'random',
  'magnitude-at-init',
];

/** Methods that prune at the start, given so many steps. */
const atStart = (steps: number) => RIVALS.map((method) => ({ method, steps }));
const scaled = [
  { method: 'dense', start: 'scaled-l1' },
  { method: 'dense', start: 'scaled-l2' },
] as const;

export const ticketsPresets: readonly Preset[] = /* @__PURE__ */ listPresets();

/** In a call of its own, which those who want no presets leave out. */
function listPresets(): readonly Preset[] {
  return [
    {
      name: 'tickets.demo',
      summary:
        'The race made small, p = 53 (seed 0): the ticket of 60 % pruned is right on half of the other pairs after 75 steps, its base after 1,675; 90 %, SNIP, random and a dense network of its norm stay near none.',
      config: {
        ...bases.demo,
        variants: [
          { pruned: 0.6 },
          { pruned: 0.6, sourceStep: 1000 },
          { pruned: 0.6, sourceStep: 2000 },
          { pruned: 0.9 },
          { method: 'dense', start: 'scaled-l1' },
          { method: 'snip' },
          { method: 'random' },
        ],
      },
    },
    {
      name: 'tickets.quick',
      summary:
        'Tickets race their base: the one of 60 % pruned is at 95 % after 350 and 300 steps (seeds 0, 1), the base after 8,050 and 7,100; earlier masks, 90 %, masks from the start and dense networks of its norm are not.',
      config: {
        ...bases.quick,
        variants: [
          { pruned: 0.6 },
          { pruned: 0.6, sourceStep: 2000 },
          { pruned: 0.6, sourceStep: 5000 },
          { pruned: 0.6, sourceStep: 7000 },
          { pruned: 0.9 },
          ...scaled,
          ...atStart(8200),
        ],
      },
    },
    {
      name: 'tickets.paper',
      summary:
        "Minegishi et al.'s network at their learning rate: tickets with and without weight decay, rivals and controls of equal norm.",
      config: {
        ...bases.paper,
        variants: [
          { pruned: 0.6 },
          { pruned: 0.6, weightDecay: 0 },
          { pruned: 0.9 },
          { pruned: 0.6, sourceStep: 2000 },
          { pruned: 0.6, sourceStep: 10_000 },
          { pruned: 0.6, sourceStep: 20_000 },
          ...scaled.map((one) => ({ ...one, steps: 30_000 })),
          ...atStart(30_000),
        ],
      },
    },
    {
      name: 'tickets.ratio',
      summary: 'How much may be pruned: tickets of 40 % to 90 %, with and without weight decay.',
      config: {
        ...bases.paper,
        base: { steps: 30_000, keepEvery: 10_000 },
        steps: 10_000,
        variants: [1, 0].flatMap((weightDecay) =>
          [0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9].map((pruned) => ({ pruned, weightDecay })),
        ),
      },
    },
    {
      name: 'tickets.source',
      summary:
        'Tickets from before, during and after generalising: the later the mask, the faster.',
      config: {
        ...bases.quick,
        base: { steps: 10_000, keepEvery: 500 },
        steps: 3000,
        variants: [1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000, 9000, 10_000].map(
          (sourceStep) => ({ pruned: 0.6, sourceStep }),
        ),
      },
    },
    {
      name: 'tickets.at-init',
      summary:
        'What the start alone tells: SNIP, GraSP, SynFlow, random and magnitude masks beside the ticket and its random re-initialisation.',
      config: {
        ...bases.quick,
        base: { steps: 8500, keepEvery: 8500 },
        steps: 10_000,
        variants: [
          { pruned: 0.6 },
          { pruned: 0.6, start: 'reinitialise' },
          ...RIVALS.map((method) => ({ method })),
        ],
      },
    },
    {
      name: 'tickets.transformer',
      summary:
        'Tickets of a one-layer transformer of one head that reads the two operands without positions.',
      config: {
        ...bases.paper,
        network: {
          kind: 'transformer',
          width: 128,
          hidden: 128,
          heads: 1,
          biases: 'none',
          positions: false,
          equals: false,
        },
        base: { steps: 20_000, keepEvery: 2000 },
        steps: 5000,
        variants: [
          { pruned: 0.4 },
          { pruned: 0.6 },
          { pruned: 0.8 },
          { pruned: 0.6, sourceStep: 2000 },
          { pruned: 0.6, method: 'random' },
          ...scaled,
        ],
      },
    },
  ];
}
