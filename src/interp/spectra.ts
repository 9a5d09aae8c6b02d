/** Fourier spectra of the weights: of the embedding over its tokens and of W_L over its classes, with their Gini coefficients. */
import type { Node } from '../graph/types';
import { dft } from '../ops/dft';
import { norm } from '../ops/reduce';
import { slice, transpose } from '../ops/view';
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
  return {
    nodes: {
      'spectra.embedding': norm(embedding, { axes: [1] }),
      'spectra.readout': norm(readout, { axes: [0] }),
    },
    columns: ['gini_embedding', 'gini_readout'],
    views: { embedding_spectrum: [p], readout_spectrum: [p] },
    finish(values: Values) {
      const embeddingNorms = Float64Array.from(values['spectra.embedding']);
      const readoutNorms = Float64Array.from(values['spectra.readout']);
      return {
        scalars: { gini_embedding: gini(embeddingNorms), gini_readout: gini(readoutNorms) },
        views: { embedding_spectrum: embeddingNorms, readout_spectrum: readoutNorms },
      };
    },
  };
}

/** Σ_i Σ_j |x_i − x_j| / (2·n·Σ x): 0 for all alike, 1 − 1/n for one alone. From the sorted x, Σ_i (2i + 1 − n)·x_i is half of that sum. */
function gini(x: Float64Array): number {
  const sorted = Float64Array.from(x).sort();
  let [weighted, total] = [0, 0];
  sorted.forEach((value, i) => {
    weighted += (2 * i + 1 - sorted.length) * value;
    total += value;
  });
  return share(weighted, sorted.length * total);
}
