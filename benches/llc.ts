/**
 * Draws of SGLD chains: many at once against one after the other, on the chip against the general path, and the float64 reference.
 * Rates count draws, so they compare whatever the number of chains in a program. Before anything is timed, the first
 * losses of each contender must be those of the reference.
 */
import type { Gpu } from '../src/gpu/open';
import type { PathChoice } from '../src/slt/sampling/open';
import { K_GON, MODULAR, chainContender, kGon, modular, referenceChains } from './chain-problem';
import type { SgldProblem } from './chain-problem';
import { REFERENCE } from './kernel';
import { formatNumber, formatRate } from './table';
import type { Bench, Contender, Row } from './types';

const CHAINS = 256;

export const benches: readonly Bench[] = [
  {
    name: 'llc/k-gon',
    title: K_GON,
    unit: 'draws',
    contenders: ({ gpu }) => Promise.resolve(enter(gpu, kGon(), ['on-chip', 'general'])),
    conclude: comparePaths,
  },
  {
    name: 'llc/modular-addition',
    title: MODULAR,
    unit: 'draws',
    contenders: ({ gpu }) => Promise.resolve(enter(gpu, modular(), ['general'])),
    conclude: comparePaths,
  },
];

const named = (path: string, chains: number): string =>
  `${path}, ${chains === 1 ? 'one chain at a time' : `${chains} chains`}`;

function enter(gpu: Gpu, problem: SgldProblem, paths: readonly PathChoice[]): Contender[] {
  const onDevice = paths.flatMap((path) =>
    [CHAINS, 1].map((chains) => chainContender(gpu, named(path, chains), problem, path, chains)),
  );
  return [...onDevice, referenceChains(problem, paths[0])];
}

/** What batching gains, what the chip gains, and both over the reference. */
function comparePaths(rows: readonly Row[]): string[] {
  const rate = (name: string): number | undefined =>
    rows.find(({ contender }) => contender === name)?.rate;
  const gain = (fast: string, slow: string): string[] => {
    const [a, b] = [rate(fast), rate(slow)];
    return a && b ? [`${fast}: ${formatNumber(a / b)}× the draws of ${slow}`] : [];
  };
  const draws = (name: string): string[] => {
    const found = rate(name);
    return found ? [`${name}: ${formatRate(found)} draws/s`] : [];
  };
  const chip = named('on-chip', CHAINS);
  const general = named('general', CHAINS);
  return [
    ...draws(chip),
    ...draws(general),
    ...gain(general, named('general', 1)),
    ...gain(chip, named('on-chip', 1)),
    ...gain(chip, general),
    ...gain(chip, REFERENCE),
    ...gain(general, REFERENCE),
  ];
}
