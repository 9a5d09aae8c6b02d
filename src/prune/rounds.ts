/**
 * Schedules of iterative pruning. A round takes a share of what the last one left, so that what is left falls exponentially;
 * `keepLargest` wants shares of all weights, which these give. Masks of a round are of round(share · n) weights, where the code of
 * Frankle and Carbin rounds round by round: the counts may differ by one.
 */
import { BadConfig } from '../gpu/errors';

/** Share of all weights pruned after `round` of `rounds`, so that the last one has pruned `pruned`: 1 − (1 − pruned)^(round/rounds). */
export function shareAfter(pruned: number, round: number, rounds: number): number {
  checkShare(pruned);
  checkRound(round, rounds);
  return round === rounds ? pruned : 1 - (1 - pruned) ** (round / rounds);
}

/** The same for rounds 1 … `rounds`. */
export function sharesOfRounds(pruned: number, rounds: number): number[] {
  return Array.from({ length: rounds }, (_, k) => shareAfter(pruned, k + 1, rounds));
}

/** Share of all weights pruned by rounds of `each`, a share of the survivors: 1 − (1 − each)^round. */
export function shareOfSurvivors(each: number, round: number): number {
  checkShare(each);
  checkRound(0, round);
  return 1 - (1 - each) ** round;
}

/**
 * `rates` of `keepLargest` after `round` rounds that prune `each` of the survivors, and factor·`each` of those of some tensors: half of it
 * in the output layer of Frankle and Carbin's LeNet. A constant factor on what a round takes is none on what all have taken.
 */
export function ratesAfter(
  each: number,
  round: number,
  factors: Readonly<Record<string, number>>,
): Record<string, number> {
  const all = shareOfSurvivors(each, round);
  return Object.fromEntries(
    Object.entries(factors).map(([name, factor]) => [
      name,
      all === 0 ? factor : shareOfSurvivors(factor * each, round) / all,
    ]),
  );
}

function checkShare(share: number): void {
  if (share >= 0 && share <= 1) return;
  throw new BadConfig('pruned', {
    asked: `got ${share}`,
    limit: 'a share of the weights is from 0 to 1',
    remedy: 'Choose one, 0.2 for a fifth',
  });
}

function checkRound(round: number, rounds: number): void {
  if (Number.isInteger(round) && Number.isInteger(rounds) && round >= 0 && round <= rounds) return;
  throw new BadConfig('round', {
    asked: `got ${round} of ${rounds}`,
    limit: 'rounds are whole numbers, from 0 to the last',
    remedy: 'Count from 1, the first pruned network',
  });
}
