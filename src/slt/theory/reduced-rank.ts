/**
 * Reduced-rank regression, y = B·A·x with input M, hidden H and output N units, the truth of rank r ≤ H realised,
 * inputs of full rank, both matrices trained. Aoyagi & Watanabe, Stochastic complexities of reduced rank regression
 * in Bayesian estimation, Neural Networks 18 (2005).
 */
import { BadConfig } from '../../gpu/errors';
import { decided, type LearningCoefficient } from './coefficient';
import { fraction } from './rational';

export interface ReducedRank {
  readonly input: number;
  readonly hidden: number;
  readonly output: number;
  /** Of the true map. */
  readonly rank: number;
}

const MOST_UNITS = 1_000_000;

/** λ and m. Throws BadConfig naming the field. */
export function reducedRankCoefficient({
  input,
  hidden,
  output,
  rank,
}: ReducedRank): LearningCoefficient {
  for (const [path, value] of Object.entries({ input, hidden, output })) {
    if (Number.isInteger(value) && value >= 1 && value <= MOST_UNITS) continue;
    throw new BadConfig(path, {
      asked: `got ${value}`,
      limit: `must be a whole number from 1 to ${MOST_UNITS}`,
    });
  }
  const most = Math.min(input, hidden, output);
  if (!Number.isInteger(rank) || rank < 0 || rank > most) {
    throw new BadConfig('rank', {
      asked: `got ${rank}`,
      limit: `must be a whole number from 0 to ${most}, the narrowest layer`,
    });
  }
  const [M, H, N, r] = [input, hidden, output, rank].map(BigInt);
  if (M + H < N + r) return decided(fraction(H * M - H * r + N * r, 2), 1);
  if (N + H < M + r) return decided(fraction(H * N - H * r + M * r, 2), 1);
  if (M + N < H + r) return decided(fraction(M * N, 2), 1);
  const eightfold = 2n * (H + r) * (M + N) + 2n * M * N - (H + r) ** 2n - M * M - N * N;
  return (M + H + N + r) % 2n === 0n
    ? decided(fraction(eightfold, 8), 1)
    : decided(fraction(eightfold + 1n, 8), 2);
}
