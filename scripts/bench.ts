/**
 * `npm run bench -- [filter] [--runtime chrome | node] [--peers] [--quick] [--json FILE] [--list]`
 *
 * Progress on stderr, tables on stdout; the file is written anew after each bench. CUSP_GPU=1 refuses a software adapter. Exit code 2 for bad input, 1 when a contender failed its check or nothing ran.
 */
import { writeFileSync } from 'node:fs';
import { describeEnvironment } from '../benches/environment';
import { findBenches } from '../benches/registry';
import { describeCeilings, formatResult } from '../benches/table';
import type { Bench } from '../benches/types';
import type { Report } from '../benches/run';
import { UsageError, readArguments } from './bench-arguments';
import { benchInChrome } from './bench-chrome';
import { benchInNode } from './bench-node';

async function main(): Promise<void> {
  const request = readArguments(process.argv.slice(2));
  const benches = await findBenches(request.filter);
  if (benches.length === 0)
    throw new UsageError(`filter: no bench has "${request.filter}" in its name; see --list`);
  if (request.list) return list(benches);
  const bench = request.runtime === 'chrome' ? benchInChrome : benchInNode;
  const { json } = request;
  const keep = (report: Report): void => {
    if (json && json !== '-') writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`);
  };
  const report = await bench(request, { progress: (line) => console.error(line), kept: keep });
  const tables = report.results.map(formatResult);
  const on = [describeEnvironment(report.environment), describeCeilings(report.ceilings)];
  console.log([on.join('\n'), ...tables].join('\n\n'));
  if (json === '-') console.log(JSON.stringify(report));
  else keep(report);
  const failed = report.results.some(({ rows }) => rows.some(({ error }) => error !== undefined));
  if (failed) process.exitCode = 1;
}

/** Names and titles. */
function list(benches: readonly Bench[]): void {
  const width = Math.max(...benches.map(({ name }) => name.length));
  for (const { name, title } of benches) console.log(`${name.padEnd(width)}  ${title}`);
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
