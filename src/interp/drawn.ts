/** Larger pictures of logits and neurons over the pairs, evaluated only while somebody looks. */
import { trace } from '../graph/node';
import type { Graph, Node } from '../graph/types';
import { dft } from '../ops/dft';
import { add, equal, greater, multiply, subtract } from '../ops/elementwise';
import { matmul } from '../ops/matmul';
import { firstMaximumOp, mean, norm, sum } from '../ops/reduce';
import { table } from '../ops/table';
import { reshape, transpose } from '../ops/view';
import type { Clusters } from './neurons';
import type { Subject } from './types';

/** Neurons that are shown as maps, one a cluster. */
const MAPS = 6;

export function traceDrawn(
  graph: Graph,
  { p, all, input }: Subject,
  clusters: Clusters,
): Readonly<Record<string, Node>> {
  return {
    logit_spectrum: spectrum(all.logits, p),
    neuron_spectrum: spectrum(subtract(all.neurons, mean(all.neurons, { axes: [0] })), p),
    ...(input && { neuron_inputs: input }),
    neuron_maps: mapNeurons(graph, p, all.neurons, clusters),
  };
}

/** Norm over the columns of the transform over a and b, [p, p]. */
function spectrum(x: Node, p: number): Node {
  const overPairs = reshape(x, [p, p, x.shape[1]]);
  return norm(dft(dft(overPairs, 0), 1), { axes: [2] });
}

/**
 * Of the six clusters with most neurons, largest first (of equals that of the lower frequency), the neuron in which its frequency is
 * strongest: [6, p, p], zeros where there are fewer clusters.
 */
function mapNeurons(graph: Graph, p: number, neurons: Node, { lengths, own }: Clusters): Node {
  const [frequencies, hidden] = lengths.shape;
  const sizes = sum(own, { axes: [1] });
  const [rows, columns] = [reshape(sizes, [frequencies, 1]), reshape(sizes, [1, frequencies])];
  // How many come before: those that are larger, and equals of lower frequency.
  const earlier = table(graph, `earlier ${frequencies}`, [frequencies, frequencies], () =>
    Float64Array.from({ length: frequencies ** 2 }, (_, i) =>
      Number(i % frequencies < Math.floor(i / frequencies)),
    ),
  );
  const before = add(greater(columns, rows), multiply(equal(columns, rows), earlier));
  const places = sum(before, { axes: [1] });
  const shown = table(graph, `first ${MAPS}`, [MAPS, 1], () =>
    Float64Array.from({ length: MAPS }, (_, i) => i),
  );
  const chosen = equal(reshape(places, [1, frequencies]), shown);
  const strengths = multiply(lengths, own);
  const best = trace(firstMaximumOp, [strengths], { axes: [1], keep: true }) as Node;
  // In a cluster without neurons the first of zeros would be taken for the best.
  const picks = matmul(chosen, multiply(best, own));
  const maps = matmul(reshape(picks, [MAPS, hidden]), transpose(neurons));
  return reshape(maps, [MAPS, p, p]);
}
