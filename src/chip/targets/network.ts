/** Fully connected networks in float64, linear ones among them; twin of shaders/lib/chip/network.wgsl. */
import type { ChipTarget } from '../types';
import type { Visit } from './types';

/** What networks and linear networks have in common: the latter's inputs are the basis vectors. */
export interface Samples {
  readonly widths: readonly number[];
  readonly activation: 'relu' | 'tanh' | 'linear';
  readonly biases: boolean;
  /** [S, n_0]; null for basis vectors. */
  readonly inputs: ArrayLike<number> | null;
  /** [S, n_L], or of every replica one after the other; empty where there are labels. */
  readonly targets: ArrayLike<number>;
  /** S·n_L */
  readonly own: number;
  /** [S] */
  readonly labels: Uint32Array | null;
  /** [S]; null for ones. */
  readonly weights: ArrayLike<number> | null;
  readonly count: number;
}

type Network = Extract<ChipTarget, { kind: 'network' | 'linear-network' }>;

export function samplesOf(target: Network): Samples {
  const { widths } = target;
  const [inner, outer] = [widths[0], widths[widths.length - 1]];
  if (target.kind === 'network') {
    const count = target.weights.length;
    return { ...target, labels: target.labels ?? null, count, own: count * outer };
  }
  const own = inner * outer;
  // Each truth transposed.
  const targets = Float32Array.from({ length: target.truth.length }, (_, k) => {
    const i = k % own;
    return target.truth[k - i + (i % outer) * inner + Math.floor(i / outer)];
  });
  const none = { inputs: null, weights: null, labels: null } as const;
  const plain = { biases: false, activation: 'linear' } as const;
  return { ...none, ...plain, widths, targets, own, count: inner };
}

/** One layer's place in the flat buffer. */
export interface LayerPlace {
  readonly fanIn: number;
  readonly fanOut: number;
  readonly weights: number;
  readonly biases: number;
}

/** In the order of the layout: each weight, then its biases, all padded to multiples of four. */
export function layerPlaces({ widths, biases }: Samples): LayerPlace[] {
  const padded = (size: number): number => Math.ceil(size / 4) * 4;
  let at = 0;
  return widths.slice(1).map((fanOut, l) => {
    const fanIn = widths[l];
    const weights = at;
    at += padded(fanIn * fanOut);
    const place = { fanIn, fanOut, weights, biases: at };
    if (biases) at += padded(fanOut);
    return place;
  });
}

export function visitNetwork(target: Network, replica = 0): Visit {
  const all = samplesOf(target);
  const from = all.targets.length > all.own ? replica * all.own : 0;
  const samples = { ...all, targets: Array.from(all.targets).slice(from, from + all.own) };
  const layers = layerPlaces(samples);
  const { widths, count } = samples;
  const outputs = widths.map((width) => new Float64Array(width));
  return (w, gradient) => {
    gradient.fill(0);
    let loss = 0;
    for (let s = 0; s < count; s++) {
      const x = outputs[0];
      for (let k = 0; k < x.length; k++)
        x[k] = samples.inputs ? samples.inputs[s * x.length + k] : k === s ? 1 : 0;
      layers.forEach((layer, l) => goForward(samples, layer, l, w, outputs));
      loss += (samples.labels ? judge : compare)(samples, s, outputs[layers.length]);
      for (let l = layers.length - 1; l >= 0; l--)
        goBack(samples, layers[l], l, { w, gradient }, outputs);
    }
    return loss;
  };
}

function goForward(
  { activation, biases, widths }: Samples,
  { fanIn, fanOut, weights, biases: offset }: LayerPlace,
  l: number,
  w: Float64Array,
  outputs: readonly Float64Array[],
): void {
  for (let j = 0; j < fanOut; j++) {
    let sum = biases ? w[offset + j] : 0;
    for (let k = 0; k < fanIn; k++) sum += w[weights + j * fanIn + k] * outputs[l][k];
    const last = l + 2 === widths.length;
    if (!last && activation === 'relu') sum = Math.max(sum, 0);
    if (!last && activation === 'tanh') sum = Math.tanh(sum);
    outputs[l + 1][j] = sum;
  }
}

/** Loss of sample s; its output becomes the gradient by it. */
function compare({ targets, weights }: Samples, s: number, output: Float64Array): number {
  const weight = weights ? weights[s] : 1;
  let loss = 0;
  for (let j = 0; j < output.length; j++) {
    const residual = output[j] - targets[s * output.length + j];
    loss += weight * residual * residual;
    output[j] = 2 * weight * residual;
  }
  return loss;
}

/** Cross-entropy of sample s, ln Σ e^(l_j − l_y); its output becomes the gradient by it. */
function judge({ labels, weights }: Samples, s: number, output: Float64Array): number {
  const weight = weights ? weights[s] : 1;
  const label = labels![s];
  const right = output[label];
  const shift = output.reduce((most, logit) => Math.max(most, logit - right), 0);
  let wrong = 0;
  for (let j = 0; j < output.length; j++)
    if (j !== label) wrong += output[j] = Math.exp(output[j] - right - shift);
  const own = Math.exp(-shift);
  const factor = weight / (wrong + own);
  output[label] = -wrong;
  for (let j = 0; j < output.length; j++) output[j] *= factor;
  return weight * (shift + Math.log1p(wrong + (own - 1)));
}

/** Adds the gradients of a layer's parameters; the outputs before it become the gradient by them. */
function goBack(
  { activation, biases }: Samples,
  { fanIn, fanOut, weights, biases: offset }: LayerPlace,
  l: number,
  { w, gradient }: { w: Float64Array; gradient: Float64Array },
  outputs: readonly Float64Array[],
): void {
  const [before, after] = [outputs[l], outputs[l + 1]];
  for (let j = 0; j < fanOut; j++) {
    if (biases) gradient[offset + j] += after[j];
    for (let k = 0; k < fanIn; k++) gradient[weights + j * fanIn + k] += after[j] * before[k];
  }
  if (l === 0) return;
  for (let k = 0; k < fanIn; k++) {
    let sum = 0;
    for (let j = 0; j < fanOut; j++) sum += w[weights + j * fanIn + k] * after[j];
    if (activation === 'relu' && !(before[k] > 0)) sum = 0;
    if (activation === 'tanh') sum *= 1 - before[k] * before[k];
    before[k] = sum;
  }
}
