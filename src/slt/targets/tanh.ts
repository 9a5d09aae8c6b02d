/**
 * f(x) = Σ aₖ·tanh(bₖx) on one input and one output, K = E f(x)² with x uniform on [−2, 2]: the true function is zero, w* = 0 is the
 * most singular of its representations (Aoyagi and Nagata 2012). The expectation is a Gauss–Legendre sum.
 */
import { multilayerPerceptron } from '../../nn/multilayer-perceptron';
import { multiply, square } from '../../ops/elementwise';
import { sum } from '../../ops/reduce';
import { data } from '../../ops/source';
import { reshape } from '../../ops/view';
import type { Graph } from '../../graph/types';
import { tanhQuadrature } from '../theory/tanh';
import { tanhTheory, thermalTanh } from './network-answers';
import { layerNames } from './layers';
import type { Target } from './types';

export function tanhTarget(hidden: number): Target {
  const { nodes, weights } = tanhQuadrature();
  const points = nodes.length;
  const x = Float32Array.from(nodes);
  const share = Float32Array.from(weights);
  const widths = [1, hidden, 1];
  const [inner, outer] = layerNames(2);
  return {
    description: `tanh network of ${hidden} hidden unit${hidden === 1 ? '' : 's'}, true function zero`,
    points: [
      {
        label: 'all weights zero',
        step: null,
        values: { [inner]: new Float64Array(hidden), [outer]: new Float64Array(hidden) },
        baseline: 0,
      },
    ],
    samples: null,
    data: { x, share },
    trace(graph: Graph) {
      const network = multilayerPerceptron(graph, widths, { activation: 'tanh', biases: false });
      const { logits } = network.forward(data(graph, 'x', [points, 1]));
      const weight = data(graph, 'share', [points]);
      return {
        loss: sum(multiply(weight, square(reshape(logits, [points])))),
        sampleLosses: null,
      };
    },
    chain: {
      kind: 'network',
      widths,
      activation: 'tanh',
      biases: false,
      inputs: x,
      targets: new Float32Array(points),
      weights: share,
    },
    chainReason: '',
    theory: () => tanhTheory(hidden),
    thermal: (_, at) => (hidden === 1 ? thermalTanh(at) : null),
  };
}
