/** Claims about grokking and its progress measures: Power et al., Nanda et al.; figures read off the authors' loss arrays and plots. */
import { findPreset } from '../../src/lab/experiments';
import type { ProgressResult } from '../../src/lab/experiments/modular-progress';
import type { RunRecord } from '../../src/lab/record';
import type { Claim } from './types';
import { numbers, percent, vary } from './words';

const NANDA = 'Nanda et al., arXiv 2301.05217, p = 113';
const POWER = 'Power et al., arXiv 2201.02177';
const SEEDS = [0, 1, 2, 3, 4];

const quick = SEEDS.map((seed) => vary('modular-addition.quick', { seed }));
/** Twice as long, so that the clean-up of all of them is over. */
const ended = SEEDS.map((seed) => vary('modular-addition.quick', { seed, steps: 4000 }));
const transformer = [findPreset('modular-addition.transformer').config];

interface Results {
  readonly memorised: number | null;
  readonly generalising: number | null;
  readonly generalised: number | null;
  readonly test_accuracy: number;
  readonly test_loss: number;
  readonly progress: ProgressResult;
}

const resultsOf = (record: RunRecord): Results => record.results as unknown as Results;
const progressOf = (record: RunRecord): ProgressResult => resultsOf(record).progress;

/** A measure at the end of every run, whose median over the seeds is to be at least `least`. */
function atEnd(
  name: string,
  measure: string,
  claim: string,
  theirs: string,
  least: number,
  show = percent,
): Claim {
  return {
    name,
    claim,
    source: NANDA,
    theirs,
    runs: ended,
    judge(records) {
      const values = records.map((record) => progressOf(record).measures[measure].last);
      const median = values.toSorted((a, b) => a - b)[values.length >> 1];
      return { ours: values.map(show).join(', '), holds: median >= least };
    },
  };
}

/** A measure that rises between the first row and the last, in every run. */
function rises(
  name: string,
  measure: string,
  claim: string,
  theirs: string,
  factor: number,
): Claim {
  return {
    name,
    claim,
    source: NANDA,
    theirs,
    runs: quick,
    judge(records) {
      const ends = records.map((record) => progressOf(record).measures[measure]);
      return {
        ours: ends.map(({ first, last }) => `${first.toFixed(3)} → ${last.toFixed(3)}`).join(', '),
        holds: ends.every(({ first, last }) => last > factor * first),
      };
    },
  };
}

