/**
 * How much each neuron has settled on one frequency: the spectra of the rows of W_in·E and of the columns of W_L = W_U·W_out, and the mean
 * entropy of their amplitudes, Shannon's and that of the Grokking Tickets code (facts: it drops the last bin and takes the logarithm of
 * the softmax of the shares).
 */
import type { Graph, Node } from '../../graph/types';
import type { Network } from '../../nn/types';
import { dft } from '../../ops/dft';
import { add, square, squareRoot } from '../../ops/elementwise';
import { matmul } from '../../ops/matmul';

import { reshape, slice, transpose } from '../../ops/view';
import type { ModularConfig } from './modular-schema';
import type { ScheduledMeasures } from './types';

export const ENTROPIES = [
  'entropy_in',
  'entropy_in_code',
  'entropy_out',
  'entropy_out_code',
] as const;

export interface Spectra {
  /** [hidden, K] of W_in·E: what each operand adds to a neuron. */
  readonly in: Node;
  /** [hidden, K] of W_L: what a neuron adds to each class. */
  readonly out: Node;
}

/** Null for transformers, where attention lies between embedding and neurons, and for tables too small to have frequencies. */
export function traceSpectra(
  graph: Graph,
  { network: { kind }, data: { modulus } }: ModularConfig,
  { parameters }: Network,
): Spectra | null {
  if (kind !== 'mlp' || modulus < 5) return null;
  const embed = parameters['embed.weight'] as Node | undefined;
  // With separate projections the first operand's stands for both.
  const into = parameters['mlp.in.weight'] ?? parameters['mlp.in.a.weight'];
  const unembedding = parameters['unembed.weight'] ?? embed;
  const out = parameters['mlp.out.weight'] as Node | undefined;
  return {
    in: amplitudes(embed ? matmul(into, transpose(embed)) : into),
    out: amplitudes(transpose(out ? matmul(unembedding, out) : unembedding)),
  };
}

/** [rows, n] → [rows, ⌊(n − 1)/2⌋], √(cos² + sin²) of each frequency. */
function amplitudes(x: Node): Node {
  const [rows, n] = x.shape;
  const count = Math.floor((n - 1) / 2);
  const waves = slice(dft(x, 1), [0, 1], [rows, 1 + 2 * count]);
  const pairs = square(reshape(waves, [rows, count, 2]));
  const part = (k: number): Node =>
    reshape(slice(pairs, [0, 0, k], [rows, count, k + 1]), [rows, count]);
  return squareRoot(add(part(0), part(1)));
}

export function measureEntropies(spectra: Spectra, every: number): ScheduledMeasures {
  const frequencies = { in: spectra.in.shape[1], out: spectra.out.shape[1] };
  return {
    every,
    nodes: { spectrum_in: spectra.in, spectrum_out: spectra.out },
    columns: ENTROPIES,
    views: {},
    finish: ({ spectrum_in: into, spectrum_out: out }) => {
      const [shannonIn, codeIn] = meanEntropies(into, frequencies.in);
      const [shannonOut, codeOut] = meanEntropies(out, frequencies.out);
      return {
        scalars: {
          entropy_in: shannonIn,
          entropy_in_code: codeIn,
          entropy_out: shannonOut,
          entropy_out_code: codeOut,
        },
        views: {},
      };
    },
  };
}

/**
 * Over the neurons that are not silent: mean of −Σ q log q with q the shares of all frequencies, and of −Σ q log softmax(q) with q
 * the shares of all but the last. Without any such neuron both are 0.
 */
export function meanEntropies(
  spectrum: ArrayLike<number>,
  count: number,
): readonly [shannon: number, code: number] {
  let [shannon, code, neurons] = [0, 0, 0];
  for (let row = 0; row < spectrum.length / count; row++) {
    const own = Array.from({ length: count }, (_, k) => spectrum[row * count + k]);
    const total = own.reduce((sum, a) => sum + a, 0);
    if (!(total > 0)) continue;
    neurons++;
    for (const a of own) if (a > 0) shannon -= (a / total) * Math.log(a / total);
    code += codeEntropy(own.slice(0, -1));
  }
  return neurons === 0 ? [0, 0] : [shannon / neurons, code / neurons];
}

function codeEntropy(amplitudes: readonly number[]): number {
  const total = amplitudes.reduce((sum, a) => sum + a, 0);
  if (!(total > 0)) return 0;
  const shares = amplitudes.map((a) => a / total);
  const log = Math.log(shares.reduce((sum, q) => sum + Math.exp(q), 0));
  return shares.reduce((sum, q) => sum - q * (q - log), 0);
}
