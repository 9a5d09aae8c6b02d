/** Results as text: one aligned table a bench. */
import type { Result, Row } from './harness';

const HEADINGS = ['contender', 'median', 'quartiles', 'rate', 'arithmetic', 'memory', 'speed'];

/** The table of one bench; `speed` is the rate as a multiple of the first contender's. */
export function formatResult(result: Result): string {
  const base = result.rows[0]?.seconds?.median;
  const lines = [HEADINGS, ...result.rows.map((row) => cells(row, result.unit, base))];
  const kept = HEADINGS.map((_, i) => lines.slice(1).some((line) => line[i]));
  const widths = HEADINGS.map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)));
  const text = lines.map((line) =>
    line
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .filter((_, i) => kept[i])
      .join('  ')
      .trimEnd(),
  );
  const failures = result.rows
    .filter((row) => row.error !== undefined)
    .map((row) => `FAILED ${row.contender}: ${row.error}`);
  return [`${result.name}: ${result.title}`, ...text, ...failures, ...result.conclusions].join(
    '\n',
  );
}

function cells(row: Row, unit: string, base: number | undefined): string[] {
  const { seconds, flops, bytes } = row;
  if (!seconds) return [row.contender, 'failed', '', '', '', '', ''];
  return [
    row.contender,
    formatSeconds(seconds.median),
    `${formatSeconds(seconds.lower)} … ${formatSeconds(seconds.upper)}`,
    `${formatNumber(1 / seconds.median)} ${unit}/s`,
    flops === undefined ? '' : `${formatNumber(flops / seconds.median / 1e9)} GFLOP/s`,
    bytes === undefined ? '' : `${formatNumber(bytes / seconds.median / 1e9)} GB/s`,
    base === undefined ? '' : `${formatNumber(base / seconds.median)}×`,
  ];
}

function formatSeconds(seconds: number): string {
  if (seconds >= 1) return `${formatNumber(seconds)} s`;
  if (seconds >= 1e-3) return `${formatNumber(seconds * 1e3)} ms`;
  return `${formatNumber(seconds * 1e6)} µs`;
}

/** Three significant digits, never in powers of ten. */
export function formatNumber(value: number): string {
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value) || 1)));
  return value.toFixed(Math.min(digits, 8));
}
