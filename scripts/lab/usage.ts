/** Reading arguments, and what to say when they are wrong. */
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { CuspError } from '../../src/gpu/errors';

/** A command line that can't be carried out as it stands: exit code 2. */
export class UsageError extends Error {}

export const RUNTIMES = ['chrome', 'node', 'cpu'] as const;
export type Runtime = (typeof RUNTIMES)[number];

/** One line for stderr and the exit code: 2 for bad input, 1 for a run that failed. */
export function explain(error: unknown): { message: string; code: 1 | 2 } {
  if (error instanceof UsageError) return { message: error.message, code: 2 };
  if (error instanceof CuspError) {
    return { message: `${error.kind}: ${error.message}`, code: isBadInput(error.kind) ? 2 : 1 };
  }
  return {
    message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    code: 1,
  };
}

/** Errors that the person who typed the command can mend by typing another. */
export function isBadInput(kind: string): boolean {
  return ['BadConfig', 'BadCheckpoint', 'ShapeMismatch', 'LimitExceeded'].includes(kind);
}

/** Strict: an unknown option or a missing value is a UsageError in one line. */
export function readArguments<T extends NonNullable<ParseArgsConfig['options']>>(
  args: string[],
  options: T,
) {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError((error as Error).message.split('\n')[0]);
  }
}

export function readRuntime(text: string | undefined): Runtime {
  if (text === undefined) return 'chrome';
  if (!(RUNTIMES as readonly string[]).includes(text)) {
    throw new UsageError(`--runtime ${text}: must be one of ${RUNTIMES.join(', ')}`);
  }
  return text as Runtime;
}

/** A whole number of at least `least`. */
export function readWhole(
  name: string,
  text: string | undefined,
  least: number,
): number | undefined {
  if (text === undefined) return undefined;
  const value = text.trim() === '' ? NaN : Number(text);
  if (!Number.isSafeInteger(value) || value < least) {
    throw new UsageError(`--${name} ${text}: must be a whole number of at least ${least}`);
  }
  return value;
}
