/**
 * Deep linear networks, y = W_L … W_1·x with every matrix trained and the truth of rank r realised. Aoyagi,
 * Consideration on the learning efficiency of multiple-layered neural networks with linear units, Neural
 * Networks 172 (2024). With excesses D_i = n_i − r of all L + 1 layers in ascending order:
 *
 *   k   the largest ≥ 2 with D_1 + … + D_k ≥ (k − 1)·D_k
 *   ℓ = k − 1,   S = D_1 + … + D_k,   M = ceil(S/ℓ),   a = S − (M − 1)·ℓ
 *   λ = ½[r(n_0 + n_L) − r²] + a(ℓ − a)/(4ℓ) − (ℓ(ℓ − 1)/4)(S/ℓ)² + ½ Σ_{i<j≤k} D_i D_j
 *   m = a(ℓ − a) + 1
 *
 * The condition on k is monotone: the scan stops at the first failure.
 */
import { BadConfig } from '../../gpu/errors';
import { decided, type LearningCoefficient } from './coefficient';
import { ceiling, fraction, subtract, sum } from './rational';

const MOST_LAYERS = 1000;
const MOST_UNITS = 1_000_000;

/** λ and m for layer sizes `widths`, input first. Throws BadConfig naming `widths` or `rank`. */
export function linearNetworkCoefficient(
  widths: readonly number[],
  rank: number,
): LearningCoefficient {
  checkNetwork(widths, rank);
  const excesses = widths
    .map((width) => BigInt(width - rank))
    .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  let k = 2;
  let S = excesses[0] + excesses[1];
  while (k < excesses.length && S + excesses[k] >= BigInt(k) * excesses[k]) S += excesses[k++];
  const l = BigInt(k - 1);
  const a = S - (ceiling(fraction(S, l)) - 1n) * l;
  const chosen = excesses.slice(0, k);
  // Σ_{i<j} D_i D_j = (S² − Σ D²)/2
  const pairs = (S * S - chosen.reduce((total, d) => total + d * d, 0n)) / 2n;
  const r = BigInt(rank);
  const ends = BigInt(widths[0] + widths[widths.length - 1]);
  const lambda = subtract(
    sum([fraction(r * ends - r * r, 2), fraction(a * (l - a), 4n * l), fraction(pairs, 2)]),
    fraction((l - 1n) * S * S, 4n * l),
  );
  return decided(lambda, Number(a * (l - a)) + 1);
}

/** d = Σ n_i·n_{i+1}. */
export function countWeights(widths: readonly number[]): number {
  return widths.slice(1).reduce((total, width, i) => total + width * widths[i], 0);
}

function checkNetwork(widths: readonly number[], rank: number): void {
  if (widths.length < 2 || widths.length > MOST_LAYERS) {
    throw new BadConfig('widths', {
      asked: `got ${widths.length} layer sizes`,
      limit: `must be from 2 to ${MOST_LAYERS}, input first`,
    });
  }
  const wrong = widths.find((n) => !Number.isInteger(n) || n < 1 || n > MOST_UNITS);
  if (wrong !== undefined) {
    throw new BadConfig('widths', {
      asked: `got ${wrong}`,
      limit: `must be whole numbers from 1 to ${MOST_UNITS}`,
    });
  }
  const most = widths.reduce((a, b) => Math.min(a, b));
  if (!Number.isInteger(rank) || rank < 0 || rank > most) {
    throw new BadConfig('rank', {
      asked: `got ${rank}`,
      limit: `must be a whole number from 0 to ${most}, the narrowest layer`,
    });
  }
}
