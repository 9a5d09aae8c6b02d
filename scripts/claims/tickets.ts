/** Claims about grokking tickets: Minegishi et al.; figures read off their plots, and a float32 replication of their code. */
import type { TicketsResults, VariantResult } from '../../src/lab/experiments/tickets-results';
import type { RunRecord } from '../../src/lab/record';
import type { Claim } from './types';
import { vary } from './words';

const TICKETS = 'Minegishi et al., arXiv 2310.19470';
const REPLICATION = 'replication at learning rate 3e-3, two seeds';

const TICKET = 'magnitude 0.6';

const quick = [0, 1].map((seed) => vary('tickets.quick', { seed }));
/** The whole preset has rivals for 20,000 steps as well; these are what its claims here look at. */
const paper = [
  vary('tickets.paper', {
    steps: 4000,
    variants: [
      { pruned: 0.6 },
      { pruned: 0.6, weightDecay: 0 },
      { pruned: 0.9 },
      ...[2000, 10_000, 20_000].map((sourceStep) => ({ pruned: 0.6, sourceStep })),
    ],
  }),
];

const resultsOf = (record: RunRecord): TicketsResults => record.results as TicketsResults;

/** The variant of a name; a preset that lost it is a mistake here. */
function variantOf(record: RunRecord, name: string): VariantResult {
  const found = resultsOf(record).variants.find((one) => one.name === name);
  if (!found) throw new Error(`the run has no variant '${name}'`);
  return found;
}

const baseStep = (record: RunRecord): number => resultsOf(record).base.steps['95'] ?? Infinity;
const stepOf = (record: RunRecord, name: string): number =>
  variantOf(record, name).steps['95'] ?? Infinity;

/** Steps to 95 %, or the accuracy where it never came. */
function say(record: RunRecord, name: string): string {
  const { steps, testAccuracy, taken } = variantOf(record, name);
  return steps['95'] === null
    ? `never in ${taken} (${(testAccuracy ?? NaN).toFixed(2)})`
    : String(steps['95']);
}

const sayBase = (record: RunRecord): string => `base ${baseStep(record)}`;

/** A rival that does not get there before its base, in any seed. */
function slower(name: string, variant: string, claim: string, theirs: string): Claim {
  return {
    name,
    claim,
    source: `${TICKETS}; ${REPLICATION}`,
    theirs,
    runs: quick,
    judge(records) {
      return {
        ours: records.map((record) => `${say(record, variant)}, ${sayBase(record)}`).join('; '),
        holds: records.every((record) => {
          const { taken } = variantOf(record, variant);
          return stepOf(record, variant) > baseStep(record) && taken >= baseStep(record);
        }),
      };
    },
  };
}

/** By the step to 95 %; of two that never come there, by what they came to. */
function isFaster(a: VariantResult, b: VariantResult): boolean {
  const [own, other] = [a, b].map(({ steps }) => steps['95'] ?? Infinity);
  if (own !== other || own < Infinity) return own <= other;
  return (a.testAccuracy ?? 0) > (b.testAccuracy ?? 0);
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, one) => sum + one, 0) / values.length;

