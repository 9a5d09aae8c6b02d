import type { ChainTarget } from '../types';
import { visitPolynomial, visitQuadratic } from './potentials';
import type { Visit } from './types';

export type { Moment, Visit } from './types';

/** Loss and gradient of a target in float64. */
export function visitor(target: ChainTarget): Visit {
  switch (target.kind) {
    case 'polynomial':
      return visitPolynomial(target);
    case 'quadratic':
      return visitQuadratic(target);
    default:
      throw new Error(`no twin of a ${target.kind}`);
  }
}
