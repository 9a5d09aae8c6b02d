/**
 * How much weights that belong to a neuron have settled on one frequency (Minegishi et al., arXiv 2310.19470): the entropy of the
 * amplitudes of a neuron over all frequencies, as shares of their sum. Their code leaves the last frequency out and takes the logarithm
 * of the softmax of the shares, which starts near ln(K − 1) and hardly moves; Shannon's is the plain one.
 */
import type { Node } from '../graph/types';
import { dft } from '../ops/dft';
import { norm } from '../ops/reduce';
import { reshape, slice } from '../ops/view';
import type { Topic } from './topic';

/** Weights [hidden, n] → [hidden, K], √(cos² + sin²) of each frequency k = 1 … K = ⌊(n − 1)/2⌋. */
export function traceNeuronSpectrum(weights: Node): Node {
  return amplitudesOf(dft(weights, 1));
}

/** The same from the transform of the weights along their last axis. */
export function amplitudesOf(transform: Node): Node {
  const [hidden, n] = transform.shape;
  const frequencies = Math.floor((n - 1) / 2);
  const waves = slice(transform, [0, 1], [hidden, 1 + 2 * frequencies]);
  return norm(reshape(waves, [hidden, frequencies, 2]), { axes: [2] });
}

export interface Entropies {
  /** −Σ q ln q, q the shares of all K frequencies, in nats; ln K where all are alike. */
  readonly shannon: number;
  /** −Σ q ln softmax(q), q the shares of all but the last. */
  readonly code: number;
}

/** Means over the neurons that are not silent, of amplitudes [hidden, K]; both 0 where all are. */
export function meanEntropies(amplitudes: ArrayLike<number>, frequencies: number): Entropies {
  let [shannon, code, neurons] = [0, 0, 0];
  for (let from = 0; from < amplitudes.length; from += frequencies) {
    const own = Array.from({ length: frequencies }, (_, k) => amplitudes[from + k]);
    const shares = sharesOf(own);
    if (!shares) continue;
    neurons++;
    for (const q of shares) if (q > 0) shannon -= q * Math.log(q);
    code += codeEntropy(own.slice(0, -1));
  }
  return neurons === 0
    ? { shannon: 0, code: 0 }
    : { shannon: shannon / neurons, code: code / neurons };
}

function codeEntropy(amplitudes: readonly number[]): number {
  const shares = sharesOf(amplitudes);
  if (!shares) return 0;
  const log = Math.log(shares.reduce((sum, q) => sum + Math.exp(q), 0));
  return shares.reduce((sum, q) => sum - q * (q - log), 0);
}

/** Null for a neuron without an amplitude. */
function sharesOf(amplitudes: readonly number[]): number[] | null {
  const total = amplitudes.reduce((sum, a) => sum + a, 0);
  return total > 0 ? amplitudes.map((a) => a / total) : null;
}

/** Of W_in·E, where there is one, and of W_L, from their amplitudes [hidden, K]. */
export function traceEntropyMeasures(into: Node | null, out: Node): Topic {
  const frequencies = out.shape[1];
  const names = [...(into ? ['entropy_in'] : []), 'entropy_out'];
  return {
    nodes: { ...(into && { entropy_in: into }), entropy_out: out },
    columns: names.flatMap((name) => [name, `${name}_code`]),
    views: {},
    finish: (values) => ({
      scalars: Object.fromEntries(
        names.flatMap((name) => {
          const { shannon, code } = meanEntropies(values[name], frequencies);
          return [
            [name, shannon],
            [`${name}_code`, code],
          ];
        }),
      ),
      views: {},
    }),
  };
}
