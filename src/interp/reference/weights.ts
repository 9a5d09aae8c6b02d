/** Measures of weights alone: spectra of embedding and W_L, Gini coefficients, entropies of neurons, norms, circularity. */
import type { MeasureValues } from '../types';
import { columnMeans, frequenciesOf, plus, waveOf } from './fourier';
import { principalComponents } from './components';
import { meanOf, ratio } from './ratio';
import { columnsOf, type PlainSubject } from './types';

export function measureWeights(subject: PlainSubject): MeasureValues {
  const { p, classes, embedding, readout, input, parameters } = subject;
  const hidden = columnsOf(readout, classes);
  const embeddingNorms = waveNorms(embedding, p, columnsOf(embedding, p));
  const readoutNorms = waveNorms(readout, p, hidden);
  const norms = Object.entries(parameters).map(([name, values]) => [
    `weight_norm/${name}`,
    Array.from(values).reduce((sum, w) => sum + w ** 2, 0),
  ]);
  return {
    scalars: {
      gini_embedding: gini(embeddingNorms),
      gini_readout: gini(readoutNorms),
      ...(input && entropies('entropy_in', p, hidden, (h, n) => input[h * p + n])),
      ...entropies('entropy_out', p, hidden, (h, n) => readout[n * hidden + h]),
      circularity: circularity(embedding, p),
      ...(Object.fromEntries(norms) as Record<string, number>),
    },
    views: { embedding_spectrum: embeddingNorms, readout_spectrum: readoutNorms },
  };
}

/** Of the first p rows of a matrix [rows, columns]: lengths of the rows of F times it, [p]. */
function waveNorms(matrix: ArrayLike<number>, p: number, columns: number): Float64Array {
  return Float64Array.from({ length: p }, (_, wave) => {
    const weights = waveOf(p, wave);
    let squares = 0;
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      weights.forEach((weight, n) => (sum += weight * matrix[n * columns + column]));
      squares += sum ** 2;
    }
    return Math.sqrt(squares);
  });
}

/** Mean absolute difference over twice the mean. */
function gini(x: Float64Array): number {
  let differences = 0;
  for (const one of x) for (const other of x) differences += Math.abs(one - other);
  return ratio(differences / x.length ** 2, 2 * meanOf(x));
}

/** Of the amplitudes over k = 1 … K of each neuron's p weights; silent neurons are left out. */
function entropies(
  name: string,
  p: number,
  hidden: number,
  weight: (h: number, n: number) => number,
): Record<string, number> {
  const found: { shannon: number; code: number }[] = [];
  for (let h = 0; h < hidden; h++) {
    const amplitudes = frequenciesOf(p).map((k) => {
      const [cos, sin] = [2 * k - 1, 2 * k].map((wave) =>
        waveOf(p, wave).reduce((sum, height, n) => sum + height * weight(h, n), 0),
      );
      return Math.sqrt(cos ** 2 + sin ** 2);
    });
    if (amplitudes.every((a) => a === 0)) continue;
    found.push({ shannon: shannon(amplitudes), code: ofCode(amplitudes.slice(0, -1)) });
  }
  const mean = (pick: 'shannon' | 'code'): number =>
    found.length > 0 ? meanOf(found.map((one) => one[pick])) : 0;
  return { [name]: mean('shannon'), [`${name}_code`]: mean('code') };
}

function shannon(amplitudes: readonly number[]): number {
  return sharesOf(amplitudes).reduce((sum, q) => (q > 0 ? sum - q * Math.log(q) : sum), 0);
}

/** Cross-entropy of the shares with the shares taken for logits. */
function ofCode(amplitudes: readonly number[]): number {
  const shares = sharesOf(amplitudes);
  const masses = shares.map((q) => Math.exp(q));
  const total = masses.reduce((sum, mass) => sum + mass, 0);
  return shares.reduce((sum, q, k) => sum - q * Math.log(masses[k] / total), 0);
}

function sharesOf(amplitudes: readonly number[]): number[] {
  const total = amplitudes.reduce((sum, a) => sum + a, 0);
  return amplitudes.map((a) => ratio(a, total));
}

/** Mean over the first four principal components of the largest share of their power at one frequency. */
function circularity(embedding: ArrayLike<number>, p: number): number {
  const width = columnsOf(embedding, p);
  const centred = plus(embedding, columnMeans(embedding, width), -1);
  const shares = principalComponents(centred, p, width, 4).map((component) => {
    const power = (wave: number): number =>
      waveOf(p, wave).reduce((sum, height, n) => sum + height * component[n], 0) ** 2;
    const total = component.reduce((sum, x) => sum + x ** 2, 0);
    const byFrequency = frequenciesOf(p).map((k) => power(2 * k - 1) + power(2 * k));
    return ratio(Math.max(...byFrequency), total);
  });
  return meanOf(shares);
}