export const claims: readonly Claim[] = [
  {
    name: 'tickets/faster',
    claim:
      'The sub-network of a generalised base, 60 % pruned and rewound to its start, generalises at least 8 times as fast',
    source: `${TICKETS}; ${REPLICATION}`,
    theirs: 'about 23,000 → 1,000 steps (lr 1e-3); replication 3,950 → 250 and 5,350 → 300',
    runs: quick,
    judge(records) {
      return {
        ours: records.map((record) => `${baseStep(record)} → ${say(record, TICKET)}`).join('; '),
        holds: records.every((record) => baseStep(record) >= 8 * stepOf(record, TICKET)),
      };
    },
  },
  {
    name: 'tickets/source',
    claim:
      'The later the step the mask is taken from, the faster the ticket: before, during, after generalisation',
    source: `${TICKETS}; ${REPLICATION}`,
    theirs: 'never from 2,000, 2,100 from 3,000, 250 from 4,000, 150 from 5,000 (seed 0)',
    runs: quick,
    judge(records) {
      const ordered = records.map((record) =>
        resultsOf(record)
          .variants.filter(({ method, pruned }) => method === 'magnitude' && pruned === 0.6)
          .sort((a, b) => (a.sourceStep ?? 0) - (b.sourceStep ?? 0)),
      );
      return {
        ours: records
          .map((record, k) =>
            ordered[k]
              .map(({ name, sourceStep }) => `from ${sourceStep}: ${say(record, name)}`)
              .join(', '),
          )
          .join('; '),
        holds: ordered.every(
          (variants) =>
            variants.length >= 3 &&
            variants.at(-1)!.steps['95'] !== null &&
            variants.every((one, i) => i === 0 || isFaster(one, variants[i - 1])),
        ),
      };
    },
  },
  {
    name: 'tickets/collapse',
    claim: 'Pruned by 90 % the ticket no longer generalises: there is a critical ratio',
    source: `${TICKETS}; ${REPLICATION}`,
    theirs: 'critical ratio 0.81; at 0.9 stuck near 0.4; replication 0.03',
    runs: quick,
    judge(records) {
      return {
        ours: records.map((record) => say(record, 'magnitude 0.9')).join('; '),
        holds: records.every((record) => stepOf(record, 'magnitude 0.9') === Infinity),
      };
    },
  },
  slower(
    'tickets/snip',
    'snip 0.6',
    'Pruned at the start by SNIP it does not beat its base',
    '0.09 / 0.01 in 8,000 steps',
  ),
  slower(
    'tickets/grasp',
    'grasp 0.6',
    'Pruned at the start by GraSP it does not beat its base',
    '0.02 / 0.21 in 8,000 steps',
  ),
  slower(
    'tickets/synflow',
    'synflow 0.6',
    'Pruned at the start by SynFlow it does not beat its base',
    '0.03 / 0.02 in 8,000 steps',
  ),
  slower(
    'tickets/synflow-100',
    'synflow-100 0.6',
    'Nor by SynFlow in 100 rounds',
    '0.04 / 0.10 in 8,000 steps',
  ),
  slower('tickets/random', 'random 0.6', 'Nor by chance', '0.01 / 0.02 in 8,000 steps'),
  slower(
    'tickets/magnitude-at-init',
    'magnitude-at-init 0.6',
    'Nor by the size of the weights at the start',
    '0.01 / 0.21 in 8,000 steps',
  ),
  {
    name: 'tickets/norms',
    claim:
      'It is not the smaller norm: dense networks scaled to the L1 or L2 norm of the ticket stay far behind it',
    source: `${TICKETS}; ${REPLICATION}`,
    theirs: 'L1 3,050 / never in 8,000, L2 6,650 / 6,550, ticket 250 / 300',
    runs: quick,
    judge(records) {
      return {
        ours: records
          .map(
            (record) =>
              `L1 ${say(record, 'scaled-l1 0.6')}, L2 ${say(record, 'scaled-l2 0.6')}, ticket ${say(record, TICKET)}`,
          )
          .join('; '),
        holds: records.every((record) =>
          ['scaled-l1 0.6', 'scaled-l2 0.6'].every(
            (name) => stepOf(record, name) > 4 * stepOf(record, TICKET),
          ),
        ),
      };
    },
  },
  {
    name: 'tickets/scales',
    claim:
      'Norm of the pruned start over that of the dense one, mean of the tensors, at 60 %: L1 and L2',
    source: TICKETS,
    theirs: '0.4153 and 0.6493 (replication 0.4068 and 0.6417)',
    runs: quick,
    judge(records) {
      const scales = records.map((record) =>
        ['scaled-l1 0.6', 'scaled-l2 0.6'].map((name) => variantOf(record, name).scale ?? NaN),
      );
      return {
        ours: scales.map((pair) => pair.map((r) => r.toFixed(4)).join(' and ')).join('; '),
        holds: scales.every(
          ([l1, l2]) => Math.abs(l1 - 0.4153) < 0.03 && Math.abs(l2 - 0.6493) < 0.03,
        ),
      };
    },
  },
  {
    name: 'tickets/entropy',
    claim:
      'The ticket has its frequencies early: the entropy of its spectra at its end is below that of its base at the same step',
    source: TICKETS,
    theirs: 'W_in at step 2,000: ticket 3.261, base still 3.45 (the code’s entropy)',
    runs: quick,
    judge(records) {
      const pairs = records.map((record) => {
        const { entropy } = variantOf(record, TICKET);
        const { base } = resultsOf(record);
        const step = entropy.steps.at(-1)!;
        const at = base.entropy.steps.indexOf(step);
        return { step, ticket: entropy.inCode.at(-1)!, base: base.entropy.inCode[at] };
      });
      return {
        ours: pairs
          .map(
            ({ step, ticket, base }) =>
              `step ${step}: ticket ${ticket.toFixed(3)}, base ${base.toFixed(3)}`,
          )
          .join('; '),
        holds: pairs.every(({ ticket, base }) => ticket < base - 0.05),
      };
    },
  },
  {
    name: 'tickets/paper',
    claim: 'At the learning rate of the paper: base slow, ticket at least 20 times as fast',
    source: TICKETS,
    theirs: 'base about 23,000 steps (replication 17,300), ticket 1,000 (replication 450)',
    size: 'paper',
    runs: paper,
    judge([record]) {
      return {
        ours: `${baseStep(record)} → ${say(record, TICKET)}`,
        holds: baseStep(record) >= 20 * stepOf(record, TICKET),
      };
    },
  },
  {
    name: 'tickets/paper-source',
    claim: 'There too: of masks from steps 2,000, 10,000 and 20,000 each is faster than the last',
    source: TICKETS,
    theirs: 'replication: never (0.013), never in 10,000 (0.45), 350, 450 from the end',
    size: 'paper',
    runs: paper,
    judge([record]) {
      const names = ['from step 2000', 'from step 10000', 'from step 20000'].map(
        (from) => `${TICKET} ${from}`,
      );
      const [early, middle, late] = names.map((name) => variantOf(record, name));
      return {
        ours: [...names, TICKET].map((name) => say(record, name)).join(', '),
        holds:
          isFaster(middle, early) && isFaster(late, middle) && stepOf(record, TICKET) < Infinity,
      };
    },
  },
  {
    name: 'tickets/paper-collapse',
    claim: 'There too: pruned by 90 % the ticket no longer generalises',
    source: TICKETS,
    theirs: 'critical ratio 0.81; replication at 0.9 never in 10,000 (0.27)',
    size: 'paper',
    runs: paper,
    judge([record]) {
      return {
        ours: `${say(record, 'magnitude 0.9')}, ticket 0.6 ${say(record, TICKET)}`,
        holds: stepOf(record, 'magnitude 0.9') === Infinity,
      };
    },
  },
  {
    name: 'tickets/no-decay',
    claim: 'Without weight decay a ticket generalises fast, and levels out below its base',
    source: TICKETS,
    theirs: 'replication 0.93 at 10,000 steps; base 1.00',
    size: 'paper',
    runs: paper,
    judge([record]) {
      const { base, variants } = resultsOf(record);
      const bare = variants.filter(
        ({ method, weightDecay }) => method === 'magnitude' && weightDecay === 0,
      );
      const reached = bare.map(({ testAccuracy }) => testAccuracy ?? NaN);
      return {
        ours: `${bare.map(({ pruned }, k) => `${pruned}: ${reached[k].toFixed(3)}`).join(', ')}; base ${(base.testAccuracy ?? NaN).toFixed(3)}`,
        holds:
          bare.length > 0 &&
          mean(reached) > 0.6 &&
          reached.every((one) => one < (base.testAccuracy ?? 0)),
      };
    },
  },
];
