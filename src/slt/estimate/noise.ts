/**
 * How much a minibatch heats the chain. Langevin noise has variance ε per coordinate; the noise of the minibatch
 * gradient adds (ε·nβ/2)²·C_jj/m, C the covariance of per-sample gradients and m the batch size. Their ratio
 * r_j = ε·nβ²·C_jj/(4m) makes the chain sample coordinate j at temperature 1 + r_j.
 */
import { BadConfig } from '../../gpu/errors';
import { requireCount, requirePositive } from './checks';

/** Above this the noise of the minibatches shows in λ̂. */
export const NOISE_RATIO_WARNING = 0.1;

export interface GradientNoise {
  /** Largest and mean r over the sampled coordinates. */
  readonly max: number;
  readonly mean: number;
  /** The coordinate of the largest. */
  readonly hottest: number;
  /** max > 0.1 */
  readonly warning: boolean;
}

export interface GradientNoiseSetting {
  /** ε, times the preconditioner where there is one. */
  readonly stepSize: number;
  readonly nbeta: number;
  /** m, when the variances are of per-sample gradients (C_jj); 1 (default) when they are of minibatch gradients. */
  readonly batchSize?: number;
}

/**
 * r from the variances of the *mean-loss* gradient per coordinate [P], without nβ. Throws BadConfig for settings that
 * are not positive, no coordinates, and variances that are negative or not finite.
 */
export function gradientNoise(
  variances: ArrayLike<number>,
  { stepSize, nbeta, batchSize = 1 }: GradientNoiseSetting,
): GradientNoise {
  requirePositive('stepSize', stepSize);
  requirePositive('nbeta', nbeta);
  requireCount('batchSize', batchSize, 1);
  requireCount('variances.length', variances.length, 1);
  const scale = (stepSize * nbeta * nbeta) / (4 * batchSize);
  let hottest = 0;
  let sum = 0;
  for (let j = 0; j < variances.length; j++) {
    if (!(variances[j] >= 0) || !Number.isFinite(variances[j])) {
      throw new BadConfig(`variances[${j}]`, {
        asked: `got ${variances[j]}`,
        limit: 'a variance is finite and not negative',
        remedy: 'Leave out chains that diverged',
      });
    }
    if (variances[j] > variances[hottest]) hottest = j;
    sum += variances[j];
  }
  const max = scale * variances[hottest];
  const mean = (scale * sum) / variances.length;
  return { max, mean, hottest, warning: max > NOISE_RATIO_WARNING };
}

/**
 * Unbiased variance per coordinate [P] of several minibatch gradients at one point, each [P]: two suffice, tens are
 * better. Throws BadConfig for fewer than two.
 */
export function minibatchVariances(gradients: readonly ArrayLike<number>[]): Float64Array {
  requireCount('gradients.length', gradients.length, 2);
  const mean = new Float64Array(gradients[0].length);
  const squares = new Float64Array(mean.length);
  gradients.forEach((gradient, batch) => {
    for (let j = 0; j < mean.length; j++) {
      const before = gradient[j] - mean[j];
      mean[j] += before / (batch + 1);
      squares[j] += before * (gradient[j] - mean[j]);
    }
  });
  return squares.map((sum) => sum / (gradients.length - 1));
}
