/** Claims about the learning coefficient. Figures of others: closed forms, the post of Panickssery and Vaintrob, Lau et al. */
import { findPreset } from '../../src/lab/experiments';
import type { LlcGroup, LlcResults } from '../../src/lab/experiments/llc-results';
import type { RunRecord } from '../../src/lab/record';
import type { Claim } from './types';
import { vary } from './words';

const POST = 'Panickssery and Vaintrob, "Learning coefficient estimation: the details" (2023)';
const TMS = 'Chen et al., arXiv 2310.06301; value by ensemble MCMC';
const AOYAGI = 'Aoyagi, Neural Networks 172 (2024)';

const llcOf = (record: RunRecord): LlcResults => record.results as LlcResults;

interface Through {
  readonly llc: {
    readonly checkpoints: readonly LlcGroup[];
    readonly peak: { readonly step: number; readonly mean: number };
    readonly final: { readonly step: number; readonly mean: number };
    readonly fall: number;
  };
}
const throughOf = (record: RunRecord): Through['llc'] => (record.results as Through).llc;

function show({ mean, standardError }: LlcResults['llc']): string {
  return `${mean?.toFixed(3) ?? 'none'} ± ${standardError?.toFixed(3) ?? '?'}`;
}

/** The diagnostics in a few words: the largest R̂, and what the verdicts object to. λ̂ is not shown without them. */
function diagnose(groups: readonly Pick<LlcGroup, 'diagnostics' | 'verdicts'>[]): string {
  const rhats = groups.flatMap(({ diagnostics: { rhat } }) => (rhat === null ? [] : [rhat]));
  const largest = rhats.length > 0 ? Math.max(...rhats).toFixed(3) : 'unknown';
  const objections = groups.flatMap(({ verdicts }) =>
    verdicts.filter(({ severity }) => severity !== 'good').map(({ code }) => code),
  );
  const codes = [...new Set(objections)].map((code) => {
    const times = objections.filter((one) => one === code).length;
    return groups.length > 1 ? `${code} in ${times} of ${groups.length}` : code;
  });
  return `R̂ ${groups.length > 1 ? 'at most ' : ''}${largest}, ${codes.join(', ') || 'no objection'}`;
}

/** λ̂ at a known value, within `most` as a share. */
function value(
  name: string,
  claim: string,
  source: string,
  known: number,
  config: object,
  most: number,
): Claim {
  return {
    name,
    claim,
    source,
    theirs: String(known),
    runs: [config],
    judge([record]) {
      const results = llcOf(record);
      const { llc } = results;
      return {
        ours: `${show(llc)} (${diagnose([results])})`,
        holds: llc.mean !== null && Math.abs(llc.mean / known - 1) < most,
      };
    },
  };
}

const kGon = (state: string, known: number, features = 6, freeze = false): Claim =>
  value(
    `llc/k-gon ${state}${features === 6 ? '' : `, c = ${features}`}`,
    `Toy model of superposition, ${features} features, state ${state}${freeze ? ', dead bias held' : ''}: λ̂ at nβ = 1e6`,
    TMS,
    known,
    vary('llc.superposition-kgons', {
      target: { features, state, freezeDeadBias: freeze },
    }),
    0.2 / known,
  );

const linear = (widths: number[], rank: number, nbeta: number, known: number, lr: number): Claim =>
  value(
    `llc/linear ${widths.join('-')} r${rank} nβ ${nbeta}`,
    `Linear network ${widths.join('–')}, rank ${rank}, population loss, HMC: nβ·E[K] at nβ = ${nbeta}`,
    `long HMC; theory ${AOYAGI}`,
    known,
    vary('llc.deep-linear', {
      target: { widths, rank },
      sampler: { nbeta, lr, leapfrog: 20, burnin: 200, draws: 600, chains: 64 },
    }),
    0.02,
  );

