/** Rows of reports as figures and tables need them. */
import type { Report, Result, Row } from '../../benches/run';
import { cellsOf } from '../../benches/table';
import type { NumberTable } from '../shared/numbers';
import type { Kind } from './scene';

const LIBRARIES = /^(jax-js|tfjs)/;

/** `at` is the row's place in its result: the first is what a program would use. */
export function kindOf({ contender, on }: Row, at: number): Kind {
  if (on === 'cpu') return 'cpu';
  if (LIBRARIES.test(contender)) return 'library';
  return at === 0 ? 'kernel' : 'variant';
}

/** Bench, contender and every number in words. */
export function sayRow({ name, unit }: Result, row: Row): string {
  const [contender, ...cells] = cellsOf(row, unit);
  return [`${name}, ${contender}`, ...cells.filter((cell) => cell !== '')].join(' · ');
}

/** How many rows were measured and how many of them failed. */
export function countRows(results: readonly Result[]): { rows: number; failed: number } {
  const rows = results.flatMap((result) => result.rows);
  return { rows: rows.length, failed: rows.filter(({ error }) => error !== undefined).length };
}

/** Every row of a report, in base units. */
export function rowsTable({ results }: Pick<Report, 'results'>): NumberTable {
  return {
    columns: [
      ...['bench', 'contender', 'on', 'seconds', 'lower quartile', 'upper quartile'],
      ...['samples', 'runs a sample', 'unit', 'units a second', 'GFLOP/s', 'GB/s'],
      ...['of ceiling', 'bound by', 'speed', 'error'],
    ],
    rows: results.flatMap(({ name, unit, rows, skipped }) =>
      skipped === undefined
        ? rows.map((row) => [
            ...[name, row.contender, row.on ?? ''],
            ...[row.seconds?.median ?? null, row.seconds?.lower ?? null],
            ...[row.seconds?.upper ?? null, row.samples?.length ?? null, row.n ?? null],
            ...[unit, row.rate ?? null, row.gflops ?? null, row.gbs ?? null],
            ...[row.fractionOfCeiling ?? null, row.boundBy ?? '', row.speed ?? null],
            row.error ?? '',
          ])
        : [],
    ),
  };
}
