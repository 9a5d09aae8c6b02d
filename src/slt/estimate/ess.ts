/**
 * Effective sample size across chains: Vehtari et al. (2021), section 3, with the initial positive monotone sequence of
 * C. J. Geyer, "Practical Markov chain Monte Carlo" (1992). The autocorrelation at each lag compares the mean
 * autocovariance within chains with the variance of all draws, so chains that disagree count as correlated.
 */
import { planFft, transform } from './fft';
import { chainMoments, varianceOf } from './moments';
import { known, unknown, type Quantity } from './quantity';
import { rankScores } from './rank-scores';
import { tooFew } from './rhat';
import { alignDraws, splitHalves, type AlignedDraws, type Traces } from './traces';

export interface Ess {
  /** Of the rank-normalised draws: what to hold against a threshold (at least 100 per report). */
  readonly bulk: Quantity;
  /** Of the draws themselves: what the standard error of their mean needs. */
  readonly mean: Quantity;
  /** Integrated autocorrelation time τ_int = draws of all chains / ESS of the mean, in draws; 1 if independent. */
  readonly autocorrelationTime: Quantity;
}

/**
 * Mean over chains of the biased autocovariances (1/N)·Σ_t (x_t − x̄)(x_{t+k} − x̄), lags 0 … N − 1. Power spectra add,
 * so all chains share one inverse transform; each forward transform takes two chains, as real and imaginary part.
 */
export function meanAutocovariance(aligned: AlignedDraws): Float64Array {
  const { chains, draws, values } = aligned;
  const { means } = chainMoments(aligned);
  // Twice the length, so that the circular correlation does not wrap around.
  const plan = planFft(2 ** Math.ceil(Math.log2(2 * draws)));
  const power = new Float64Array(plan.length);
  const real = new Float64Array(plan.length);
  const imaginary = new Float64Array(plan.length);
  const load = (part: Float64Array, chain: number) => {
    part.fill(0);
    if (chain >= chains) return;
    for (let t = 0; t < draws; t++) part[t] = values[chain * draws + t] - means[chain];
  };
  for (let chain = 0; chain < chains; chain += 2) {
    load(real, chain);
    load(imaginary, chain + 1);
    transform(plan, real, imaginary);
    // |Z_k|² holds a cross term of the two chains that is odd in k; it vanishes in the symmetric sum below.
    for (let k = 0; k < plan.length; k++) power[k] += real[k] ** 2 + imaginary[k] ** 2;
  }
  for (let k = 0; k < plan.length; k++) {
    real[k] = (power[k] + power[(plan.length - k) % plan.length]) / 2;
  }
  imaginary.fill(0);
  transform(plan, real, imaginary);
  return real.slice(0, draws).map((sum) => sum / (plan.length * draws * chains));
}

/** Autocorrelations ρ̂_t from the variances within and between chains; ρ̂_0 = 1. */
function autocorrelations(split: AlignedDraws): Float64Array | string {
  const covariance = meanAutocovariance(split);
  const within = (covariance[0] * split.draws) / (split.draws - 1);
  const between = varianceOf(chainMoments(split).means);
  if (within === 0) return between === 0 ? 'all draws are equal' : 'no chain moves';
  const total = covariance[0] + between;
  const result = covariance.map((c) => 1 - (within - c) / total);
  result[0] = 1;
  return result;
}

/** τ = 1 + 2·Σ ρ_t, cut and smoothed by Geyer's rule: sums of neighbouring pairs stay positive and never rise. */
function cutSum(rho: Float64Array): number {
  let tau = -1;
  let previous = Infinity;
  let t = 0;
  for (; t === 0 || t < rho.length - 4; t += 2) {
    const pair = rho[t] + rho[t + 1];
    if (!(pair > 0)) break;
    previous = Math.min(previous, pair);
    tau += 2 * previous;
  }
  // Half a pair more lowers the bias for antithetic chains (Vehtari et al., section 3.2).
  return t > 0 && rho[t] > 0 ? tau + rho[t] : tau;
}

function essOf(split: AlignedDraws): Quantity {
  const rho = autocorrelations(split);
  if (typeof rho === 'string') return unknown(rho);
  const total = split.chains * split.draws;
  // Antithetic chains may beat independent draws; the bound is Stan's, against noise in τ.
  return known(total / Math.max(cutSum(rho), 1 / Math.log10(total)));
}

/** Quarantined chains and unrecorded steps are left out; chains are split in halves first, as for R̂. */
export function measureEss(traces: Traces): Ess {
  const aligned = alignDraws(traces);
  const reason = tooFew(aligned);
  if (reason !== null) {
    const none = unknown(reason);
    return { bulk: none, mean: none, autocorrelationTime: none };
  }
  const split = splitHalves(aligned);
  const mean = essOf(split);
  return {
    bulk: essOf({ ...split, values: rankScores(split.values) }),
    mean,
    autocorrelationTime:
      mean.value === null ? mean : known((split.chains * split.draws) / mean.value),
  };
}

/** Monte Carlo standard error of the mean of all draws: sd/√ESS, in units of the excess loss. */
export function monteCarloError(traces: Traces, ess: Ess = measureEss(traces)): Quantity {
  if (ess.mean.value === null) return ess.mean;
  return known(Math.sqrt(varianceOf(alignDraws(traces).values) / ess.mean.value));
}
