/**
 * Deep linear networks: K(w) = ‖W_L … W_1 − T‖_F² with T a diagonal of `rank` ones, or the mean squared error on samples of it.
 * w* is the balanced truth: every layer a diagonal of ones as far as the rank goes.
 */
import { BadConfig } from '../../gpu/errors';
import { matmul } from '../../ops/matmul';
import { square, subtract } from '../../ops/elementwise';
import { mean, sum } from '../../ops/reduce';
import { gather } from '../../ops/gather';
import { data } from '../../ops/source';
import { multilayerPerceptron } from '../../nn/multilayer-perceptron';
import { createRandom } from '../../random/random';
import { streams } from '../../random/streams';
import type { Graph, Node } from '../../graph/types';
import { linearNetworkTheory } from './network-answers';
import { layerNames } from './layers';
import type { Target } from './types';

export interface LinearNetworkOptions {
  readonly widths: readonly number[];
  readonly rank: number;
  readonly loss: 'population' | 'sample';
  /** n and the noise on the targets, of `sample` only. */
  readonly samples: number;
  readonly noise: number;
  readonly seed: number;
}

const MOST_WEIGHTS = 2_000_000;

/** Throws BadConfig naming `target.rank` or `target.widths`. */
export function linearNetworkTarget(options: LinearNetworkOptions): Target {
  const { widths, rank, loss: kind, samples } = options;
  const narrowest = Math.min(...widths);
  if (rank > narrowest) {
    throw new BadConfig('target.rank', {
      asked: `got ${rank}`,
      limit: `a product through a layer of ${narrowest} has at most that rank`,
      remedy: `Choose a rank from 0 to ${narrowest}, or wider layers`,
    });
  }
  const weights = widths.slice(1).reduce((total, width, k) => total + width * widths[k], 0);
  if (weights > MOST_WEIGHTS) {
    throw new BadConfig('target.widths', {
      asked: `a network of ${weights} weights`,
      limit: `at most ${MOST_WEIGHTS} can be sampled here`,
      remedy: 'Use narrower or fewer layers',
    });
  }
  const [inner] = widths;
  const outer = widths[widths.length - 1];
  const truth = Float32Array.from(diagonal(outer, inner, rank));
  const names = layerNames(widths.length - 1);
  const values = Object.fromEntries(
    names.map((name, k) => [name, diagonal(widths[k + 1], widths[k], rank)]),
  );
  const drawn = kind === 'sample' ? drawSamples(options) : null;
  const description = `${widths.join('–')} linear network, truth of rank ${rank}`;
  return {
    description: drawn ? `${description}, ${samples} samples` : description,
    points: [{ label: 'the balanced truth', step: null, values, baseline: drawn ? null : 0 }],
    samples: drawn ? samples : null,
    data: drawn ?? { truth },
    trace(graph: Graph) {
      const network = multilayerPerceptron(graph, widths, { activation: 'linear', biases: false });
      if (drawn) {
        const x = data(graph, 'x', [samples, inner]);
        const y = data(graph, 'y', [samples, outer]);
        const sampleLosses = (rows: Node | null): Node => {
          const { logits } = network.forward(rows ? gather(x, rows) : x);
          return sum(square(subtract(logits, rows ? gather(y, rows) : y)), { axes: [1] });
        };
        return { loss: mean(sampleLosses(null)), sampleLosses };
      }
      const product = names
        .map((name) => network.parameters[name])
        .reduce((before, w) => matmul(w, before));
      return {
        loss: sum(square(subtract(product, data(graph, 'truth', [outer, inner])))),
        sampleLosses: null,
      };
    },
    chain: drawn ? null : { kind: 'linear-network', widths, truth },
    chainReason: drawn ? 'the samples do not fit on the chip' : '',
    theory: () => linearNetworkTheory(widths, rank),
    thermal: () => null,
  };
}

/** Row-major [rows, columns] with `rank` ones on the diagonal. */
function diagonal(rows: number, columns: number, rank: number): Float64Array {
  const values = new Float64Array(rows * columns);
  for (let i = 0; i < rank; i++) values[i * columns + i] = 1;
  return values;
}

/** Inputs standard normal, targets T·x and noise. */
function drawSamples({ widths, rank, samples, noise, seed }: LinearNetworkOptions) {
  const [inner] = widths;
  const outer = widths[widths.length - 1];
  const random = createRandom(seed, 0, streams.data);
  const x = Float32Array.from({ length: samples * inner }, () => random.normal());
  const y = Float32Array.from({ length: samples * outer }, (_, i) => {
    const row = Math.floor(i / outer);
    const column = i % outer;
    return (column < rank ? x[row * inner + column] : 0) + noise * random.normal();
  });
  return { x, y };
}
