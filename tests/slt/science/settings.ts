/**
 * What is sampled and what is known of it. Every entry has a seed of its own: chains of one seed share their random numbers, and so would
 * the errors of their estimates.
 */
import type { Method } from '../../../src/optim/sampler/options';
import type { PotentialTerm, QuadraticSettings } from '../../../src/slt/theory';
import type { Config } from './lab';

/** Coordinates of every quadratic: a draw tells as much as 64 draws in one dimension. */
export const COORDINATES = 64;

export interface Quadratic {
  readonly name: string;
  readonly settings: QuadraticSettings;
  /** Steps a draw: enough for draws to be nearly independent. */
  readonly thin: number;
  readonly path?: 'general';
}

const ones = new Array<number>(COORDINATES).fill(1);
const plain = { eigenvalues: ones, nbeta: 100, localization: 1, lr: 1e-2 };
/** From 0.1 to 3 in equal ratios. */
const spread = ones.map((_, j) => 0.1 * 30 ** (j / (COORDINATES - 1)));

/** εa from 0.2 to 3.9, where SGLD is 5 % to 40 times off the posterior and the closed form is not. */
export const quadratics: readonly Quadratic[] = [
  { name: 'large ε', settings: { ...plain, localization: 0, lr: 2e-2 }, thin: 1 },
  { name: 'ε at the edge', settings: { ...plain, localization: 0, lr: 3.9e-2 }, thin: 32 },
  { name: 'large γ', settings: { ...plain, localization: 100, lr: 1e-3 }, thin: 16 },
  { name: 'nβ = 1000', settings: { ...plain, nbeta: 1000, lr: 3e-3 }, thin: 3 },
  { name: 'noise as of mini-batches', settings: { ...plain, gradientNoise: 0.3 }, thin: 3 },
  { name: 'frozen RMSprop', settings: { ...plain, lr: 5e-3, preconditioner: 2 }, thin: 3 },
  { name: 'noise level ½', settings: { ...plain, noiseLevel: 0.5 }, thin: 3 },
  { name: 'eigenvalues 0.1 to 3', settings: { ...plain, eigenvalues: spread }, thin: 24 },
  {
    name: 'noise as of mini-batches, general path',
    settings: { ...plain, gradientNoise: 0.3 },
    thin: 3,
    path: 'general',
  },
];

/** RMSprop with α = 1 keeps V = 0, so that G = 1/δ. */
export function quadraticConfig(
  { settings, thin, path }: Quadratic,
  seed: number,
  sizes: { readonly chains: number; readonly burnin: number; readonly draws: number },
): Config {
  const { eigenvalues, gradientNoise = 0, preconditioner, noiseLevel = 1 } = settings;
  const { lr, nbeta, localization } = settings;
  const frozen = {
    method: 'rmsprop-sgld',
    decay: 1,
    stability: 1 / Number(preconditioner),
  };
  return {
    seed,
    target: { kind: 'quadratic', eigenvalues, gradientNoise },
    sampler: {
      ...{ lr, nbeta, localization, noiseLevel, thin, ...sizes },
      ...(path && { path }),
      ...(preconditioner !== undefined && frozen),
    },
  };
}

/** Variables of every potential: copies of one potential side by side, so that a draw tells as much as several. */
const VARIABLES = 8;

function copies(terms: readonly (readonly number[])[]): PotentialTerm[] {
  const width = terms[0].length;
  return Array.from({ length: VARIABLES / width }, (_, copy) =>
    terms.map((powers) => {
      const all = new Array<number>(VARIABLES).fill(0);
      powers.forEach((power, i) => (all[copy * width + i] = power));
      return { coefficient: 1, powers: all };
    }),
  ).flat();
}

export const potentials = {
  'w²': copies([[2]]),
  'w⁴': copies([[4]]),
  'x²y²': copies([[2, 2]]),
  'x² + y⁴': copies([
    [2, 0],
    [0, 4],
  ]),
} as const;
export type Potential = keyof typeof potentials;

export interface Thermal {
  readonly potential: Potential;
  readonly method: Method;
  readonly nbeta: number;
  readonly sampler: object;
  /** Largest relative error. */
  readonly tolerance: number;
  /** As of networks. */
  readonly long?: boolean;
}

const env = (import.meta as unknown as { env?: Record<string, string> }).env;

/** All of the settings with VITE_SCIENCE=all in the environment; otherwise those that are not long. */
export const wanted = ({ long = false }: { readonly long?: boolean }): boolean =>
  !long || env?.['VITE_SCIENCE'] === 'all';

