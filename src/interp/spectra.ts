/** Fourier spectra of the weights: of the embedding over its tokens and of W_L over its classes, with their Gini coefficients. */
import type { Node } from '../graph/types';
import { concat } from '../ops/concat';
import { dft } from '../ops/dft';
import { absolute, subtract } from '../ops/elementwise';
import { norm, sum } from '../ops/reduce';
import { reshape, slice, transpose } from '../ops/view';
import { share, type Topic, type Values } from './topic';
import type { Subject } from './types';

export interface Spectra {
  /** [p, width], a row a wave of the basis. */
  readonly embedding: Node;
  /** Of the p answers, a row a neuron: [hidden, p]. */
  readonly readout: Node;
}

export function traceSpectra({ p, embedding, readout }: Subject): Spectra {
  const hidden = readout.shape[1];
  return {
    embedding: dft(embedding, 0),
    readout: dft(transpose(slice(readout, [0, 0], [p, hidden])), 1),
  };
}

/** Norms of all p rows, the constant one included: the papers do not say. */
export function traceSpectrumMeasures({ embedding, readout }: Spectra): Topic {
  const p = embedding.shape[0];
  const norms = [norm(embedding, { axes: [1] }), norm(readout, { axes: [0] })];
  const both = concat(
    norms.map((x) => reshape(x, [1, p])),
    0,
  );
  // Σ_i Σ_j |x_i − x_j| is what the sorted form of the coefficient adds up, twice.
  const differences = absolute(subtract(reshape(both, [2, p, 1]), reshape(both, [2, 1, p])));
  return {
    nodes: {
      'spectra.embedding': norms[0],
      'spectra.readout': norms[1],
      'spectra.differences': sum(differences, { axes: [1, 2] }),
    },
    columns: ['gini_embedding', 'gini_readout'],
    views: { embedding_spectrum: [p], readout_spectrum: [p] },
    finish(values: Values) {
      const embeddingNorms = Float64Array.from(values['spectra.embedding']);
      const readoutNorms = Float64Array.from(values['spectra.readout']);
      const gini = (x: Float64Array, k: number): number =>
        share(values['spectra.differences'][k], 2 * p * x.reduce((total, one) => total + one, 0));
      return {
        scalars: {
          gini_embedding: gini(embeddingNorms, 0),
          gini_readout: gini(readoutNorms, 1),
        },
        views: { embedding_spectrum: embeddingNorms, readout_spectrum: readoutNorms },
      };
    },
  };
}
