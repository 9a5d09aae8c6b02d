import type { Key } from '../../graph/layout';

/** Loss and gradient of a target in float64; `gradient` [P] is overwritten where parameters lie, padding stays. */
export type Visit = (w: Float64Array, gradient: Float64Array, at: Moment) => number;

/** What numbers drawn for the gradient depend on. */
export interface Moment {
  readonly step: number;
  readonly key: Key;
}
