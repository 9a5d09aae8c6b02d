/** Which frequency each neuron has, how much of its variance that explains, and what the logits lose without a cluster of them. */
import { trace } from '../graph/node';
import type { Node } from '../graph/types';
import { add, multiply, subtract } from '../ops/elementwise';
import { matmul } from '../ops/matmul';
import { pairLosses } from '../ops/pair-losses';
import { PAIR_TABLES } from '../ops/pair-means';
import { firstMaximumOp, mean } from '../ops/reduce';
import { reshape, transpose } from '../ops/view';
import { share, type Topic, type Values } from './topic';
import {
  lengthsByFrequency,
  totalDeviation,
  wavesOf,
  type PairComponents,
  type Waves,
} from './waves';

/** From this share of its variance on, a neuron counts as explained by its frequency (Nanda et al.). */
export const EXPLAINED = 0.85;

export interface Clusters {
  /** Length of the eight terms of frequency k without the constant, over √p, [K, hidden]. */
  readonly lengths: Node;
  /** 1 at the frequency of each neuron, where that is longest, [K, hidden]. */
  readonly own: Node;
}

export function traceClusters(neurons: PairComponents): Clusters {
  const lengths = lengthsByFrequency(neurons);
  return { lengths, own: trace(firstMaximumOp, [lengths], { axes: [0], keep: true }) as Node };
}

export function traceNeurons(
  { p, frequencies }: Waves,
  { width, within, between }: PairComponents,
  { lengths }: Clusters,
): Topic {
  return {
    nodes: {
      'neurons.lengths': lengths,
      'neurons.within': within,
      'neurons.between': between,
    },
    columns: ['explained_neurons'],
    views: { neurons: [2, width] },
    finish(values) {
      const neurons = new Float64Array(2 * width);
      for (let h = 0; h < width; h++) {
        const { frequency, fraction } = settle(p, frequencies, values, h);
        neurons[h] = frequency;
        neurons[width + h] = fraction;
      }
      const explained = neurons.subarray(width).filter((fraction) => fraction > EXPLAINED).length;
      return { scalars: { explained_neurons: explained / width }, views: { neurons } };
    },
  };
}

/** The first of the longest, as on the device. */
function settle(
  p: number,
  frequencies: number,
  values: Values,
  h: number,
): { readonly frequency: number; readonly fraction: number } {
  const lengths = values['neurons.lengths'];
  const width = lengths.length / frequencies;
  let best = 0;
  for (let k = 1; k < frequencies; k++)
    if (lengths[k * width + h] > lengths[best * width + h]) best = k;
  const total = totalDeviation(p, values['neurons.within'], values['neurons.between'], h);
  const fraction = share(p * lengths[best * width + h] ** 2, total);
  return { frequency: best + 1, fraction: Math.min(fraction, 1) };
}

interface Through {
  /** Of the logits: mean [width], and C classes. */
  readonly mean: Node;
  readonly classes: number;
  /** W_L with rows of zeros up to the width of the logits, [width, hidden]. */
  readonly readout: Node;
}

/**
 * Neurons restricted to their mean and C_k, S_k of their own frequency, through W_L, re-centred on the mean of each class; then the same
 * without the cluster of one frequency at a time. All are functions of a + b, so that there are p losses to compute for each.
 */
export function traceAblation(
  { p, frequencies, back, byFrequency }: Waves,
  neurons: PairComponents,
  { own }: Clusters,
  { mean: classMeans, classes, readout }: Through,
): Topic {
  const [width] = readout.shape;
  const hidden = neurons.width;
  const waves = reshape(wavesOf(neurons, PAIR_TABLES.sum), [frequencies, 2, hidden]);
  const restricted = multiply(waves, reshape(own, [frequencies, 1, hidden]));
  const coefficients = matmul(reshape(restricted, [2 * frequencies, hidden]), transpose(readout));
  const whole = add(matmul(back, coefficients), classMeans);
  const clusters = matmul(byFrequency, reshape(coefficients, [frequencies, 2, width]));
  const without = reshape(subtract(whole, clusters), [frequencies, 1, p, width]);
  return {
    nodes: { ablation: mean(pairLosses(without, { classes, step: p }), { axes: [1] }) },
    columns: [],
    views: { ablation: [frequencies] },
    finish: ({ ablation }) => ({
      scalars: {},
      views: { ablation: Float64Array.from(ablation) },
    }),
  };
}
