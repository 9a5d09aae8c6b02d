/**
 * What a run of the `llc` experiment answers: `results` of its record, and the views it sends while it samples. A group is one
 * grid point of the sweep at one point w* (checkpoint): its chains make one estimate.
 */
import type { Verdict } from '../../slt/estimate/verdict';

export interface LlcEstimate {
  /** Null where no chain is left. */
  readonly mean: number | null;
  /** Of the mean, all three parts together. */
  readonly standardError: number | null;
  /** λ̂ of each chain, null for one that diverged. */
  readonly perChain: readonly (number | null)[];
  readonly nbeta: number;
  /** The convention nβ comes from, null when it was given as a number. */
  readonly convention: string | null;
  readonly uncertainty: {
    readonly betweenChains: number | null;
    readonly mcse: number | null;
    readonly baseline: number;
  };
}

export interface LlcDiagnostics {
  readonly rhat: number | null;
  readonly ess: number | null;
  /** Integrated autocorrelation time in draws. */
  readonly tau: number | null;
  /** Mean Metropolis acceptance; null where none was measured. */
  readonly acceptance: number | null;
  /** Inflation of λ̂ by the step size, as a share, implied by the acceptance; a proxy. */
  readonly stepBias: number | null;
  /** Largest over coordinates of the mini-batch noise ratio; null without mini-batches. */
  readonly noiseRatio: number | null;
  /** Share of draws below L(w*), and of steps at which the mean over chains is. */
  readonly negative: number;
  readonly negativeSteps: number;
  /** Root mean square of ‖w − w*‖. */
  readonly distance: number;
  /** Root mean squares of what one step moves by gradient, prior and noise, and the cosines between them. */
  readonly updates: {
    readonly gradient: number;
    readonly prior: number;
    readonly noise: number;
    readonly gradientPrior: number;
    readonly gradientNoise: number;
    readonly priorNoise: number;
  } | null;
  /** mean p²/ε of sgnht and sghmc; 1 at equilibrium. */
  readonly kinetic: number | null;
  /** λ̂ of the first and the last half of the draws. */
  readonly halves: readonly [number, number];
  readonly diverged: readonly { readonly chain: number; readonly step: number }[];
  /** ‖∇L(w*)‖ over sampled parameters. */
  readonly gradientNorm: number | null;
}

/** One entry of `results.sweep`, and of `results.checkpoints`. */
export interface LlcGroup {
  readonly lr: number;
  readonly localization: number;
  readonly nbeta: number;
  /** Which point w*: 0 unless the target has several; and the training step it was taken at. */
  readonly point: number;
  readonly label: string;
  readonly step: number | null;
  readonly llc: LlcEstimate;
  /** The exact value at this nβ, γ and, for quadratics, ε; null where none is known. */
  readonly thermal: number | null;
  readonly diagnostics: LlcDiagnostics;
  readonly verdict: readonly string[];
  readonly verdicts: readonly Verdict[];
  readonly wbic: number | null;
  readonly singularFluctuation: number | null;
  readonly waic: number | null;
  /** L(w*). */
  readonly baseline: number;
  /** Loss of the training at this checkpoint and λ of theory there, where the target knows them. */
  readonly trainingLoss: number | null;
  readonly theory: { readonly lambda: number; readonly multiplicity: number } | null;
}

export interface LlcResults extends Omit<LlcGroup, 'point' | 'label' | 'step'> {
  /** Which of the two execution paths, and why. */
  readonly path: 'on-chip' | 'general';
  readonly pathReason: string;
  readonly target: {
    readonly description: string;
    readonly parameters: number;
    readonly sampled: number;
    /** n; null for a population loss. */
    readonly samples: number | null;
  };
  /** Gibbs and Bayes losses, reweighted λ̂: null where the target has no samples. */
  readonly losses: { readonly gibbs: number; readonly bayes: number } | null;
  readonly reweighted: { readonly value: number; readonly standardError: number | null } | null;
  /** λ̂ extrapolated to ε → 0 over the swept step sizes, at the first γ and nβ. */
  readonly extrapolated: { readonly value: number; readonly standardError: number } | null;
  /** One entry per grid point (× point w*); empty without a sweep. */
  readonly sweep: readonly LlcGroup[];
  /** One entry per point w* where there are several; empty otherwise. */
  readonly checkpoints: readonly LlcGroup[];
}

/**
 * Views by name; `:g` behind a name asks for group g, without it group 0.
 *
 *     traces    [n, 1 + chains]  draw number (burn-in counts from 0), excess loss of up to 32 chains; at most 500 rows
 *     estimate  [n, 3]           draw number, running λ̂ after burn-in, its standard error between chains
 *     paths     [chains, n, 2]   the last n ≤ 400 recorded (x, y) of up to 16 chains
 *     cloud     [chains, 2]      where all chains of the group are now
 *     ranks     [chains, 20]     rank histogram of the draws of up to 16 chains
 *
 * (x, y) are the two first coordinates of w − w* for targets of two parameters, else projections on two fixed directions.
 */
export const LLC_VIEWS = ['traces', 'estimate', 'paths', 'cloud', 'ranks'] as const;

/** Columns of the metric table, a value per group. */
export const LLC_COLUMNS = ['llc', 'llc_error', 'rhat', 'ess', 'acceptance', 'distance'] as const;
