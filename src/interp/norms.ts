/** Sums of squared weights, tensor by tensor. */
import type { Node } from '../graph/types';
import { norm } from '../ops/reduce';
import type { Topic } from './topic';

export function traceNorms(parameters: Readonly<Record<string, Node>>): Topic {
  const names = Object.keys(parameters).map((name) => `weight_norm/${name}`);
  return {
    nodes: Object.fromEntries(
      Object.entries(parameters).map(([name, node]) => [`weight_norm/${name}`, norm(node)]),
    ),
    columns: names,
    views: {},
    finish: (values) => ({
      scalars: Object.fromEntries(names.map((name) => [name, values[name][0] ** 2])),
      views: {},
    }),
  };
}
