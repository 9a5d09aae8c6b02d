/**
 * The float64 twin of the progress measures: the same scalars and views from plain tables, each straight from its definition, by sums over
 * all pairs. The traced measures get them from means over equal sums and differences; this is what they are checked by.
 * p²·C·p steps and more: seconds at p = 53.
 */
import type { MeasureOptions, MeasureValues } from '../types';
import { measureBehaviour } from './behaviour';
import { findKeys, measureKeys } from './keys';
import { measureLosses } from './losses';
import { measureNeurons } from './neurons';
import type { PlainSubject } from './types';
import { measureWeights } from './weights';

export type { PlainSubject } from './types';

/** Of one replica. Tables whose lengths do not belong together give NaN. */
export function measureTables(subject: PlainSubject, options: MeasureOptions): MeasureValues {
  const keys = findKeys(subject, options.keys);
  const parts = [
    measureLosses(subject, keys),
    measureKeys(subject, keys),
    measureNeurons(subject),
    measureWeights(subject),
    measureBehaviour(subject, options.seed),
  ];
  return {
    scalars: Object.assign({}, ...parts.map(({ scalars }) => scalars)) as Record<string, number>,
    views: Object.assign({}, ...parts.map(({ views }) => views)) as Record<string, Float64Array>,
  };
}
