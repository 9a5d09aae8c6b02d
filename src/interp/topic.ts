/** A group of measures that are traced and finished together; `trace.ts` puts the groups side by side. */
import type { Node } from '../graph/types';
import type { MeasureValues } from './types';

export interface Topic {
  /** Small tensors to evaluate; names are unique over all topics. */
  readonly nodes: Readonly<Record<string, Node>>;
  readonly columns: readonly string[];
  /** Shapes of the vectors. */
  readonly views: Readonly<Record<string, readonly number[]>>;
  finish(values: Values): MeasureValues;
}

/** Values of nodes by name, of one replica. */
export type Values = Readonly<Record<string, ArrayLike<number>>>;

export function joinTopics(topics: readonly Topic[]): Topic {
  const merge = <T>(pick: (topic: Topic) => Readonly<Record<string, T>>): Record<string, T> =>
    Object.assign({}, ...topics.map(pick)) as Record<string, T>;
  return {
    nodes: merge(({ nodes }) => nodes),
    columns: topics.flatMap(({ columns }) => columns),
    views: merge(({ views }) => views),
    finish(values) {
      const parts = topics.map((topic) => topic.finish(values));
      return {
        scalars: Object.assign({}, ...parts.map(({ scalars }) => scalars)),
        views: Object.assign({}, ...parts.map(({ views }) => views)),
      };
    },
  };
}

/** x/y, and 0 where y is not positive: a share of nothing. */
export function share(x: number, y: number): number {
  return y > 0 ? x / y : 0;
}

export function average(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}
