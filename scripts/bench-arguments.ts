/** The command line of `npm run bench`. */
import { parseArgs } from 'node:util';

export interface BenchArguments {
  /** Part of a bench's name; everything when empty. */
  readonly filter: string;
  readonly runtime: 'chrome' | 'node';
  readonly peers: boolean;
  /** File to write the report to, or `-` for stdout. */
  readonly json: string | undefined;
}

/** The message is one line that names the argument. */
export class UsageError extends Error {}

/** Throws UsageError. */
export function readArguments(args: string[]): BenchArguments {
  const { values, positionals } = parse(args);
  const { runtime, peers, json } = values;
  if (positionals.length > 1)
    throw new UsageError(`filter: one at most, got ${positionals.join(' ')}`);
  if (runtime !== 'chrome' && runtime !== 'node') {
    throw new UsageError(`--runtime: ${runtime} is not one of chrome, node`);
  }
  if (peers && runtime === 'node') {
    throw new UsageError('--peers: the other libraries want a browser; use --runtime chrome');
  }
  if (json === '') throw new UsageError('--json: name a file, or - for stdout');
  return { filter: positionals[0] ?? '', runtime, peers, json };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        runtime: { type: 'string', default: 'chrome' },
        peers: { type: 'boolean', default: false },
        json: { type: 'string' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message.split('\n')[0]);
  }
}