/**
 * Steps by what is stiff: 2nβ of w², about √nβ of w⁴, nβ·x² across an axis of x²y², along which chains must wander as far as 1/√γ.
 * Leapfrog steps make about a quarter of a turn of what swings. Of sgnht and sghmc a step ε inflates λ̂ by about εa/4 on a curvature a.
 */
const bothTemperatures: readonly Thermal[] = [100, 1000].flatMap((nbeta): Thermal[] => {
  const cold = nbeta === 1000;
  const root = Math.sqrt(nbeta);
  const of =
    (method: Method, tolerance: number) =>
    (potential: Potential, sampler: object): Thermal => ({
      ...{ potential, method, nbeta, tolerance },
      sampler: { chains: 256, ...sampler },
    });
  const hmc = of('hmc', 0.015);
  const mala = of('mala', 0.015);
  const sgnht = of('sgnht', 0.03);
  const sghmc = of('sghmc', 0.03);
  const slow = { jitter: 0.4, burnin: 60, draws: 70, thin: 40 };
  return [
    hmc('w²', { lr: 0.3 / nbeta, leapfrog: 2, burnin: 5, draws: 100 }),
    hmc('w⁴', { lr: 0.09 / root, leapfrog: 3, burnin: 10, draws: 150 }),
    // 2 % where chains must wander along the axes, to keep the test short.
    of('hmc', 0.02)('x²y²', {
      ...{ lr: 0.15 / nbeta, leapfrog: cold ? 30 : 20, jitter: 0.2 },
      ...{ burnin: 30, draws: 150 },
    }),
    hmc('x² + y⁴', { lr: 0.3 / nbeta, leapfrog: 6, burnin: 15, draws: cold ? 140 : 110 }),
    mala('w²', { lr: 0.5 / nbeta, burnin: 10, draws: 80, thin: 5 }),
    mala('w⁴', { lr: 0.2 / root, burnin: 15, draws: 130, thin: 10 }),
    of('mala', 0.02)('x²y²', {
      ...{ lr: 0.5 / nbeta, jitter: 0.4 },
      ...{ burnin: 60, draws: cold ? 90 : 110, thin: cold ? 40 : 20 },
    }),
    mala('x² + y⁴', { lr: 0.4 / nbeta, burnin: 20, draws: 90, thin: cold ? 20 : 10 }),
    sgnht('w²', { lr: 0.01 / nbeta, friction: 0.02, burnin: 10, draws: 40, thin: 28 }),
    sgnht('w⁴', { lr: 0.006 / root, friction: 0.01, burnin: 20, draws: 55, thin: 30 }),
    // A start that is too hot raises ξ, which then takes long to come down.
    sgnht('x²y²', { lr: 0.01 / nbeta, friction: 0.01, ...slow, jitter: 0.2, thin: cold ? 60 : 40 }),
    sgnht('x² + y⁴', { lr: 0.012 / nbeta, friction: 0.01, burnin: 15, draws: 40, thin: 40 }),
    sghmc('w²', { lr: 0.01 / nbeta, friction: 0.03, burnin: 10, draws: 40, thin: 28 }),
    sghmc('w⁴', { lr: 0.006 / root, friction: 0.03, burnin: 15, draws: 55, thin: 26 }),
    sghmc('x²y²', { lr: 0.01 / nbeta, friction: 0.02, ...slow }),
    sghmc('x² + y⁴', { lr: 0.012 / nbeta, friction: 0.03, burnin: 15, draws: 40, thin: 40 }),
  ];
});

/** Every method on every potential, at one of the two temperatures in turn; the other is as long. */
export const thermals: readonly Thermal[] = bothTemperatures.map((one, k) => {
  const method = Math.floor(k / 4);
  return { ...one, long: (method + k + Number(one.nbeta === 1000)) % 2 === 1 };
});

export interface LinearNetwork {
  readonly widths: readonly number[];
  readonly rank: number;
  readonly nbeta: number;
  /** nβ·E[K] at γ = 1. */
  readonly known: number;
  readonly sampler: object;
  readonly tolerance: number;
  /** Too long for every run of the tests: see `wanted`. */
  readonly long?: true;
}

/** λ − (m − 1)/ln(nβ), which at 1e6 is within 3 %. */
const law = (lambda: number, multiplicity: number): number =>
  lambda - (multiplicity - 1) / Math.log(1e6);