/** As cold as float32 allows: by then nβ·E[K] is λ − (m − 1)/ln nβ. */
const coldLinear = (widths: number[], rank: number, law: number, said: string): Claim =>
  value(
    `llc/linear ${widths.join('-')} r${rank} nβ 1e6`,
    `Linear network ${widths.join('–')}, rank ${rank}, HMC at nβ = 1e6: λ − (m − 1)/ln nβ = ${said}`,
    `theory, ${AOYAGI}`,
    law,
    vary('llc.deep-linear', {
      target: { widths, rank },
      sampler: { nbeta: 1e6, lr: 1.2e-7, leapfrog: 400, burnin: 150, draws: 400, thin: 1 },
    }),
    0.03,
  );

/** λ̂ of the trained network, the last checkpoint. */
const trained = (record: RunRecord): number => throughOf(record).final.mean;
/** The diagnostics of that checkpoint, of all runs together. */
const diagnoseTrained = (records: readonly RunRecord[]): string =>
  diagnose(records.flatMap((record) => throughOf(record).checkpoints.slice(-1)));

const PRIMES = [23, 29, 37, 41, 47, 53];
const RANDOM = [10, 15, 20, 25, 30, 35, 40];
/** Enough for a few per cent, so that many networks can be tried. */
const SHORT = { chains: 3, burnin: 500, draws: 600 };

/** Least squares y = a + b·x: slope and share of variance explained. */
function fitLine(x: readonly number[], y: readonly number[]): { slope: number; r2: number } {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, one) => sum + one, 0) / values.length;
  const [mx, my] = [mean(x), mean(y)];
  const xy = x.reduce((sum, one, k) => sum + (one - mx) * (y[k] - my), 0);
  const xx = x.reduce((sum, one) => sum + (one - mx) ** 2, 0);
  const yy = y.reduce((sum, one) => sum + (one - my) ** 2, 0);
  return { slope: xy / xx, r2: xy ** 2 / (xx * yy) };
}

const listed = (moduli: readonly number[], values: readonly number[]): string =>
  moduli.map((p, k) => `${p}→${values[k].toFixed(0)}`).join(', ');

