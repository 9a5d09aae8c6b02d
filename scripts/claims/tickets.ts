/** Claims about grokking tickets at three times the paper's learning rate: Minegishi et al.; figures read off their plots, and a float32 replication of their code. */
import type { Claim } from './types';
import {
  baseStep,
  isFaster,
  losesToBase,
  resultsOf,
  say,
  sayBase,
  stepOf,
  TICKET,
  TICKETS,
  variantOf,
} from './tickets-read';
import { vary } from './words';

const REPLICATION = 'replication at learning rate 3e-3, two seeds';

const quick = [0, 1].map((seed) => vary('tickets.quick', { seed }));

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
        holds: records.every((record) => losesToBase(record, variant)),
      };
    },
  };
}

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
];
