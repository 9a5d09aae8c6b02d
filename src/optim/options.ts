/** Checks on the numbers an optimiser is given: one for all replicas, or one a replica. */
import { BadConfig } from '../gpu/errors';

/** One value for all replicas, or an array with a value a replica. */
export type Hyper = number | readonly number[];

export interface Range {
  readonly least: number;
  readonly most: number;
  /** The least value itself is not allowed. */
  readonly above?: boolean;
  /** The greatest value itself is not allowed. */
  readonly below?: boolean;
}

/** Returns the value; throws BadConfig naming `path`, the range and what to do. */
export function requireHyper(path: string, value: Hyper, range: Range): Hyper {
  const values = hyperValues(value);
  if (values.length === 0) {
    throw new BadConfig(path, {
      asked: 'got an empty list',
      limit: 'one value for all replicas or one for each',
      remedy: 'Give a number',
    });
  }
  const { least, most, above = false, below = false } = range;
  for (const one of values) {
    const low = above ? one > least : one >= least;
    const high = below ? one < most : one <= most;
    if (!Number.isFinite(one) || !low || !high) {
      throw new BadConfig(path, {
        asked: `got ${one}`,
        limit: `must be ${above ? 'above' : 'at least'} ${least} and ${below ? 'below' : 'at most'} ${most}`,
        remedy: 'Choose a value in that range',
      });
    }
  }
  return value;
}

/** All lists must be of one length, the number of replicas. */
export function requireSameLength(hyper: Readonly<Record<string, Hyper>>): void {
  let known: { readonly name: string; readonly length: number } | null = null;
  for (const [name, value] of Object.entries(hyper)) {
    if (typeof value === 'number') continue;
    if (known !== null && known.length !== value.length) {
      throw new BadConfig(name, {
        asked: `got ${value.length} values while ${known.name} has ${known.length}`,
        limit: 'lists have one value a replica, so all are of one length',
        remedy: 'Give a single number or a list of the same length',
      });
    }
    known ??= { name, length: value.length };
  }
}

export function hyperValues(value: Hyper): readonly number[] {
  return typeof value === 'number' ? [value] : value;
}
