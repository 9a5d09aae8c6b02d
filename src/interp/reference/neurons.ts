/** Neurons over the pairs: their frequencies, clusters left out, and what the directions of W_L read of them. */
import type { MeasureValues } from '../types';
import {
  along,
  columnMeans,
  columnVariations,
  frequenciesOf,
  overPairs,
  plus,
  productWave,
  project,
  sumWaves,
  waveOf,
} from './fourier';
import { lossOver } from './loss';
import { readOut, recentre } from './losses';
import { ratio } from './ratio';
import { columnsOf, type PlainSubject } from './types';

const EXPLAINED = 0.85;

interface Settled {
  /** [hidden] each. */
  readonly frequency: number[];
  readonly fraction: number[];
}

/** Squares of the entries {0, 2k − 1, 2k}² of the transform over a and b without the constant, over those of all: the largest. */
function settleNeurons({ p, classes, readout, neurons }: PlainSubject): Settled {
  const hidden = columnsOf(readout, classes);
  const totals = columnVariations(neurons, hidden);
  const frequency = new Array<number>(hidden).fill(1);
  const fraction = new Array<number>(hidden).fill(-1);
  for (const k of frequenciesOf(p)) {
    const squares = new Float64Array(hidden);
    const waves = [0, 2 * k - 1, 2 * k];
    for (const i of waves)
      for (const j of waves) {
        if (i === 0 && j === 0) continue;
        along(productWave(p, i, j), neurons, hidden).forEach((x, h) => (squares[h] += x ** 2));
      }
    squares.forEach((square, h) => {
      const share = ratio(square, totals[h]);
      if (share <= fraction[h]) return;
      fraction[h] = share;
      frequency[h] = k;
    });
  }
  return { frequency, fraction };
}

export function measureNeurons(subject: PlainSubject): MeasureValues {
  const settled = settleNeurons(subject);
  const explained = settled.fraction.filter((fraction) => fraction > EXPLAINED).length;
  return {
    scalars: { explained_neurons: explained / settled.fraction.length },
    views: {
      neurons: Float64Array.from([...settled.frequency, ...settled.fraction]),
      ablation: ablate(subject, settled),
      readout_fve: explainReadout(subject),
    },
  };
}

/** Every neuron restricted to its mean and C_k, S_k of its own frequency; then those of one frequency silenced. */
function ablate(subject: PlainSubject, { frequency }: Settled): Float64Array {
  const { p, classes, readout, neurons } = subject;
  const hidden = columnsOf(readout, classes);
  const frequencies = frequenciesOf(p);
  const own = plus(new Float64Array(neurons.length), columnMeans(neurons, hidden));
  for (const k of frequencies) {
    const part = project(sumWaves(p, k), neurons, hidden);
    part.forEach((value, i) => {
      if (frequency[i % hidden] === k) own[i] += value;
    });
  }
  const all = Array.from({ length: p * p }, (_, row) => row);
  return Float64Array.from(frequencies, (k) => {
    const left = own.map((value, i) => (frequency[i % hidden] === k ? 0 : value));
    return lossOver(recentre(subject, readOut(subject, left)), p, classes, all);
  });
}

/** R² of the regressions of u_k·neurons on cos and of v_k·neurons on sin of w_k(a + b). */
function explainReadout({ p, classes, readout, neurons }: PlainSubject): Float64Array {
  const hidden = columnsOf(readout, classes);
  const read = (wave: number, target: Float64Array): number => {
    const weights = waveOf(p, wave);
    const direction = new Float64Array(hidden);
    weights.forEach((weight, c) => {
      for (let h = 0; h < hidden; h++) direction[h] += weight * readout[c * hidden + h];
    });
    const series = overPairs(p, (a, b) => {
      const from = (a * p + b) * hidden;
      return direction.reduce((sum, weight, h) => sum + weight * neurons[from + h], 0);
    });
    const [product] = along(target, series, 1);
    return ratio(product ** 2, columnVariations(series, 1)[0]);
  };
  const frequencies = frequenciesOf(p);
  return Float64Array.from([
    ...frequencies.map((k) => read(2 * k - 1, sumWaves(p, k)[0])),
    ...frequencies.map((k) => read(2 * k, sumWaves(p, k)[1])),
  ]);
}
