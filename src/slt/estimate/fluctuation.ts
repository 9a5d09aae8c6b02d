/**
 * Streaming moments of per-sample losses ℓ_i(w_t) over draws: the mean and the variance of each sample's loss (B. P.
 * Welford, 1962) and ln E_w[e^{−ℓ_i}] by a running log-sum-exp, in float64, pooled over chains. Four numbers per sample,
 * whatever the number of draws; two accumulators merge into what one would have been (T. F. Chan, G. H. Golub, R. J.
 * LeVeque, 1983). What comes of them is in losses.ts.
 */
import { BadCheckpoint, ShapeMismatch } from '../../gpu/errors';
import { requireCount } from './checks';

export interface Fluctuation {
  /** n */
  readonly samples: number;
  /** Draws of all chains observed so far, and rows left out because a loss was not finite. */
  draws: number;
  skipped: number;
  /** [n] each: mean of ℓ_i, Σ(ℓ_i − mean)², the largest −ℓ_i so far, Σ e^{−ℓ_i − largest}. */
  readonly means: Float64Array;
  readonly squares: Float64Array;
  readonly largest: Float64Array;
  readonly sums: Float64Array;
}

export function createFluctuation(samples: number): Fluctuation {
  requireCount('samples', samples, 1);
  return {
    samples,
    draws: 0,
    skipped: 0,
    means: new Float64Array(samples),
    squares: new Float64Array(samples),
    largest: new Float64Array(samples).fill(-Infinity),
    sums: new Float64Array(samples),
  };
}

/**
 * Adds one draw of every living chain, in place. `losses` is [chains, n], a chain's samples together; ℓ_i is the loss of
 * one sample, in nats and not divided by n. A row with a loss that is not finite is left out whole and counted. Throws
 * ShapeMismatch for a table of another size.
 */
export function observeLosses(
  into: Fluctuation,
  losses: ArrayLike<number>,
  alive: readonly boolean[],
): void {
  const { samples, means, squares, largest, sums } = into;
  if (losses.length !== alive.length * samples) {
    throw new ShapeMismatch({
      asked: `${losses.length} losses`,
      limit: `${alive.length} chains × ${samples} samples = ${alive.length * samples}`,
      remedy: 'Pass the losses of every sample for every chain, dead ones included',
    });
  }
  for (let chain = 0; chain < alive.length; chain++) {
    if (!alive[chain]) continue;
    const from = chain * samples;
    if (!allFinite(losses, from, samples)) {
      into.skipped++;
      continue;
    }
    const draws = ++into.draws;
    for (let i = 0; i < samples; i++) {
      const loss = losses[from + i];
      const before = loss - means[i];
      means[i] += before / draws;
      squares[i] += before * (loss - means[i]);
      if (-loss > largest[i]) {
        sums[i] = sums[i] * Math.exp(largest[i] + loss) + 1;
        largest[i] = -loss;
      } else {
        sums[i] += Math.exp(-loss - largest[i]);
      }
    }
  }
}

function allFinite(values: ArrayLike<number>, from: number, count: number): boolean {
  for (let i = from; i < from + count; i++) if (!Number.isFinite(values[i])) return false;
  return true;
}

/** A new accumulator of the draws of both. Throws ShapeMismatch when they are of different samples. */
export function mergeFluctuations(a: Fluctuation, b: Fluctuation): Fluctuation {
  if (a.samples !== b.samples) {
    throw new ShapeMismatch({
      asked: `accumulators of ${a.samples} and ${b.samples} samples`,
      limit: 'only losses of the same samples can be merged',
      remedy: 'Keep one accumulator per data set',
    });
  }
  const merged = createFluctuation(a.samples);
  merged.draws = a.draws + b.draws;
  merged.skipped = a.skipped + b.skipped;
  if (merged.draws === 0) return merged;
  const share = b.draws / merged.draws;
  for (let i = 0; i < a.samples; i++) {
    const between = b.means[i] - a.means[i];
    merged.means[i] = a.means[i] + between * share;
    merged.squares[i] = a.squares[i] + b.squares[i] + between * between * a.draws * share;
    const largest = Math.max(a.largest[i], b.largest[i]);
    merged.largest[i] = largest;
    merged.sums[i] =
      a.sums[i] * Math.exp(a.largest[i] - largest) + b.sums[i] * Math.exp(b.largest[i] - largest);
  }
  return merged;
}

/** Numbers before the four tables: samples, draws, skipped. */
const HEADER = 3;

/** All of the state as [3 + 4n] numbers, for a checkpoint. */
export function packFluctuation(from: Fluctuation): Float64Array {
  const { samples, draws, skipped } = from;
  const packed = new Float64Array(HEADER + 4 * samples);
  packed.set([samples, draws, skipped]);
  [from.means, from.squares, from.largest, from.sums].forEach((table, k) =>
    packed.set(table, HEADER + k * samples),
  );
  return packed;
}

/** The accumulator that was packed, bit for bit. Throws BadCheckpoint for numbers that are not one. */
export function unpackFluctuation(packed: Float64Array): Fluctuation {
  const [samples, draws, skipped] = packed;
  const whole = [samples, draws, skipped].every((count) => Number.isInteger(count) && count >= 0);
  if (!whole || samples < 1 || packed.length !== HEADER + 4 * samples) {
    throw new BadCheckpoint({
      asked: `${packed.length} numbers for the losses of ${samples} samples`,
      limit: `there must be ${HEADER} + 4 × samples of them`,
      remedy: 'Start the sampling again',
    });
  }
  const table = (k: number) => packed.slice(HEADER + k * samples, HEADER + (k + 1) * samples);
  return {
    samples,
    draws,
    skipped,
    means: table(0),
    squares: table(1),
    largest: table(2),
    sums: table(3),
  };
}
