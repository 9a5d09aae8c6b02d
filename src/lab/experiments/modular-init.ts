/** How the networks of modular arithmetic are built, whichever kind they are. */
import type { ModularData } from '../../data/modular';
import { BadConfig } from '../../gpu/errors';
import type { Graph } from '../../graph/types';
import type { Network } from '../../nn/types';
import type { ModularConfig } from './modular-schema';

/** The network of a configuration for tables of the size of `set`. Throws BadConfig naming `network.<field>`. */
export type NetworkBuilder = (graph: Graph, config: ModularConfig, set: ModularData) => Network;

/** The start of the papers, or one of those that this kind of network knows. */
export function pickInit<T extends string>(
  given: string,
  paper: T,
  known: readonly T[],
  kind: string,
): T {
  if (given === 'paper') return paper;
  const found = known.find((name) => name === given);
  if (found !== undefined) return found;
  throw new BadConfig('init', {
    asked: `got ${given} for ${kind}`,
    limit: `it starts as one of paper, ${known.join(', ')}`,
    remedy: 'Choose paper',
  });
}
