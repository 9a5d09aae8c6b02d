/**
 * `npm run bench -- [filter] [--runtime chrome | node] [--peers] [--json FILE]`
 *
 * Progress on stderr, tables on stdout. Exit code 2 for bad input, 1 when a contender failed its check.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { describeEnvironment } from '../benches/environment';
import type { Report } from '../benches/run';
import { formatResult } from '../benches/table';
import { benchInChrome } from './bench-chrome';
import { benchInNode } from './bench-node';

export interface BenchArguments {
  readonly filter: string;
  readonly runtime: 'chrome' | 'node';
  readonly peers: boolean;
  /** File to write the report to, or `-` for stdout. */
  readonly json: string | undefined;
}

class UsageError extends Error {}

function readArguments(args: string[]): BenchArguments {
  let parsed;
  try {
    parsed = parseArgs({
      args,
      allowPositionals: true,
      options: {
        runtime: { type: 'string', default: 'chrome' },
        peers: { type: 'boolean', default: false },
        json: { type: 'string' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  const { values, positionals } = parsed;
  const { runtime, peers, json } = values;
  if (positionals.length > 1)
    throw new UsageError(`filter: one at most, got ${positionals.join(' ')}`);
  if (runtime !== 'chrome' && runtime !== 'node') {
    throw new UsageError(`--runtime: ${runtime} is not one of chrome, node`);
  }
  if (peers && runtime === 'node') {
    throw new UsageError('--peers: the other libraries want a browser; use --runtime chrome');
  }
  return { filter: positionals[0] ?? '', runtime, peers, json };
}

async function main(): Promise<void> {
  const request = readArguments(process.argv.slice(2));
  const bench = request.runtime === 'chrome' ? benchInChrome : benchInNode;
  const report: Report = await bench(request, (line) => console.error(line));
  const tables = report.results.map(formatResult);
  console.log([describeEnvironment(report.environment), ...tables].join('\n\n'));
  if (request.json === '-') console.log(JSON.stringify(report));
  else if (request.json) writeFileSync(request.json, `${JSON.stringify(report, null, 2)}\n`);
  const failed = report.results.some(({ rows }) => rows.some(({ error }) => error !== undefined));
  if (failed) process.exitCode = 1;
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
