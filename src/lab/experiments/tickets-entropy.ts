/**
 * How much each neuron has settled on one frequency: the spectra of the rows of W_in·E and of the columns of W_L = W_U·W_out, and the mean
 * entropy of their amplitudes (src/interp/entropy.ts).
 */
import type { Graph, Node } from '../../graph/types';
import { meanEntropies, traceNeuronSpectrum } from '../../interp/entropy';
import type { Network } from '../../nn/types';
import { matmul } from '../../ops/matmul';
import { transpose } from '../../ops/view';
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
    in: traceNeuronSpectrum(embed ? matmul(into, transpose(embed)) : into),
    out: traceNeuronSpectrum(transpose(out ? matmul(unembedding, out) : unembedding)),
  };
}

export function measureEntropies(spectra: Spectra, every: number): ScheduledMeasures {
  const frequencies = { in: spectra.in.shape[1], out: spectra.out.shape[1] };
  return {
    every,
    nodes: { spectrum_in: spectra.in, spectrum_out: spectra.out },
    columns: ENTROPIES,
    views: {},
    finish: ({ spectrum_in: into, spectrum_out: out }) => {
      const inner = meanEntropies(into, frequencies.in);
      const outer = meanEntropies(out, frequencies.out);
      return {
        scalars: {
          entropy_in: inner.shannon,
          entropy_in_code: inner.code,
          entropy_out: outer.shannon,
          entropy_out_code: outer.code,
        },
        views: {},
      };
    },
  };
}
