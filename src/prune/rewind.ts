/** What a pruned network is compared with and started from: other starts, and dense ones of the same norm. */
import { BadConfig } from '../gpu/errors';
import { initialParameters, type Key, type ParameterLayout } from '../graph/layout';
import { applyMask } from './masks';

/**
 * Mean over the tensors of (Σ|w|ᵖ)^(1/p), as the Grokking Tickets code takes it; the norm of all weights together is another
 * number. `parameters` is [P] of one replica.
 */
export function meanTensorNorm(
  parameters: ArrayLike<number>,
  { places }: ParameterLayout,
  power: 1 | 2,
): number {
  const norms = places.map(({ offset, size }) => {
    let sum = 0;
    for (let k = offset; k < offset + size; k++) sum += Math.abs(parameters[k]) ** power;
    return sum ** (1 / power);
  });
  return norms.reduce((sum, norm) => sum + norm, 0) / norms.length;
}

export interface Scaled {
  /** The dense start times `ratio`, [P]. */
  readonly parameters: Float32Array;
  /** Norm of the masked start over that of the dense one. */
  readonly ratio: number;
}

/**
 * The control that tells a ticket's structure from its norm: the dense start scaled to the mean L1 or L2 norm per tensor of the
 * masked one (Minegishi et al., arXiv 2310.19470). Throws `BadConfig` where all weights are zero.
 */
export function scaleToNorm(
  parameters: Float32Array,
  mask: Float32Array,
  layout: ParameterLayout,
  power: 1 | 2,
): Scaled {
  const dense = meanTensorNorm(parameters, layout, power);
  if (dense === 0) {
    throw new BadConfig('parameters', 'all are 0; a network of norm 0 cannot be scaled to another');
  }
  const ratio = meanTensorNorm(applyMask(parameters, mask), layout, power) / dense;
  return { parameters: parameters.map((value) => ratio * value), ratio };
}

/**
 * New numbers from the initial distributions, [P], for Frankle and Carbin's random re-initialisation. Give another seed or another lane than
 * the network's own key, which would draw its own start again.
 */
export function reinitialise(layout: ParameterLayout, key: Key): Float32Array {
  return initialParameters(layout, [key]);
}
