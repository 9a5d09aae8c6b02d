/**
 * What holds a chain where it is: anchor, mask and directions in one table, since a kernel may bind eight buffers only. Where
 * the mask is 0 the anchor's value never matters, so a number no anchor may have stands for it.
 */
import { BadConfig } from '../../gpu/errors';
import type { UpdateProgram } from '../../graph/update';
import type { SamplerOptions } from './options';

/** As in shaders/lib/sampler/chain.wgsl; anchors stay below it. */
const FROZEN = Math.fround(3e38);
const LARGEST_ANCHOR = 1e30;

export interface Place {
  /** [A, P] and, if there are directions, [2, P]; A is 1 or R. */
  readonly table: Float32Array;
  /** Elements of the first part. */
  readonly held: number;
  readonly directed: boolean;
  /** Lengths as they were given, for `checkPlace`. */
  readonly given: Readonly<Record<'anchor' | 'mask' | 'directions', number>>;
}

/** Throws `BadConfig` for values that are out of range; what a program's size must be is left to `checkPlace`. */
export function packPlace({ anchor, mask, directions = null }: SamplerOptions): Place {
  requireAll('anchor', anchor, (value) => Math.abs(value) <= LARGEST_ANCHOR, 'finite, up to 1e30');
  requireAll('mask', mask, (value) => value === 0 || value === 1, '0 or 1');
  requireAll('directions', directions ?? [], Number.isFinite, 'finite');
  const held = Math.max(anchor.length, mask.length);
  const table = new Float32Array(held + (directions?.length ?? 0));
  for (let i = 0; i < held; i++) {
    table[i] = mask[i % mask.length] === 0 ? FROZEN : anchor[i % anchor.length];
  }
  if (directions) table.set(directions, held);
  return {
    table,
    held,
    directed: directions !== null,
    given: { anchor: anchor.length, mask: mask.length, directions: directions?.length ?? 0 },
  };
}

function requireAll(
  path: string,
  values: ArrayLike<number>,
  allowed: (value: number) => boolean,
  limit: string,
): void {
  for (let i = 0; i < values.length; i++) {
    if (allowed(values[i])) continue;
    throw new BadConfig(path, {
      asked: `element ${i} is ${values[i]}`,
      limit: `each must be ${limit}`,
      remedy: 'Correct it',
    });
  }
}

/** Throws `BadConfig` where the table does not fit a program's parameters. */
export function checkPlace({ given }: Place, { size, replicas, masked }: UpdateProgram): void {
  for (const path of ['anchor', 'mask'] as const) {
    if (given[path] === size || given[path] === size * replicas) continue;
    throw new BadConfig(path, {
      asked: `got ${given[path]} values`,
      limit: `the flat buffer has ${size} a chain, padding included, and ${replicas} chains`,
      remedy: `Give ${size}, or ${size * replicas} for one set a chain`,
    });
  }
  if (given.directions !== 0 && given.directions !== 2 * size) {
    throw new BadConfig('directions', {
      asked: `got ${given.directions} values`,
      limit: `two directions in the flat buffer are ${2 * size}`,
      remedy: 'Give [2, P], or null',
    });
  }
  if (masked) {
    throw new BadConfig('training.mask', {
      asked: 'a mask of pruned parameters',
      limit: 'a sampler holds its own frozen elements where they are',
      remedy: "Give the mask among the sampler's options",
    });
  }
}

/** One chain's part of a table, for the reference. */
export interface OwnPlace {
  sampled(i: number): boolean;
  anchor(i: number): number;
  /** Element i of the first or second direction; 0 without. */
  direction(which: 0 | 1, i: number): number;
}

export function ownPlace({ table, held, directed }: Place, index: number, size: number): OwnPlace {
  const first = held > size ? index * size : 0;
  return {
    sampled: (i) => table[first + i] !== FROZEN,
    anchor: (i) => table[first + i],
    direction: (which, i) => (directed ? table[held + which * size + i] : 0),
  };
}
