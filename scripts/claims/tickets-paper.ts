/** Claims about grokking tickets at the learning rate of the paper: Minegishi et al.; figures read off their plots, and a float32 replication of their code. */
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

const paper = [vary('tickets.paper', {})];
const RIVALS = ['snip', 'grasp', 'synflow', 'synflow-100', 'random', 'magnitude-at-init'];

const mean = (values: readonly number[]): number =>
  values.reduce((sum, one) => sum + one, 0) / values.length;

export const claims: readonly Claim[] = [
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
    claim:
      'There too: pruned by 90 % the ticket no longer generalises (it is near the edge: on SwiftShader the ticket of the same seed did, after 2,400 steps)',
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
    name: 'tickets/paper-rivals',
    claim:
      'There too: pruned at the start, by SNIP, GraSP, SynFlow (in one round and in 100), chance or size, it does not beat its base',
    source: TICKETS,
    theirs: 'no generalisation within the time of the base; replication 0.01 to 0.21 at 3e-3',
    size: 'paper',
    runs: paper,
    judge([record]) {
      const names = RIVALS.map((method) => `${method} 0.6`);
      return {
        ours: `${names.map((name) => `${name.replace(' 0.6', '')} ${say(record, name)}`).join(', ')}; ${sayBase(record)}`,
        holds: names.every((name) => losesToBase(record, name)),
      };
    },
  },
  {
    name: 'tickets/paper-norms',
    claim: 'There too: dense networks scaled to the L1 or L2 norm of the ticket stay far behind it',
    source: TICKETS,
    theirs: 'replication at 3e-3: L1 3,050 / never in 8,000, L2 6,650 / 6,550, ticket 250 / 300',
    size: 'paper',
    runs: paper,
    judge([record]) {
      return {
        ours: `L1 ${say(record, 'scaled-l1 0.6')}, L2 ${say(record, 'scaled-l2 0.6')}, ticket ${say(record, TICKET)}`,
        holds: ['scaled-l1 0.6', 'scaled-l2 0.6'].every(
          (name) => stepOf(record, name) > 4 * stepOf(record, TICKET),
        ),
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
