/** Draws per second against the number of chains in one program, 1 … 1024, on the chip and on the general path. */
import type { PathChoice } from '../src/slt/sampling/open';
import { K_GON, MODULAR, chainContender, kGon, modular, referenceChains } from './chain-problem';
import type { SgldProblem } from './chain-problem';
import { concludeSweep, countsOf, rowName } from './sweep';
import type { Bench, Contender, Weight } from './types';

interface Sweep {
  readonly name: string;
  readonly title: string;
  readonly weight?: Weight;
  readonly paths: readonly PathChoice[];
  problem(): SgldProblem;
}

const sweeps: readonly Sweep[] = [
  {
    ...{ name: 'k-gon', title: K_GON, weight: 'light' },
    ...{ paths: ['on-chip', 'general'], problem: kGon },
  },
  { name: 'modular-addition', title: MODULAR, paths: ['general'], problem: modular },
];

export const benches: readonly Bench[] = sweeps.map(({ name, title, weight, paths, problem }) => ({
  name: `chains/${name}`,
  title: `${title}: draws per second against chains`,
  unit: 'draws',
  weight,
  contenders: async ({ gpu, quick }) => {
    const shared = problem();
    const counts = countsOf(quick);
    return [
      ...paths.flatMap((path) =>
        counts.map((chains): Contender => ({
          ...chainContender(gpu, rowName(path, chains, 'chain'), shared, path, chains),
          place: { axis: 'chains', size: chains, who: path },
        })),
      ),
      referenceChains(shared, paths[0]),
    ];
  },
  conclude: (rows) =>
    paths.flatMap((path) => concludeSweep(rows, path, { unit: 'draws', noun: 'chain' })),
}));