export const claims: readonly Claim[] = [
  {
    name: 'grokking/delay',
    claim:
      'Train accuracy reaches 99 % long before test accuracy does: at least ten times as early',
    source: POWER,
    theirs: `151 → about 10,000 steps (${NANDA})`,
    runs: quick,
    judge(records) {
      const pairs = records.map(resultsOf);
      return {
        ours: pairs.map(({ memorised, generalised }) => `${memorised} → ${generalised}`).join(', '),
        holds: pairs.every(
          ({ memorised, generalised }) =>
            memorised !== null && generalised !== null && generalised >= 10 * memorised,
        ),
      };
    },
  },
  {
    name: 'grokking/fraction',
    claim: 'The more of the table is shown, the sooner the rest is understood',
    source: NANDA,
    theirs:
      'test loss < 0.01 at step 22,177 / 8,258 / 3,324 / 1,109 / 556 for 25 / 30 / 40 / 50 / 60 %',
    runs: [0.4, 0.5, 0.6, 0.7].map((fraction) =>
      vary('modular-addition.quick', { steps: 6000, data: { fraction } }),
    ),
    judge(records) {
      const steps = records.map((record) => progressOf(record).fallen.test ?? Infinity);
      return {
        ours: `${numbers(steps)} for 40 / 50 / 60 / 70 %`,
        holds: steps.every((step, k) => k === 0 || step < steps[k - 1]),
      };
    },
  },
  {
    name: 'grokking/weight-decay',
    claim: 'Less weight decay, later understanding; without it none in the same number of steps',
    source: NANDA,
    theirs: 'test loss < 0.01 at step 8,258 with 1, 98,730 with 0.1',
    runs: [1, 0.3, 0].map((weightDecay) =>
      vary('modular-addition.quick', { steps: 6000, optimizer: { weightDecay } }),
    ),
    judge(records) {
      const steps = records.map((record) => progressOf(record).fallen.test ?? Infinity);
      return {
        ours: `${numbers(steps)} with 1 / 0.3 / 0, in 6,000 steps`,
        holds: steps[0] < steps[1] && steps[2] === Infinity,
      };
    },
  },
  {
    name: 'grokking/restricted-first',
    claim:
      'Restricted to the key frequencies the network is right before it is as it stands: restricted loss < 0.01 before test loss',
    source: NANDA,
    theirs: 'at step 9,400: restricted 0.007, test 4.4',
    runs: quick,
    judge(records) {
      const fallen = records.map((record) => progressOf(record).fallen);
      return {
        ours: fallen.map(({ restricted, test }) => `${restricted} before ${test}`).join(', '),
        holds: fallen.every(
          ({ restricted, test }) => restricted !== null && test !== null && restricted < test,
        ),
      };
    },
  },
  {
    name: 'grokking/excluded-rises',
    claim:
      'Without the key frequencies the network forgets what it was shown: the excluded loss rises from its least value on',
    source: NANDA,
    theirs: '0.34 at step 1,310 → 14.5 at 10,300',
    runs: quick,
    judge(records) {
      const found = records.map((record) => progressOf(record).excluded!);
      return {
        ours: found
          .map(({ step, least, peak }) => `${least.toFixed(2)} at ${step} → ${peak.toFixed(1)}`)
          .join(', '),
        holds: found.every(({ least, peak }) => peak > 5 * least && peak > 1),
      };
    },
  },
  rises(
    'grokking/gini-embedding',
    'gini_embedding',
    'The embedding grows sparse in frequency: its Gini coefficient rises',
    'rises; replication 0.025 → 0.540',
    3,
  ),
  rises(
    'grokking/gini-readout',
    'gini_readout',
    'So does W_L: its Gini coefficient rises',
    'rises; replication 0.070 → 0.749',
    3,
  ),
  atEnd(
    'grokking/logit-fve',
    'logit_fve',
    'The logits are a sum of cos w_k(a + b − c) over the key frequencies: share of variance explained, median of the seeds at least 90 % (where five or six keys share the 48 neurons, some have too few phases, and leave a wave in a + b + c)',
    '95 %; replication 95 %',
    0.9,
  ),
  atEnd(
    'grokking/neurons',
    'explained_neurons',
    'Most neurons respond to one frequency: share with more than 85 % of their variance explained, median of the seeds at least 80 %',
    '433 of 512, 85 %; replication 48 of 48',
    0.8,
  ),
  {
    name: 'grokking/few-keys',
    claim: 'A handful of key frequencies do all the work',
    source: NANDA,
    theirs: '5 of 56 (14, 35, 41, 42, 52)',
    runs: quick,
    judge(records) {
      const keys = records.map((record) => progressOf(record).keys ?? []);
      return {
        ours: keys.map((list) => `{${list.join(', ')}}`).join(' '),
        holds: keys.every(({ length }) => length >= 2 && length <= 8),
      };
    },
  },
  {
    name: 'grokking/weights-shrink',
    claim: 'The sum of squared weights peaks while memorising and falls in the clean-up',
    source: NANDA,
    theirs: '3,668 → 965',
    runs: quick,
    judge(records) {
      const norms = records.map((record) => progressOf(record).weightNorm!);
      return {
        ours: norms.map(({ peak, last }) => `${peak.toFixed(0)} → ${last.toFixed(0)}`).join(', '),
        holds: norms.every(({ peak, last }) => last < 0.9 * peak),
      };
    },
  },
  {
    name: 'grokking/transformer',
    claim:
      'The same story in a transformer: restricted loss first, excluded loss up, logits and neurons explained',
    source: NANDA,
    theirs: 'logit FVE 95 %, 85 % of neurons, restricted before test',
    runs: transformer,
    judge([record]) {
      const { fallen, excluded, measures } = progressOf(record);
      const { logit_fve: fve, explained_neurons: neurons } = measures;
      return {
        ours: `restricted ${fallen.restricted} before ${fallen.test}; excluded ${excluded!.least.toFixed(2)} → ${excluded!.peak.toFixed(1)}; FVE ${percent(fve.last)}, neurons ${percent(neurons.last)}`,
        holds:
          fallen.restricted !== null &&
          fallen.test !== null &&
          fallen.restricted <= fallen.test &&
          excluded!.peak > 5 * excluded!.least &&
          fve.last >= 0.9 &&
          neurons.last >= 0.6,
      };
    },
  },
  {
    name: 'grokking/attention-periodic',
    claim:
      'Attention from "=" to a is periodic: a single frequency explains most of it in the mean over heads',
    source: NANDA,
    theirs: 'periodic heads (figure)',
    runs: transformer,
    judge([record]) {
      const { first, last } = progressOf(record).measures['attention_periodicity'];
      return { ours: `${percent(first)} → ${percent(last)}`, holds: last > 0.5 && last > first };
    },
  },
  {
    name: 'grokking/paper',
    claim:
      'The run of the paper, p = 113: understood near step 10,000, restricted loss first, five or so key frequencies',
    source: NANDA,
    theirs: 'test loss < 0.01 at 8,258 to 15,612 by split; FVE 95 %; 85 % of neurons',
    size: 'paper',
    runs: [vary('modular-addition.paper', { steps: 20_000 })],
    judge([record]) {
      const { fallen, keys, measures } = progressOf(record);
      const { logit_fve: fve, explained_neurons: neurons } = measures;
      return {
        ours: `restricted ${fallen.restricted}, test ${fallen.test}; keys {${(keys ?? []).join(', ')}}; FVE ${percent(fve.last)}, neurons ${percent(neurons.last)}`,
        holds:
          fallen.restricted !== null &&
          fallen.test !== null &&
          fallen.restricted < fallen.test &&
          fallen.test > 4000 &&
          fve.last >= 0.9,
      };
    },
  },
];
