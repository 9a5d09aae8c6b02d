/**
 * Rank plots (Vehtari et al. 2021): where the draws of each chain stand among the draws of all. A mixed chain has ranks
 * uniform over 1 … S; one that is too low, too narrow or stuck shows a slope, a hump or a spike.
 */
import { requireCount } from './checks';
import { averageRanks } from './rank-scores';
import { alignDraws, drawsByChain, type Traces } from './traces';

export interface RankHistogram {
  readonly bins: number;
  /** Draws per bin of a chain if ranks were uniform. */
  readonly expected: number;
  /** [chains, bins]: counts, all zero for a chain without draws. */
  readonly counts: Uint32Array;
}

/**
 * Ranks of each chain in equal bins of 1 … S. Ties share their average rank, so a trace with few distinct values has
 * spikes. Throws BadConfig unless `bins` is a whole number of at least 1.
 */
export function rankHistogram(traces: Traces, bins = 20): RankHistogram {
  requireCount('bins', bins, 1);
  const aligned = alignDraws(traces);
  const ranks = averageRanks(aligned.values);
  const counts = new Uint32Array(traces.chains * bins);
  const living = drawsByChain(traces).flatMap((draws, chain) => (draws.length > 0 ? [chain] : []));
  living.forEach((chain, row) => {
    for (let i = row * aligned.draws; i < (row + 1) * aligned.draws; i++) {
      // Rank r covers (r − 1, r] of S, so its middle decides the bin.
      const bin = Math.floor(((ranks[i] - 0.5) * bins) / ranks.length);
      counts[chain * bins + bin]++;
    }
  });
  return { bins, expected: aligned.draws / bins, counts };
}
