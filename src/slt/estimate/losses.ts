/**
 * Watanabe's quantities of a tempered posterior ("Algebraic Geometry and Statistical Learning Theory", 2009; JMLR 11, 2010;
 * "Mathematical Theory of Bayesian Statistics", 2018), from the moments of per-sample losses. With p_i = e^{−ℓ_i}:
 *
 *     Gibbs loss  = (1/n)·Σ_i E_w[ℓ_i]            Bayes loss = −(1/n)·Σ_i ln E_w[p_i]
 *     V = Σ_i Var_w[ℓ_i]                          ν̂ = (β/2)·V           WAIC = Bayes train loss + (β/n)·V
 *
 * For a regular model ν = λ = d/2. Means of n × excess over the truth, as n grows: Bayes test (λ − ν)/β + ν, Bayes train
 * (λ − ν)/β − ν, Gibbs test λ/β + ν, Gibbs train λ/β − ν.
 */
import { requirePositive } from './checks';
import type { Fluctuation } from './fluctuation';

export interface MeanLosses {
  /** E_w of the mean loss, nats per sample. */
  readonly gibbs: number;
  /** Mean loss of the posterior predictive distribution, nats per sample; never above the Gibbs loss. */
  readonly bayes: number;
}

export interface FluctuationSummary {
  readonly draws: number;
  /** V, a sum over the n training samples. */
  readonly functionalVariance: number;
  /** ν̂ = (β/2)·V */
  readonly singularFluctuation: number;
  /** Nats per sample: an estimate of the Bayes test loss from training data alone. */
  readonly waic: number;
  readonly train: MeanLosses;
}

/** Gibbs and Bayes losses of the samples observed, training or held out; null before the first draw. */
export function meanLosses(observed: Fluctuation): MeanLosses | null {
  const { samples, draws, means, largest, sums } = observed;
  if (draws === 0) return null;
  let gibbs = 0;
  let bayes = 0;
  for (let i = 0; i < samples; i++) {
    gibbs += means[i];
    bayes -= largest[i] + Math.log(sums[i] / draws);
  }
  return { gibbs: gibbs / samples, bayes: bayes / samples };
}

/**
 * From the training samples. β = nβ/n. Variances are unbiased for independent draws, so take draws at least τ_int apart or
 * many of them; null for fewer than two. Its spread: summarise groups of chains apart (`mergeFluctuations` joins them).
 * Throws BadConfig for nβ that is not positive.
 */
export function summariseFluctuation(train: Fluctuation, nbeta: number): FluctuationSummary | null {
  requirePositive('nbeta', nbeta);
  const losses = meanLosses(train);
  if (losses === null || train.draws < 2) return null;
  const beta = nbeta / train.samples;
  let functionalVariance = 0;
  for (const squares of train.squares) functionalVariance += squares / (train.draws - 1);
  return {
    draws: train.draws,
    functionalVariance,
    singularFluctuation: (beta / 2) * functionalVariance,
    waic: losses.bayes + (beta * functionalVariance) / train.samples,
    train: losses,
  };
}
