/**
 * How much weights that belong to a neuron have settled on one frequency (Minegishi et al., arXiv 2310.19470): the entropy of the
 * amplitudes of a neuron over all frequencies, as shares of their sum. Their code leaves the last frequency out and takes the logarithm
 * of the softmax of the shares, which starts near ln(K − 1) and hardly moves; Shannon's is the plain one.
 */
import type { Node } from '../graph/types';
import { concat } from '../ops/concat';
import { dft } from '../ops/dft';
import {
  divide,
  exponential,
  greater,
  logarithm,
  maximum,
  multiply,
  square,
  subtract,
  negate,
} from '../ops/elementwise';
import { norm, sum } from '../ops/reduce';
import { constant } from '../ops/source';
import { reshape, slice } from '../ops/view';
import type { Topic } from './topic';

/** Below this, amplitudes are none: a float32 whose reciprocal is finite. */
const TINY = 1e-30;

/** Weights [hidden, p] → [hidden, K], √(cos² + sin²) of each frequency k = 1 … K = ⌊(p − 1)/2⌋. */
export function traceNeuronSpectrum(weights: Node): Node {
  return amplitudesOf(dft(weights, 1));
}

/** The same from the transform of the weights along their last axis. */
export function amplitudesOf(transform: Node): Node {
  const [hidden, p] = transform.shape;
  const frequencies = Math.floor((p - 1) / 2);
  const waves = slice(transform, [0, 1], [hidden, 1 + 2 * frequencies]);
  return norm(reshape(waves, [hidden, frequencies, 2]), { axes: [2] });
}

export interface Entropies {
  /** Mean over the neurons that are not silent, in nats; 0 where all are. */
  readonly shannon: Node;
  readonly code: Node;
}

/** Scalars of weights [hidden, p], p at least 5. */
export function traceEntropy(weights: Node): Entropies {
  return entropiesOf(traceNeuronSpectrum(weights));
}

/** Amplitudes [..., hidden, K] → [...]. */
export function entropiesOf(amplitudes: Node): Entropies {
  const { graph, shape } = amplitudes;
  const last = shape.length - 1;
  const but = shape.map((extent, axis) => (axis === last ? extent - 1 : extent));
  const origin = shape.map(() => 0);
  const whole = sharesOf(amplitudes);
  const part = sharesOf(slice(amplitudes, origin, but));
  const neurons = maximum(sum(whole.alive, { axes: [last - 1, last] }), constant(graph, 1));
  const overNeurons = (x: Node): Node => divide(sum(x, { axes: [last - 1, last] }), neurons);
  const logarithms = logarithm(maximum(whole.shares, constant(graph, TINY)));
  // −Σ q log softmax(q) = ln Σ exp(q) − Σ q², for shares q that add up to 1.
  const masses = logarithm(sum(exponential(part.shares), { axes: [last], keep: true }));
  const squares = sum(square(part.shares), { axes: [last], keep: true });
  return {
    shannon: negate(overNeurons(multiply(whole.shares, logarithms))),
    code: overNeurons(multiply(subtract(masses, squares), part.alive)),
  };
}

interface Shares {
  /** q, 0 for a silent neuron. */
  readonly shares: Node;
  /** 1 for a neuron with an amplitude, else 0, [..., 1]. */
  readonly alive: Node;
}

function sharesOf(amplitudes: Node): Shares {
  const { graph } = amplitudes;
  const total = sum(amplitudes, { axes: [-1], keep: true });
  return {
    shares: divide(amplitudes, maximum(total, constant(graph, TINY))),
    alive: greater(total, constant(graph, 0)),
  };
}

/** Of W_in·E, where there is one, and of W_L, from their amplitudes [hidden, K]. */
export function traceEntropyMeasures(into: Node | null, out: Node): Topic {
  const [hidden, frequencies] = out.shape;
  const stack = [...(into ? [into] : []), out].map((x) => reshape(x, [1, hidden, frequencies]));
  const { shannon, code } = entropiesOf(concat(stack, 0));
  const names = [...(into ? ['entropy_in'] : []), 'entropy_out'];
  return {
    nodes: { 'entropy.shannon': shannon, 'entropy.code': code },
    columns: names.flatMap((name) => [name, `${name}_code`]),
    views: {},
    finish: (values) => ({
      scalars: Object.fromEntries(
        names.flatMap((name, k) => [
          [name, values['entropy.shannon'][k]],
          [`${name}_code`, values['entropy.code'][k]],
        ]),
      ),
      views: {},
    }),
  };
}
