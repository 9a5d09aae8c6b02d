/** Ranks of pooled draws, and the normal scores that make R̂ and ESS robust to heavy tails. */
import { normalQuantile } from './distributions';
import { sortOrder } from './sort-order';

/** Applies `score` to the average rank (1 … S, ties share theirs) of each of S values. */
function scoreRanks(values: Float64Array, score: (rank: number) => number): Float64Array {
  const order = sortOrder(values);
  const scores = new Float64Array(values.length);
  for (let first = 0; first < order.length;) {
    let next = first + 1;
    while (next < order.length && values[order[next]] === values[order[first]]) next++;
    const shared = score((first + 1 + next) / 2);
    for (let i = first; i < next; i++) scores[order[i]] = shared;
    first = next;
  }
  return scores;
}

/** Average ranks from 1. */
export function averageRanks(values: Float64Array): Float64Array {
  return scoreRanks(values, (rank) => rank);
}

/** Φ⁻¹((rank − 3/8)/(S + 1/4)): Blom's scores, as Vehtari et al. (2021) use them. */
export function rankScores(values: Float64Array): Float64Array {
  return scoreRanks(values, (rank) => normalQuantile((rank - 0.375) / (values.length + 0.25)));
}
