/** What is known about an estimate when it is judged, and the limits it is judged by. */
import type { LlcUncertainty } from './llc';

/** Every field may be missing or null: a rule that lacks what it needs says nothing. */
export interface Evidence {
  /** λ̂ with its errors, as `estimateLlc` returns it. */
  readonly llc?: {
    readonly mean: number;
    readonly standardError: number | null;
    readonly uncertainty?: LlcUncertainty;
  } | null;
  readonly nbeta?: number | null;
  /** d, the number of sampled parameters (a mask takes the others away). */
  readonly sampledParameters?: number | null;
  /** Rank-normalised split R̂, the larger of bulk and tail; bulk ESS. */
  readonly rhat?: number | null;
  readonly ess?: number | null;
  /** Change of nβ·excess over the draws kept, and the probability of one so large by chance: `measureTrend` × nβ. */
  readonly trend?: { readonly rise: number; readonly significance: number } | null;
  /** Mean Metropolis acceptance, and whether the chain really accepts and rejects (MALA, HMC) or is only measured. */
  readonly acceptance?: number | null;
  readonly exact?: boolean | null;
  /** Inflation of λ̂ that the acceptance implies, as a share: `impliedStepBias`. Of no meaning for exact chains. */
  readonly stepBias?: number | null;
  /** λ̂(ε)/λ̂(0) − 1 and its standard error, by extrapolation over step sizes. */
  readonly measuredStepBias?: { readonly share: number; readonly standardError: number } | null;
  /** Largest gradient-noise ratio r = ε·nβ²·C/(4m): `gradientNoise().max`. */
  readonly noiseRatio?: number | null;
  /** From `negativeShares`. */
  readonly negative?: { readonly steps: number; readonly beyondNoise?: number | null } | null;
  /** Root mean square of ‖w − w*‖ over the draws kept. */
  readonly distance?: number | null;
  /** Distance at the end over distance at the start, burn-in included: `distanceGrowth`. */
  readonly distanceGrowth?: number | null;
  /** Mean over chains of the *full-batch* loss where they ended, minus that at w*. */
  readonly finalExcess?: number | null;
  /** ‖∇L(w*)‖ of the full-batch mean loss over the sampled parameters, without nβ. */
  readonly gradientNorm?: number | null;
  /** γ·E‖w − w*‖²/d and d ln λ̂/d ln γ, from localization.ts. */
  readonly localizationShare?: number | null;
  readonly localizationSensitivity?: number | null;
  /** Chains quarantined, of how many, and the first step at which one was. */
  readonly diverged?: {
    readonly count: number;
    readonly chains: number;
    readonly firstStep?: number | null;
  } | null;
}

/** `good`: nothing to do. `warning`: the number is off or its error too small. `bad`: do not use the number. */
export type Severity = 'good' | 'warning' | 'bad';

export type VerdictCode =
  | 'healthy'
  | 'unchecked'
  | 'diverged'
  | 'not-a-minimum'
  | 'lower-basin'
  | 'not-stationary-gradient'
  | 'noisy-baseline'
  | 'above-ceiling'
  | 'not-mixed'
  | 'still-burning-in'
  | 'step-too-large'
  | 'gradient-noise'
  | 'localization-dominates';

export interface Verdict {
  readonly code: VerdictCode;
  readonly severity: Severity;
  /** The finding with its numbers, the reason, and what to do: one or two sentences. */
  readonly text: string;
}

/** A rule: what it finds, or null. */
export type Rule = (evidence: Evidence) => Verdict | null;

/** The limits. Sources: R̂ and ESS, Vehtari et al. (2021), loosened as is usual for λ̂; the others in their files. */
export const LIMITS = {
  rhat: 1.05,
  rhatBad: 1.2,
  ess: 100,
  essBad: 20,
  /** A trend counts when it is this unlikely by chance and moves λ̂ by this share. */
  trendSignificance: 0.01,
  trendShare: 0.05,
  stepBias: 0.05,
  stepBiasBad: 0.25,
  /** Acceptance: an exact chain below hardly moves; at or below the other a measured one fits no stable step. */
  exactAcceptance: 0.2,
  unadjustedAcceptance: 0.55,
  noiseRatio: 0.1,
  noiseRatioBad: 1,
  negativeSteps: 0.05,
  /** Loss of the chains' ends below L(w*), times nβ, that rounding does not explain. */
  finalDrop: 0.1,
  /** λ̂ so near 0 is 0: what float32 leaves of a chain that does not move. */
  rounding: 1e-3,
  distanceGrowth: 1.2,
  baselineShare: 0.1,
  gradientShare: 0.1,
  sensitivity: 0.25,
  localizationShare: 0.5,
  /** Standard errors that count as "beyond error". */
  errors: 2,
} as const;

export function verdict(code: VerdictCode, severity: Severity, text: string): Verdict {
  return { code, severity, text };
}
