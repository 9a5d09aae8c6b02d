// What src/interp/README.md shows; tests/interp/readme.node.test.ts runs it.
import { interpret } from '../../src/graph/reference';
import { createGraph } from '../../src/graph/node';
import { traceAnalytic } from '../../src/interp/analytic';
import { traceMeasures } from '../../src/interp/trace';
import { data } from '../../src/ops/source';

export async function measure(): Promise<Readonly<Record<string, number>>> {
  const graph = createGraph();
  const leaf = (name: string) => data(graph, name, [2], { dtype: 'u32' });
  const train = { rows: leaf('train.rows'), labels: leaf('train.labels') };
  const test = { rows: leaf('test.rows'), labels: leaf('test.labels') };
  const design = { p: 11, frequencies: [2, 3], hidden: 18 };
  const subject = traceAnalytic(graph, design, { train, test });
  const measures = traceMeasures(graph, subject, { keys: null, seed: 0 });

  // Pairs 0 + 1, 2 + 3 are trained on, 4 + 5, 6 + 7 are not. `compile(gpu, spec)` measures on the device.
  const program = interpret({
    keys: [[0, 0]],
    data: {
      'train.rows': Uint32Array.of(0 * 11 + 1, 2 * 11 + 3),
      'train.labels': Uint32Array.of(1, 5),
      'test.rows': Uint32Array.of(4 * 11 + 5, 6 * 11 + 7),
      'test.labels': Uint32Array.of(9, 2),
    },
    evaluations: { measures: measures.nodes },
  });
  const { outputs } = await program.advance(0, 'measures');
  program.dispose();
  return measures.finish(outputs!).scalars; // of the only replica
}
