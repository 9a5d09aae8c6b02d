/**
 * A random ReLU network as the truth and w* at that truth. Multiplying the first layer by a factor and dividing the last one by
 * it leaves the function as it is, so λ must not change: the rescaling test of Lau et al. (arXiv 2308.12108), where
 * measures of flatness fail.
 */
import { multilayerPerceptron } from '../../nn/multilayer-perceptron';
import { square, subtract } from '../../ops/elementwise';
import { gather } from '../../ops/gather';
import { mean, sum } from '../../ops/reduce';
import { data } from '../../ops/source';
import { createRandom } from '../../random/random';
import { streams } from '../../random/streams';
import type { Graph, Node } from '../../graph/types';
import { layerNames } from './layers';
import type { Target, TargetPoint } from './types';

export interface ReluOptions {
  readonly widths: readonly number[];
  /** One point w* per factor. */
  readonly rescale: readonly number[];
  readonly samples: number;
  readonly seed: number;
}

export function reluTarget({ widths, rescale, samples, seed }: ReluOptions): Target {
  const random = createRandom(seed, 0, streams.data);
  const layers = widths.length - 1;
  const names = layerNames(layers);
  const teacher = names.map((_, k) => {
    const scale = Math.sqrt(2 / widths[k]); // He: activations keep their size
    return Float64Array.from({ length: widths[k + 1] * widths[k] }, () =>
      Math.fround(scale * random.normal()),
    );
  });
  const x = Float32Array.from({ length: samples * widths[0] }, () => random.normal());
  const y = Float32Array.from(applyRelu(teacher, widths, x));
  const weights = new Float32Array(samples).fill(1 / samples);
  const points = rescale.map((factor): TargetPoint => {
    const values = Object.fromEntries(
      names.map((name, k) => {
        const by = k === 0 ? factor : k === layers - 1 ? 1 / factor : 1;
        return [name, teacher[k].map((value) => Math.fround(value * by))];
      }),
    );
    return { label: `× ${factor}`, step: null, values, baseline: null };
  });
  const outer = widths[layers];
  return {
    description: `${widths.join('–')} ReLU network at its truth, ${samples} samples`,
    points,
    samples,
    data: { x, y },
    trace(graph: Graph) {
      const network = multilayerPerceptron(graph, widths, { activation: 'relu', biases: false });
      const inputs = data(graph, 'x', [samples, widths[0]]);
      const targets = data(graph, 'y', [samples, outer]);
      const sampleLosses = (rows: Node | null): Node => {
        const { logits } = network.forward(rows ? gather(inputs, rows) : inputs);
        return sum(square(subtract(logits, rows ? gather(targets, rows) : targets)), { axes: [1] });
      };
      return { loss: mean(sampleLosses(null)), sampleLosses };
    },
    chain: {
      kind: 'network',
      widths,
      activation: 'relu',
      biases: false,
      inputs: x,
      targets: y,
      weights,
    },
    chainReason: '',
    theory: () => null,
    thermal: () => null,
  };
}

/** Outputs of all samples, row-major. */
function applyRelu(
  weights: readonly Float64Array[],
  widths: readonly number[],
  inputs: Float32Array,
): Float64Array {
  const rows = inputs.length / widths[0];
  let values = Float64Array.from(inputs);
  weights.forEach((weight, k) => {
    const [inner, outer] = [widths[k], widths[k + 1]];
    const next = new Float64Array(rows * outer);
    for (let row = 0; row < rows; row++) {
      for (let o = 0; o < outer; o++) {
        let total = 0;
        for (let i = 0; i < inner; i++) total += weight[o * inner + i] * values[row * inner + i];
        next[row * outer + o] = k < weights.length - 1 ? Math.max(0, total) : total;
      }
    }
    values = next;
  });
  return values;
}
