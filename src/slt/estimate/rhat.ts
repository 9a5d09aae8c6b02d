/**
 * Rank-normalised split R̂: A. Vehtari, A. Gelman, D. Simpson, B. Carpenter, P.-C. Bürkner, "Rank-normalization,
 * folding, and localization: an improved R̂ for assessing convergence of MCMC", Bayesian Analysis 16 (2021).
 */
import { chainMoments, meanOf, medianOf, varianceOf } from './moments';
import { known, unknown, type Quantity } from './quantity';
import { rankScores } from './rank-scores';
import { alignDraws, splitHalves, type AlignedDraws, type Traces } from './traces';

/** Fewer draws per chain say nothing about their halves. */
export const FEWEST_DRAWS = 8;

export interface Rhat {
  /** The larger of the two below: what to report. Mixed chains have 1.00 to 1.01; above 1.05 do not trust them. */
  readonly value: Quantity;
  /** Of the draws: chains that sit in different places. */
  readonly bulk: Quantity;
  /** Of their distance from the median: chains that spread differently. */
  readonly tail: Quantity;
}

/** √(((N − 1)/N·W + B/N)/W) of chains as they are: W the mean variance within, B/N the variance of the means. */
function rhatOf(draws: AlignedDraws): Quantity {
  const { means, variances } = chainMoments(draws);
  const within = meanOf(variances);
  const between = varianceOf(means);
  if (within === 0) {
    return unknown(between === 0 ? 'all draws are equal' : 'no chain moves');
  }
  return known(Math.sqrt((draws.draws - 1) / draws.draws + between / within));
}

/** Why R̂ and ESS cannot be had from these draws, or null when they can. */
export function tooFew({ chains, draws }: AlignedDraws): string | null {
  if (chains === 0) return 'no living chain has draws';
  return draws < FEWEST_DRAWS
    ? `${draws} draws per chain are too few: at least ${FEWEST_DRAWS} are needed`
    : null;
}

/** A single chain is compared with itself, half against half. Quarantined chains and unrecorded steps are left out. */
export function measureRhat(traces: Traces): Rhat {
  const aligned = alignDraws(traces);
  const reason = tooFew(aligned);
  if (reason !== null) {
    const none = unknown(reason);
    return { value: none, bulk: none, tail: none };
  }
  const split = splitHalves(aligned);
  const median = medianOf(split.values);
  const bulk = rhatOf({ ...split, values: rankScores(split.values) });
  const folded = split.values.map((value) => Math.abs(value - median));
  const tail = rhatOf({ ...split, values: rankScores(folded) });
  // Folding can make a two-valued trace constant: that says nothing about mixing.
  const value = tail.value !== null && tail.value > (bulk.value ?? Infinity) ? tail : bulk;
  return { value, bulk, tail };
}