const network = (
  widths: readonly number[],
  rank: number,
  nbeta: number,
  known: number,
  sampler: object,
  tolerance = 0.02,
): LinearNetwork => ({
  ...{ widths, rank, nbeta, known, tolerance },
  sampler: { chains: 256, ...sampler },
});
const long = (one: LinearNetwork): LinearNetwork => ({ ...one, long: true });

/**
 * Steps of about 0.6 to 0.8 over √(2nβ), the stiffest curvature near w*; trajectories long enough to walk along the fibre {W : ∏W = T}, as
 * far as 1/√γ, within burn-in. The full-rank network needs no walk: it is regular everywhere on the fibre. Known values: long HMC, except
 * [2, 2, 2, 2] at nβ = 100, by importance sampling from the prior (1e9 draws, ± 0.0033; long HMC had given 1.776).
 */
export const linearNetworks: readonly LinearNetwork[] = [
  network([2, 2, 2], 0, 1e2, 1.38, { lr: 1.2e-3, leapfrog: 20, burnin: 15, draws: 160 }),
  network([2, 2, 2], 1, 1e2, 1.829, { lr: 8e-4, leapfrog: 25, burnin: 20, draws: 160 }),
  network([2, 2, 2], 2, 1e2, 2, { lr: 8e-4, leapfrog: 20, burnin: 20, draws: 160 }),
  network([3, 3, 3], 1, 1e2, 3.84, { lr: 8e-4, leapfrog: 20, burnin: 25, draws: 100 }),
  network([2, 2, 2, 2], 1, 1e2, 1.734, { lr: 3e-4, leapfrog: 30, burnin: 40, draws: 200 }),
  network([5, 5, 5], 1, 1e3, 10.39, { lr: 5e-5, leapfrog: 25, burnin: 50, draws: 50 }),
  network([2, 2, 2], 1, 1e4, 1.9, { lr: 1e-5, leapfrog: 30, burnin: 100, draws: 180 }),
  network([2, 2, 2], 2, 1e4, 2, { lr: 1e-5, leapfrog: 8, burnin: 30, draws: 160 }),
  network([2, 2, 2], 2, 1e6, law(2, 1), { lr: 1e-7, leapfrog: 8, burnin: 30, draws: 130 }, 0.03),
  network([2, 2, 2], 0, 1e4, 1.485, { lr: 1e-5, leapfrog: 30, burnin: 100, draws: 300 }),
  long(network([3, 3, 3], 1, 1e4, 3.97, { lr: 1e-5, leapfrog: 30, burnin: 100, draws: 200 })),
  long(network([2, 2, 2, 2], 1, 1e4, 1.83, { lr: 6e-6, leapfrog: 40, burnin: 150, draws: 300 })),
  ...(
    [
      [[2, 2, 2], 0, law(1.5, 1)],
      [[2, 2, 2], 1, law(2, 2)],
      [[3, 3, 3], 1, law(4, 1)],
      [[2, 2, 2, 2], 1, law(2, 3)],
    ] as const
  ).map(([widths, rank, known]) =>
    long(
      network(
        widths,
        rank,
        1e6,
        known,
        { lr: 1.2e-7, leapfrog: 400, chains: 64, burnin: 150, draws: 400 },
        0.03,
      ),
    ),
  ),
];

export interface KGon {
  readonly features: number;
  readonly state: string;
  /** Hold the biases of dead features. */
  readonly freeze: boolean;
  /** λ̂ at nβ = 1e6 and γ = 50 by ensemble MCMC, arXiv 2310.06301's states. */
  readonly known: number;
  readonly sampler?: object;
}

export const kGons: readonly KGon[] = [
  { features: 6, state: '6', freeze: false, known: 8.447 },
  { features: 6, state: '5+', freeze: false, known: 8.495 },
  // Long HMC gives 7.10 ± 0.02: the edge of where the dead column is free adds to the 7 of theory.
  {
    ...{ features: 6, state: '5', freeze: true, known: 6.98 },
    sampler: { chains: 256, burnin: 60, draws: 200 },
  },
  { features: 6, state: '4++', freeze: false, known: 8.448 },
  { features: 6, state: '4+', freeze: true, known: 7.95 },
  { features: 6, state: '4', freeze: true, known: 7.488 },
  { features: 5, state: '5', freeze: false, known: 7.002 },
  { features: 5, state: '4+', freeze: false, known: 6.989 },
  { features: 5, state: '4', freeze: true, known: 6.485 },
  { features: 4, state: '4', freeze: false, known: 5.506 },
  { features: 3, state: '3', freeze: false, known: 2.993 },
];
