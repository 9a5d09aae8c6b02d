/**
 * Stored reports: what `npm run bench -- --json` and the commands of benches/peers write, as `<machine>.<run>.json`. Reports of one
 * machine stand in one section of BENCHMARKS.md, and rows of the same bench in one table.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../../benches/environment';
import type { Report } from '../../benches/run';

/** PyTorch is a runtime too, though none of ours. */
export type StoredReport = Omit<Report, 'environment'> & {
  readonly environment: Omit<Environment, 'runtime'> & { readonly runtime: string };
};

export interface Stored {
  /** As it stands in docs/benchmarks. */
  readonly file: string;
  /** The first part of the file's name. */
  readonly machine: string;
  readonly report: StoredReport;
}

const FIELDS = ['date', 'environment', 'commit', 'quick', 'ceilings', 'results', 'stopped'];

/** All `*.json` of a folder, by name. Throws an error of one line that names the file. */
export function readReports(folder: string): Stored[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  return files.sort().map((file) => parseReport(file, readFileSync(join(folder, file), 'utf8')));
}

export function parseReport(file: string, text: string): Stored {
  const refuse = (what: string): never => {
    throw new Error(`${file}: ${what}; write it anew with --json`);
  };
  const [machine, ...run] = file.replace(/\.json$/, '').split('.');
  if (machine === '' || run.length === 0)
    throw new Error(`${file}: its name must be <machine>.<run>.json, such as h100.node.json`);
  let report: StoredReport;
  try {
    report = JSON.parse(text) as StoredReport;
  } catch {
    return refuse('is not JSON');
  }
  if (typeof report !== 'object' || report === null) return refuse('is no report');
  if (report.schema !== 2) refuse(`has schema ${String(report.schema)}, must be 2`);
  const missing = FIELDS.find((field) => !Object.hasOwn(report, field));
  if (missing) refuse(`has no ${missing}`);
  return { file, machine, report };
}
