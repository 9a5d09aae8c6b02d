/** Named configurations of the learning coefficient. What they give was measured; see CLAIMS.md. */
import type { Preset } from './types';

const llc = { schema: 1, experiment: 'llc' } as const;

/** K = ((x − 1)·(x² + y²)²)²: a dot at the origin and a line at x = 1, the two basins of Lau et al. */
const linePlusDot = /* @__PURE__ */ [
  [1, 10, 0],
  [-2, 9, 0],
  [1, 8, 0],
  [4, 8, 2],
  [-8, 7, 2],
  [4, 6, 2],
  [6, 6, 4],
  [-12, 5, 4],
  [6, 4, 4],
  [4, 4, 6],
  [-8, 3, 6],
  [4, 2, 6],
  [1, 2, 8],
  [-2, 1, 8],
  [1, 0, 8],
].map(([coefficient, ...powers]) => ({ coefficient, powers }));

/** The network of Panickssery and Vaintrob's post: two embedded tokens, each with a projection of its own, 4,428 weights. */
const postNetwork = {
  kind: 'mlp',
  width: 12,
  hidden: 48,
  activation: 'gelu',
  biases: 'mlp',
  separate: true,
  outProjection: false,
  init: 'pytorch',
} as const;

const postTraining = {
  schema: 1,
  experiment: 'modular-addition',
  network: postNetwork,
  optimizer: { kind: 'adam', lr: 0.005, beta2: 0.999, weightDecay: 0.0002 },
  batchSize: 128,
} as const;

export const llcPresets: readonly Preset[] = [
  {
    name: 'llc.normal-crossing',
    summary: 'x²y² at the origin: λ = 1/2 with multiplicity 2, and the exact value at nβ = 1000.',
    config: {
      ...llc,
      target: { kind: 'potential', terms: [{ coefficient: 1, powers: [2, 2] }] },
      sampler: {
        method: 'hmc',
        lr: 5e-4,
        nbeta: 1000,
        chains: 64,
        burnin: 200,
        draws: 1000,
        leapfrog: 20,
      },
    },
  },
  {
    name: 'llc.deep-linear',
    summary:
      'A 5–5–5 linear network with a truth of rank 1: λ = 21/2, where the Hessian counts 25/2.',
    config: {
      ...llc,
      target: { kind: 'linear-network', widths: [5, 5, 5], rank: 1 },
      sampler: {
        method: 'hmc',
        lr: 5e-5,
        nbeta: 1000,
        chains: 64,
        burnin: 100,
        draws: 400,
        leapfrog: 20,
        thin: 2,
      },
    },
  },
  {
    name: 'llc.superposition-kgons',
    summary:
      'The toy model of superposition with six features at 5⁺: λ = 17/2, one flat direction.',
    config: {
      ...llc,
      target: { kind: 'superposition', features: 6, state: '5+' },
      sampler: {
        method: 'hmc',
        lr: 5e-7,
        nbeta: 1e6,
        localization: 50,
        chains: 64,
        burnin: 100,
        draws: 300,
        leapfrog: 20,
        thin: 2,
      },
    },
  },
  {
    name: 'llc.modular-addition',
    summary:
      'The network of the learning-coefficient post, a + b mod 53, trained until it generalises (8,000 batches here), then λ̂.',
    config: {
      ...postTraining,
      steps: 8000,
      data: { modulus: 53, fraction: 0.8, pairs: 'ordered' },
      evaluateEvery: 100,
      llc: {
        every: 8000,
        method: 'sgld',
        lr: 1e-3,
        localization: 5,
        nbeta: 'n/log(n)',
        batchSize: 64,
        chains: 8,
        burnin: 500,
        draws: 1500,
      },
    },
  },
  {
    name: 'llc.grokking',
    summary:
      'λ̂ through grokking, a + b mod 53 from 40 % of the pairs: a peak at memorisation, then a fall by about half.',
    config: {
      ...postTraining,
      steps: 14_000,
      data: { modulus: 53, fraction: 0.4, pairs: 'ordered' },
      optimizer: { ...postTraining.optimizer, weightDecay: 0.0003 },
      evaluateEvery: 100,
      llc: {
        every: 500,
        method: 'sgld',
        lr: 3e-3,
        localization: 5,
        nbeta: 2,
        batchSize: 128,
        chains: 2,
        burnin: 100,
        draws: 400,
      },
    },
  },
  {
    name: 'llc.rescaling',
    summary:
      'A ReLU network with one layer scaled up and the other down: the same function, the same λ̂.',
    config: {
      ...llc,
      target: { kind: 'relu', widths: [4, 6, 4], rescale: [0.25, 0.5, 1, 2, 4], samples: 40 },
      sampler: {
        method: 'hmc',
        lr: 1e-5,
        nbeta: 1000,
        chains: 16,
        burnin: 50,
        draws: 150,
        leapfrog: 20,
      },
    },
  },
  {
    name: 'llc.two-basins',
    summary:
      'A dot (λ = 1/4) and a line (λ = 1/2) in one potential: which one a chain is asked about decides.',
    config: {
      ...llc,
      target: {
        kind: 'potential',
        terms: linePlusDot,
        at: [
          [0, 0],
          [1, 0.3],
        ],
      },
      sampler: {
        method: 'hmc',
        lr: 4e-5,
        localization: 10,
        nbeta: 1e4,
        chains: 64,
        burnin: 100,
        draws: 500,
        leapfrog: 30,
      },
    },
  },
  {
    name: 'llc.dln-saddles',
    summary:
      'A linear network along its training from small weights: λ̂ climbs as the loss steps down.',
    config: {
      ...llc,
      target: { kind: 'saddles' },
      sampler: {
        method: 'hmc',
        lr: 4e-6,
        nbeta: 1e4,
        chains: 8,
        burnin: 100,
        draws: 150,
        leapfrog: 30,
      },
    },
  },
];
