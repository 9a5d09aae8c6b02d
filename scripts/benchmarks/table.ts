/** One bench on one machine: the rows of all runs that have it. */
import { CONTROL } from '../../benches/summary';
import { formatNumber, formatRate, formatSeconds } from '../../benches/table';
import type { Result, Row } from '../../benches/types';
import { commandFor } from './command';
import type { StoredReport } from './read';
import { compareWithPyTorch } from './versus';

/** A result and the run that it is of. */
export interface Part {
  /** "a", "b": as the machine's list of runs has it. */
  readonly label: string;
  readonly report: StoredReport;
  readonly result: Result;
}

interface Column {
  readonly heading: string;
  /** `base` is the rate that others' are ratios of: null for rows of its own run, undefined where there is no ratio. */
  readonly cell: (row: Row, part: Part, base: number | null | undefined) => string;
}

const columns: readonly Column[] = [
  { heading: 'contender', cell: ({ contender }) => contender },
  {
    heading: 'median',
    cell: ({ seconds, error }) =>
      seconds ? formatSeconds(seconds.median) : error === undefined ? '' : 'failed',
  },
  {
    heading: 'quartiles',
    cell: ({ seconds }) =>
      seconds ? `${formatSeconds(seconds.lower)} – ${formatSeconds(seconds.upper)}` : '',
  },
  {
    heading: 'rate',
    cell: ({ rate }, { result }) =>
      rate === undefined ? '' : `${formatRate(rate)} ${result.unit}/s`,
  },
  {
    heading: 'GFLOP/s',
    cell: ({ gflops }) => (gflops === undefined ? '' : formatNumber(gflops)),
  },
  { heading: 'GB/s', cell: ({ gbs }) => (gbs === undefined ? '' : formatNumber(gbs)) },
  { heading: 'of ceiling', cell: formatShare },
  {
    heading: 'speed',
    cell: ({ rate, speed }, _, base) => {
      // Within a run a row has a speed where one is meant: rows of a sweep have none.
      const ratio = base === null ? speed : rate && base && rate / base;
      return ratio === undefined ? '' : `${formatNumber(ratio)}×`;
    },
  },
];

/** Markdown. Speeds are over the first row of the first run, which is Cusp's where Cusp ran. */
export function formatBench(parts: readonly Part[]): string[] {
  const [{ result }] = parts;
  const several = parts.length > 1;
  const baseOf = (own: Result): number | null | undefined => {
    if (own === result) return null;
    // Rates in different units have no ratio.
    return own.unit === result.unit ? result.rows[0]?.rate : undefined;
  };
  const entries = parts.flatMap((part) =>
    part.result.rows
      .filter(({ contender }) => contender !== CONTROL)
      .map((row) => ({
        row,
        part,
        cells: columns.map(({ cell }) => cell(row, part, baseOf(part.result))),
      })),
  );
  const kept = columns.map((_, i) => entries.some(({ cells }) => cells[i] !== ''));
  const pick = (cells: readonly string[], label: string): string =>
    markdownRow([...cells.filter((_, i) => kept[i]), ...(several ? [label] : [])]);
  const head = pick(
    columns.map(({ heading }) => heading),
    'run',
  );
  const rule = head.replace(/[^|]+/g, ' --- ');
  const failures = entries
    .filter(({ row }) => row.error !== undefined)
    .map(({ row }) => `- failed: ${row.contender}: ${row.error}`);
  return [
    `#### \`${result.name}\`: ${result.title}`,
    '',
    ...parts.map(({ report, result: own, label }) => {
      return `    ${commandFor(report, own)}${several ? `   # run ${label}` : ''}`;
    }),
    '',
    head,
    rule,
    ...entries.map(({ cells, part }) => pick(cells, part.label)),
    '',
    ...failures,
    ...parts.flatMap(({ result: own }) => own.conclusions.map((line) => `- ${line}`)),
    ...compareWithPyTorch(parts).map((line) => `- ${line}`),
    ...parts.flatMap((part) => describeControl(part, several)),
    ...(several ? ['- Rows of different runs were not taken in turns.'] : []),
    '',
  ];
}

function describeControl({ result: { control }, label }: Part, several: boolean): string[] {
  if (!control) return [];
  const { lower, median, upper } = control.speed;
  const read = `${formatNumber(median)}× (${formatNumber(lower)} – ${formatNumber(upper)})`;
  const verdict = control.holds ? '' : ': noisy, smaller differences mean nothing';
  return [
    `- The first row again, as a control${several ? ` of run ${label}` : ''}: ${read}${verdict}.`,
  ];
}

function formatShare({ fractionOfCeiling, boundBy }: Row): string {
  if (fractionOfCeiling === undefined) return '';
  const percent = 100 * fractionOfCeiling;
  return `${percent.toFixed(percent < 10 ? 1 : 0)} % ${boundBy}`;
}

export function markdownRow(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
