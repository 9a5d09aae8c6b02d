/**
 * Stored reports: what `npm run bench -- --json` and the commands of benches/peers write, as `<machine>.<run>.json`. Reports of one
 * machine stand in one section of BENCHMARKS.md, and rows of the same bench in one table.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readReport, type StoredReport } from '../../benches/read-report';

export type { StoredReport } from '../../benches/read-report';

export interface Stored {
  /** As it stands in docs/benchmarks. */
  readonly file: string;
  /** The first part of the file's name. */
  readonly machine: string;
  readonly report: StoredReport;
}

/** All `*.json` of a folder, by name. Throws an error of one line that names the file. */
export function readReports(folder: string): Stored[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  return files.sort().map((file) => parseReport(file, readFileSync(join(folder, file), 'utf8')));
}

export function parseReport(file: string, text: string): Stored {
  const [machine, ...run] = file.replace(/\.json$/, '').split('.');
  if (machine === '' || run.length === 0)
    throw new Error(`${file}: its name must be <machine>.<run>.json, such as h100.node.json`);
  try {
    return { file, machine, report: readReport(text) };
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}; write it anew with --json`, {
      cause: error,
    });
  }
}
