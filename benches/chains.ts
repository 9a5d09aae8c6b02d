/** Draws per second against the number of chains in one program, 1 … 1024, on the chip and on the general path. */
import type { PathChoice } from '../src/slt/sampling/open';
import { K_GON, MODULAR, chainContender, kGon, modular, referenceChains } from './chain-problem';
import type { SgldProblem } from './chain-problem';
import { fitExponent } from './fit';
import { formatNumber, formatRate } from './table';
import type { Bench, Row, Weight } from './types';

const COUNTS = [1, 4, 16, 64, 256, 1024] as const;
/** With --quick the first few. */
const QUICK_COUNTS = 4;

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
    const counts = COUNTS.slice(0, quick ? QUICK_COUNTS : undefined);
    return [
      ...paths.flatMap((path) =>
        counts.map((chains) => chainContender(gpu, rowName(path, chains), shared, path, chains)),
      ),
      referenceChains(shared, paths[0]),
    ];
  },
  conclude: (rows) => paths.flatMap((path) => concludeChains(rows, path)),
}));

function rowName(path: PathChoice, chains: number): string {
  return `${path}, ${chains === 1 ? '1 chain' : `${chains.toLocaleString('en')} chains`}`;
}

/** The best rate of a path, what it is over one chain, and whether more chains would still gain. */
export function concludeChains(rows: readonly Row[], path: PathChoice): string[] {
  const points = COUNTS.flatMap((chains) => {
    const row = rows.find(({ contender }) => contender === rowName(path, chains));
    const [rate, seconds] = [row?.rate, row?.seconds?.median];
    return rate && seconds ? [{ x: chains, seconds, work: chains, rate }] : [];
  });
  if (points.length < 2) return [];
  const best = points.reduce((a, b) => (b.rate > a.rate ? b : a));
  const exponent = fitExponent(points, 'x') ?? NaN;
  return [
    `${path}: at best ${formatRate(best.rate)} draws/s, with ${best.x.toLocaleString('en')} chains, ` +
      `${formatNumber(best.rate / points[0].rate)}× those of one; ` +
      `the time of a step grows as chains^${exponent.toFixed(2)} in the larger half`,
  ];
}
