import type { ChipTarget } from '../types';
import { visitNetwork } from './network';
import { visitPolynomial, visitQuadratic } from './potentials';
import { visitSuperposition } from './superposition';
import type { Visit } from './types';

export type { Moment, Visit } from './types';

/** Loss and gradient of a target in float64, for one of the replicas where each has a truth of its own. */
export function visitor(target: ChipTarget, replica = 0): Visit {
  switch (target.kind) {
    case 'polynomial':
      return visitPolynomial(target);
    case 'quadratic':
      return visitQuadratic(target);
    case 'superposition':
      return visitSuperposition(target);
    case 'linear-network':
    case 'network':
      return visitNetwork(target, replica);
  }
}
