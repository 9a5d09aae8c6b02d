/** Small programs for tests of what updates may ask of a program. */
import { createGraph } from '../../src/graph/node';
import type { ProgramSpec } from '../../src/graph/program';
import type { Update } from '../../src/graph/update';
import { add, multiply } from '../../src/ops/elementwise';
import { randomIntegers } from '../../src/ops/random';
import { mean, sum } from '../../src/ops/reduce';
import { gather } from '../../src/ops/gather';
import { data, parameter } from '../../src/ops/source';
import { streams } from '../../src/random/streams';

/** Adds the gradient, 1, to every parameter, counts its steps and records the count and the loss it sees. */
export function counting({ start }: { start: Float32Array }): ProgramSpec {
  const graph = createGraph();
  const w = parameter(graph, 'w', [2], { kind: 'zeros' });
  const loss = sum(w);
  const update: Update = {
    name: 'counting',
    state: [],
    scalars: ['count'],
    metrics: ['count', 'seen'],
    observes: true,
    hyper: {},
    tables: {},
    lower() {
      throw new Error('has no kernel');
    },
    reference({ parameters, gradients, scalars, metrics, loss: seen }) {
      parameters.forEach((_, i) => (parameters[i] += gradients[i]));
      metrics[0] = ++scalars['count'];
      metrics[1] = seen;
    },
  };
  const training = { loss, observed: add(loss, loss), metrics: { sum: loss }, update };
  return {
    keys: [
      [0, 0],
      [0, 1],
    ],
    data: {},
    start,
    training,
  };
}

/** Means of sixteen drawn numbers: a draw of each replica's own, a shared one, and one held at every third step. */
export function draws(held = 3): ProgramSpec {
  const graph = createGraph();
  const table = data(graph, 'table', [1000]);
  const w = parameter(graph, 'w', [1], { kind: 'zeros' });
  const mark = (options: Parameters<typeof randomIntegers>[4]) =>
    mean(gather(table, randomIntegers(graph, [16], 1000, streams.batch, options)));
  const update: Update = {
    name: 'none',
    state: [],
    hyper: {},
    tables: {},
    lower: () => undefined,
    reference: () => undefined,
  };
  return {
    keys: [
      [5, 0],
      [5, 1],
    ],
    data: { table: Float32Array.from({ length: 1000 }, (_, i) => i) },
    training: {
      loss: sum(multiply(w, w)),
      metrics: { own: mark({}), shared: mark({ shared: true }), held: mark({ held }) },
      update,
    },
  };
}
