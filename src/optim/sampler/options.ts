/**
 * What all samplers share: their options, what they record, and what exactly one step is. Two implementations keep to this
 * page, the fused kernels over the flat buffers of any network (this folder) and the on-chip chains (src/slt/chain), and
 * both have float64 twins; the same options and keys give the same trajectories up to rounding.
 *
 * Potential of a chain: U(w) = nβ·L(w) + ½γ‖w − w*‖² + ½λ‖w‖², L a mean loss, so nβ multiplies the mean and neither γ nor
 * weight decay λ. With g = ∇L(w) and the drift ∇U = nβ·g + γ(w − w*) + λw, one step of number s is
 *
 *     sgld           w ← w − ½ε·∇U + √ε·σ·η
 *     rmsprop-sgld   V ← α·V + (1 − α)·g²,  G = 1 / (√V + δ),  w ← w − ½ε·G·∇U + √(ε·G)·σ·η
 *     sgnht          p ← p − ε·∇U − ξ·p + √(2Aε)·σ·η,  w ← w + p,  ξ ← ξ + mean p² − ε     (p₀ = √ε·η₀, ξ₀ = A)
 *     sghmc          p ← (1 − a)·p − ε·∇U + √(2(a − b)ε)·σ·η,  w ← w + p                      (p₀ = √ε·η₀)
 *     mala, hmc      leapfrog steps of length h, L of them a trajectory (L = 1 is MALA), and a Metropolis test;
 *                    h = √ε, for L > 1 times a factor from [0.8, 1.2] drawn for each trajectory (stretch.ts)
 *
 * Sources: Welling and Teh 2011; Li et al. 2016 without Γ; Ding et al. 2014; Chen et al. 2014; Neal, "MCMC using
 * Hamiltonian dynamics", 2011; conventions of devinterp for ε, γ and nβ.
 *
 * The exact ones take one gradient a step. At a step with s mod L = 0 the trajectory behind it ends: p ← p − ½h∇U(w),
 * ΔH = U(w) + ½‖p‖² − H₀, accepted where −ln u ≥ ΔH (a ΔH that is not finite is a rejection), else w and ∇U go back to its
 * start; at s = 0 there is nothing to end. Then p ← η, H₀ = U(w) + ½‖p‖², p ← p − ½h∇U(w), w ← w + h·p. At other steps
 * p ← p − h∇U(w), w ← w + h·p. A box rejects whatever leaves it.
 *
 * Numbers drawn: η of element i is normal i mod 4 of Philox counter (s, ⌊i / 4⌋, streams.noise, 0) under the chain's key,
 * i counting the flat buffer with its padding; η₀ likewise at s = 0 in streams.momentum; u is word 0 of counter
 * (s, 0, streams.accept, 0), −ln u is `negativeLog`.
 *
 * Frozen elements (mask 0; padding always is) keep their value and p = 0, and count nowhere: not in sums, not in d. A
 * box clamps w to w* ± box after the noise; sgnht and sghmc reflect and flip p.
 */
import type { Hyper } from '../options';

export const METHODS = ['sgld', 'rmsprop-sgld', 'sgnht', 'sghmc', 'mala', 'hmc'] as const;
export type Method = (typeof METHODS)[number];

export interface SamplerOptions {
  readonly method: Method;
  /** Step size ε; of mala and hmc the square of the leapfrog step. */
  readonly lr: Hyper;
  /** nβ, on the mean loss. */
  readonly nbeta: Hyper;
  /** γ, the precision of the Gaussian around the anchor. */
  readonly localization: Hyper;
  /** σ, a factor on the noise; 1, and fixed at 1 for the exact ones. */
  readonly noiseLevel?: Hyper;
  /** λ; 0. */
  readonly weightDecay?: Hyper;
  /** Half-width of the box around the anchor; 0 for none. */
  readonly box?: Hyper;
  /** α of rmsprop-sgld; 0.99. 1 keeps V as it started, at 0. */
  readonly decay?: Hyper;
  /** δ of rmsprop-sgld; 0.1. */
  readonly stability?: Hyper;
  /** A of sgnht, 0.01; a of sghmc, 0.1. */
  readonly friction?: Hyper;
  /** b of sghmc, the part of the noise that the gradient brings; 0. */
  readonly noiseEstimate?: Hyper;
  /** L of hmc, gradients a trajectory; 10. */
  readonly leapfrog?: number;
  /** w*, [P] or [R, P], in the order of the flat buffer, padding 0. */
  readonly anchor: Float32Array;
  /** 1 where an element is sampled, [P] or [R, P]; padding 0. */
  readonly mask: Float32Array;
  /** Two directions [2, P] on which w − w* is projected for drawing paths; null records zeros. */
  readonly directions?: Float32Array | null;
  /**
   * sgld: measure the Metropolis acceptance of the step behind each step with s mod acceptanceEvery = 0, s > 0; both ends
   * need the same batch, so with mini-batches the batch of such a step is that of the step before. 0 never.
   */
  readonly acceptanceEvery?: number;
}

/**
 * What a step records of each chain, in this order. Lengths and products are of the step's displacements of w (of p for sgnht
 * and sghmc) by gradient, prior (γ and λ) and noise, frozen elements left out; 0 for mala and hmc.
 */
export const SAMPLER_METRICS = [
  /** L(w) − L(w*) before the update; of mala and hmc at the last accepted state. */
  'loss',
  /** min(1, e^(log acceptance)) of the step (trajectory) that ended here; −1 where none was measured. */
  'acceptance',
  /** ‖w − w*‖² before the update; of mala and hmc at the last accepted state. */
  'distance2',
  'gradient2',
  'prior2',
  'noise2',
  'gradient_prior',
  'gradient_noise',
  'prior_noise',
  /** mean p² / ε after the update of sgnht and sghmc, 1 at equilibrium; 0 for others. */
  'kinetic',
  /** ⟨w − w*, directions⟩, where distance2 is. */
  'x',
  'y',
] as const;
export type SamplerMetric = (typeof SAMPLER_METRICS)[number];

/** Gradients a draw takes: L for hmc, 1 for others. */
export function gradientsPerDraw({
  method,
  leapfrog = 10,
}: Pick<SamplerOptions, 'method' | 'leapfrog'>): number {
  return method === 'hmc' ? leapfrog : 1;
}
