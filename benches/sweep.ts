/** What a sweep over 1, 4, 16 … chains or replicas comes to. */
import { fitExponent } from './fit';
import { formatNumber, formatRate } from './table';
import type { Row } from './types';

export const COUNTS = [1, 4, 16, 64, 256, 1024] as const;
/** With --quick the first few. */
const QUICK_COUNTS = 4;

export function countsOf(quick: boolean | undefined): readonly number[] {
  return COUNTS.slice(0, quick ? QUICK_COUNTS : undefined);
}

/** `on-chip, 64 chains` */
export function rowName(path: string, count: number, noun: string): string {
  return `${path}, ${count === 1 ? `1 ${noun}` : `${count.toLocaleString('en')} ${noun}s`}`;
}

/** The best rate of a path, what it is over one, and whether more would still gain. */
export function concludeSweep(
  rows: readonly Row[],
  path: string,
  { unit, noun }: { readonly unit: string; readonly noun: string },
): string[] {
  const points = COUNTS.flatMap((count) => {
    const row = rows.find(({ contender }) => contender === rowName(path, count, noun));
    const [rate, seconds] = [row?.rate, row?.seconds?.median];
    return rate && seconds ? [{ x: count, seconds, work: count, rate }] : [];
  });
  if (points.length < 2) return [];
  const best = points.reduce((a, b) => (b.rate > a.rate ? b : a));
  const exponent = fitExponent(points, 'x') ?? NaN;
  return [
    `${path}: at best ${formatRate(best.rate)} ${unit}/s, with ${best.x.toLocaleString('en')} ${noun}s, ` +
      `${formatNumber(best.rate / points[0].rate)}× those of one; ` +
      `the time of a step grows as ${noun}s^${exponent.toFixed(2)} in the larger half`,
  ];
}
