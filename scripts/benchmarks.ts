/** `npm run benchmarks`: writes BENCHMARKS.md from the reports in docs/benchmarks. Exit code 2 for a report that cannot be read. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { formatBenchmarks } from './benchmarks/document';
import { readReports } from './benchmarks/read';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = `${root}docs/benchmarks`;

try {
  const tried = readFileSync(`${folder}/tried.md`, 'utf8');
  writeFileSync(`${root}BENCHMARKS.md`, formatBenchmarks(readReports(folder), tried));
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 2;
}
