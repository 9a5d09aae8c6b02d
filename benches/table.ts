/** Results as text: one aligned table a bench. */
import type { Ceilings } from './ceiling';
import { CONTROL } from './summary';
import type { Control, Result, Row } from './types';

/** What `cellsOf` gives. */
export const HEADINGS = [
  'contender',
  'median',
  'quartiles',
  'rate',
  'arithmetic',
  'memory',
  'of ceiling',
  'speed',
];

/** The table of one bench; `speed` is the rate as a multiple of the first contender's. */
export function formatResult(result: Result): string {
  const { name, title, unit, rows, skipped, control, conclusions } = result;
  const head = `${name}: ${title}`;
  if (skipped !== undefined) return `${head}\nnot run: ${skipped}`;
  const lines = [HEADINGS, ...rows.map((row) => cellsOf(row, unit))];
  const kept = HEADINGS.map((_, i) => lines.slice(1).some((line) => line[i]));
  const widths = HEADINGS.map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)));
  const text = lines.map((line) =>
    line
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])))
      .filter((_, i) => kept[i])
      .join('  ')
      .trimEnd(),
  );
  const failures = rows
    .filter((row) => row.error !== undefined)
    .map((row) => `FAILED ${row.contender}: ${row.error}`);
  return [head, ...text, ...failures, ...conclusions, ...warnOfNoise(control)].join('\n');
}

/** Says that speeds are not to be trusted, where the control shows it. */
export function warnOfNoise(control: Control | undefined): string[] {
  if (!control || control.holds) return [];
  const { lower, median, upper } = control.speed;
  const range = `${formatNumber(lower)} … ${formatNumber(upper)}`;
  return [
    `NOISY: "${CONTROL}" reads ${formatNumber(median)}× (${range}), not 1.0×: ` +
      'smaller differences than that mean nothing here; run again on an idle machine',
  ];
}

/** What shares of ceilings are shares of. */
export function describeCeilings(ceilings: Ceilings | null): string {
  if (!ceilings) return 'ceilings: could not be measured, see `npm run bench -- ceiling`';
  const { copy, fma } = ceilings;
  return [
    `ceilings: ${formatNumber(copy.gbs)} GB/s (${copy.contender})`,
    `${formatNumber(fma.gflops)} GFLOP/s (${fma.contender})`,
  ].join(', ');
}

/** A row in words, under HEADINGS; cells of what is not known are empty. */
export function cellsOf(row: Row, unit: string): string[] {
  const { seconds, rate, gflops, gbs, fractionOfCeiling, boundBy, speed } = row;
  if (!seconds || rate === undefined) return [row.contender, 'failed', '', '', '', '', '', ''];
  return [
    row.contender,
    formatSeconds(seconds.median),
    `${formatSeconds(seconds.lower)} … ${formatSeconds(seconds.upper)}`,
    `${formatRate(rate)} ${unit}/s`,
    gflops === undefined ? '' : `${formatNumber(gflops)} GFLOP/s`,
    gbs === undefined ? '' : `${formatNumber(gbs)} GB/s`,
    fractionOfCeiling === undefined
      ? ''
      : `${formatPercent(fractionOfCeiling)} ${boundBy === 'memory' ? 'mem.' : 'arith.'}`,
    speed === undefined ? '' : `${formatNumber(speed)}×`,
  ];
}

export function formatSeconds(seconds: number): string {
  if (seconds >= 1) return `${formatNumber(seconds)} s`;
  if (seconds >= 1e-3) return `${formatNumber(seconds * 1e3)} ms`;
  return `${formatNumber(seconds * 1e6)} µs`;
}

/** Whole numbers get separators from a thousand on. */
export function formatRate(value: number): string {
  return value < 1000 ? formatNumber(value) : Number(value.toPrecision(3)).toLocaleString('en');
}

function formatPercent(fraction: number): string {
  const percent = 100 * fraction;
  return `${percent < 1 ? formatNumber(percent) : percent.toFixed(percent < 10 ? 1 : 0)} %`;
}

/** Three significant digits, never in powers of ten. */
export function formatNumber(value: number): string {
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value) || 1)));
  return value.toFixed(Math.min(digits, 8));
}