export const claims: readonly Claim[] = [
  value(
    'llc/normal-crossing',
    'x²y² at nβ = 1000, γ = 1: nβ·E[K] (λ = 1/2, m = 2)',
    'quadrature',
    0.3903,
    vary('llc.normal-crossing', { sampler: { draws: 4000 } }),
    0.03,
  ),
  linear([2, 2, 2], 0, 1e4, 1.485, 1e-5),
  linear([2, 2, 2], 1, 1e4, 1.9, 1e-5),
  linear([3, 3, 3], 1, 1e4, 3.97, 1e-5),
  linear([5, 5, 5], 1, 1e3, 10.39, 5e-5),
  linear([4, 3, 8], 0, 1e3, 6.0, 5e-5),
  coldLinear([2, 2, 2], 0, 1.5, '3/2'),
  coldLinear([2, 2, 2], 1, 1.9276, '2 − 1/13.8'),
  coldLinear([3, 3, 3], 1, 4, '4'),
  coldLinear([2, 2, 2, 2], 1, 1.8552, '2 − 2/13.8'),
  kGon('6', 8.447),
  kGon('5+', 8.495),
  kGon('4++', 8.448),
  kGon('5', 6.98, 6, true),
  kGon('4', 5.506, 4),
  kGon('5', 7.002, 5),
  {
    name: 'llc/negative',
    claim:
      'State 5 of six features with its dead bias free and weak localisation: chains find a lower level, λ̂ < 0',
    source: TMS,
    theirs: '−1278 ± 111 (another sampler)',
    runs: [
      vary('llc.superposition-kgons', {
        target: { state: '5' },
        sampler: { method: 'sgld', lr: 2e-7, localization: 1, burnin: 1000, draws: 2000, thin: 20 },
      }),
    ],
    judge([record]) {
      const results = llcOf(record);
      const { llc, verdicts } = results;
      const codes = verdicts.map(({ code }) => code);
      const warned = codes.includes('lower-basin') || codes.includes('not-a-minimum');
      return {
        ours: `${show(llc)} (${diagnose([results])})`,
        holds: llc.mean !== null && llc.mean < 0 && warned,
      };
    },
  },
  {
    name: 'llc/rescaling',
    claim: 'λ̂ of a ReLU network does not change when one layer is scaled up and the other down',
    source: 'Lau et al., arXiv 2308.12108 (±2.5 of 166.5 over 8 decades)',
    theirs: 'flat',
    runs: [findPreset('llc.rescaling').config],
    judge([record]) {
      const values = llcOf(record).checkpoints.map(({ llc }) => llc.mean ?? NaN);
      const middle = values.reduce((sum, one) => sum + one, 0) / values.length;
      const worst = Math.max(...values.map((one) => Math.abs(one / middle - 1)));
      return {
        ours: `${values.map((one) => one.toFixed(1)).join(', ')}: within ${(100 * worst).toFixed(1)} % of the mean (${diagnose(llcOf(record).checkpoints)})`,
        holds: worst < 0.05,
      };
    },
  },
  {
    name: 'llc/saddles',
    claim: 'λ̂ climbs along the training of a linear network as the loss steps down',
    source: 'Lau et al., arXiv 2308.12108 (0 → 14.3 for their network)',
    theirs: 'climbs; theory 13.5 → 17.5 here',
    runs: [findPreset('llc.dln-saddles').config],
    judge([record]) {
      const points = llcOf(record).checkpoints;
      const first = points[0].llc.mean ?? NaN;
      const last = points[points.length - 1].llc.mean ?? NaN;
      return {
        ours: `${first.toFixed(2)} → ${last.toFixed(2)} (${diagnose(points)})`,
        holds: Math.abs(first - 13.5) < 0.5 && last > first + 3,
      };
    },
  },
  {
    name: 'llc/grokking',
    claim: 'λ̂ through grokking peaks at memorisation and falls by at least 40 %',
    source: 'devinterp grokking notebook',
    theirs: '49 → 23 (53 %)',
    runs: [findPreset('llc.grokking').config],
    judge([record]) {
      const { peak, final, fall, checkpoints } = throughOf(record);
      const results = record.results as { memorised: number | null; generalised: number | null };
      return {
        ours: `${peak.mean.toFixed(1)} at step ${peak.step} → ${final.mean.toFixed(1)} (${(100 * fall).toFixed(0)} %); memorised ${results.memorised}, generalised ${results.generalised} (${diagnose(checkpoints)})`,
        holds: fall >= 0.4 && results.generalised !== null && peak.step < results.generalised,
      };
    },
  },
  {
    name: 'llc/linear-in-p',
    claim:
      'λ̂ of the network that has generalised is linear in p (8,000 batches; after the 1,500 of the post half of ours have not)',
    source: POST,
    theirs: '23→113, 29→158, 37→222, 41→259, 47→312, 53→371',
    runs: PRIMES.map((modulus) => vary('llc.modular-addition', { data: { modulus }, llc: SHORT })),
    judge(records) {
      const values = records.map(trained);
      const { slope, r2 } = fitLine(PRIMES, values);
      return {
        ours: `${listed(PRIMES, values)}; slope ${slope.toFixed(1)}, R² ${r2.toFixed(4)} (${diagnoseTrained(records)})`,
        holds: r2 > 0.98,
      };
    },
  },
  {
    name: 'llc/random-labels',
    claim: 'λ̂ of a network that memorises random answers grows faster than linearly in p',
    source: POST,
    theirs: '10→34, 15→95, 20→187, 25→294, 30→412, 35→610, 40→790',
    runs: RANDOM.map((modulus) =>
      vary('llc.modular-addition', {
        steps: 1500,
        data: { modulus, operation: 'random' },
        llc: { ...SHORT, every: 1500 },
      }),
    ),
    judge(records) {
      const values = records.map(trained);
      const logs = (all: readonly number[]): number[] => all.map(Math.log);
      const { slope } = fitLine(logs(RANDOM), logs(values));
      return {
        ours: `${listed(RANDOM, values)}; grows as p^${slope.toFixed(2)} (${diagnoseTrained(records)})`,
        holds: slope > 1.3,
      };
    },
  },
];
