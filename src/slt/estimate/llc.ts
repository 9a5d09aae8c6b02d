/**
 * The local learning coefficient λ̂(w*) = nβ·(E[L_n(w)] − L_n(w*)), the mean over chains and draws: E. Lau, Z. Furman,
 * G. Wang, D. Murfet, S. Wei, "The local learning coefficient" (2308.12108).
 */
import { BadConfig } from '../../gpu/errors';
import { requirePositive } from './checks';
import { measureEss, monteCarloError, type Ess } from './ess';
import { errorOfMean, meanOf } from './moments';
import { drawsByChain, type Traces } from './traces';

/** The parts of the uncertainty of λ̂, each in units of λ̂; null where it cannot be had. */
export interface LlcUncertainty {
  /** Standard deviation of the chains' estimates over √chains; null for one chain. */
  readonly betweenChains: number | null;
  /** Monte Carlo standard error nβ·sd(L)/√ESS; null where the ESS is. */
  readonly mcse: number | null;
  /** nβ times the standard error of L(w*); 0 for a paired baseline. */
  readonly baseline: number;
}

export interface LlcEstimate {
  readonly mean: number;
  /**
   * √(max(betweenChains, mcse)² + baseline²). The first two estimate the same spread (they agree when the chains are
   * mixed), so the larger counts and not their sum. Null where both are.
   */
  readonly standardError: number | null;
  /** λ̂ of each chain; null for a chain that was quarantined or recorded nothing. */
  readonly perChain: readonly (number | null)[];
  /** The inverse temperature, without which λ̂ means nothing. */
  readonly nbeta: number;
  readonly uncertainty: LlcUncertainty;
}

export interface LlcOptions {
  /** Standard error of the loss at w*, in units of the loss; 0 (default) for a paired or full-batch baseline. */
  readonly baselineError?: number;
  /** The ESS of these traces, when the caller has it already. */
  readonly ess?: Ess;
}

/**
 * Chains count alike, however many draws each has. Throws BadConfig when nβ is not positive, when the traces do not fit
 * together, and when no living chain has a finite draw: then there is no estimate to return.
 */
export function estimateLlc(traces: Traces, nbeta: number, options: LlcOptions = {}): LlcEstimate {
  requirePositive('nbeta', nbeta);
  const baselineError = options.baselineError ?? 0;
  if (!(baselineError >= 0) || !Number.isFinite(baselineError)) {
    throw new BadConfig('baselineError', {
      asked: `got ${baselineError}`,
      limit: 'must be a finite number of at least 0',
      remedy: 'Give the standard error of the loss at w*, or leave it out for a paired baseline',
    });
  }
  const perChain = drawsByChain(traces).map((draws) =>
    draws.length > 0 ? nbeta * meanOf(draws) : null,
  );
  const estimates = perChain.filter((value) => value !== null);
  if (estimates.length === 0) {
    throw new BadConfig('traces', {
      asked: `${traces.chains} chains × ${traces.draws} draws without a finite loss in a living chain`,
      limit: 'λ̂ needs at least one',
      remedy: 'Lower the step size if the chains diverged, or record more draws',
    });
  }
  const betweenChains = estimates.length > 1 ? errorOfMean(estimates) : null;
  const monteCarlo = monteCarloError(traces, options.ess ?? measureEss(traces)).value;
  const mcse = monteCarlo === null ? null : nbeta * monteCarlo;
  const baseline = nbeta * baselineError;
  const sampling =
    betweenChains === null && mcse === null ? null : Math.max(betweenChains ?? 0, mcse ?? 0);
  return {
    mean: meanOf(estimates),
    standardError: sampling === null ? null : Math.hypot(sampling, baseline),
    perChain,
    nbeta,
    uncertainty: { betweenChains, mcse, baseline },
  };
}

/** λ̂ as it builds up: entry t is over draws 0 … t. NaN before the first draw. */
export interface RunningLlc {
  /** [draws] */
  readonly mean: Float64Array;
  /** [draws], between chains; NaN while fewer than two chains have a draw. */
  readonly standardError: Float64Array;
}

/** The running mean for a page's λ̂ trace: with the draws of burn-in included it shows when it stops moving. */
export function runningLlc(traces: Traces, nbeta: number): RunningLlc {
  requirePositive('nbeta', nbeta);
  const { chains, draws, excess, alive } = traces;
  const mean = new Float64Array(draws);
  const standardError = new Float64Array(draws);
  const sums = new Float64Array(chains);
  const counts = new Float64Array(chains);
  for (let draw = 0; draw < draws; draw++) {
    const estimates: number[] = [];
    for (let chain = 0; chain < chains; chain++) {
      const value = excess[draw * chains + chain];
      if (alive[chain] && Number.isFinite(value)) {
        sums[chain] += value;
        counts[chain]++;
      }
      if (counts[chain] > 0) estimates.push((nbeta * sums[chain]) / counts[chain]);
    }
    mean[draw] = estimates.length > 0 ? meanOf(estimates) : NaN;
    standardError[draw] = estimates.length > 1 ? errorOfMean(estimates) : NaN;
  }
  return { mean, standardError };
}
