/** The command line of `npm run bench`. */
import { parseArgs } from 'node:util';
import type { Report } from '../benches/run';

export interface BenchArguments {
  /** Parts of benches' names with commas between; everything when empty. */
  readonly filter: string;
  readonly runtime: 'chrome' | 'node';
  readonly peers: boolean;
  /** Three rounds of short samples, small sizes only. */
  readonly quick: boolean;
  /** Only print what there is. */
  readonly list: boolean;
  /** File to write the report to, or `-` for stdout. */
  readonly json: string | undefined;
}

/** Told while benches run. */
export interface BenchListener {
  progress(line: string): void;
  /** The report so far, after each bench. */
  kept(report: Report): void;
}

/** Whether CUSP_GPU=1 asks for the real card, as chrome.mjs reads it: unset and empty ask for nothing. */
export const wantsCard = (): boolean => (process.env.CUSP_GPU || '0') !== '0';

/** The message is one line that names the argument. */
export class UsageError extends Error {}

/** Throws UsageError. */
export function readArguments(args: string[]): BenchArguments {
  const { values, positionals } = parse(args);
  const { runtime, peers, quick, list, json } = values;
  if (positionals.length > 1) {
    throw new UsageError(
      `filter: one at most, got ${positionals.join(' ')}; write ${positionals.join(',')} for several`,
    );
  }
  const filter = positionals[0] ?? '';
  if (/^\s*,|,\s*,|,\s*$/.test(filter)) {
    throw new UsageError(`filter: "${filter}" has an empty part; parts of names, a comma between`);
  }
  if (runtime !== 'chrome' && runtime !== 'node') {
    throw new UsageError(`--runtime: ${runtime} is not one of chrome, node`);
  }
  if (peers && runtime === 'node') {
    throw new UsageError('--peers: the other libraries want a browser; use --runtime chrome');
  }
  if (json === '') throw new UsageError('--json: name a file, or - for stdout');
  if (list && json !== undefined) throw new UsageError('--json: nothing is measured with --list');
  return { filter, runtime, peers, quick, list, json };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        runtime: { type: 'string', default: 'chrome' },
        peers: { type: 'boolean', default: false },
        quick: { type: 'boolean', default: false },
        list: { type: 'boolean', default: false },
        json: { type: 'string' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message.split('\n')[0]);
  }
}
