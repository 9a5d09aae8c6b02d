/** A plain network of fully connected layers on float inputs: LeNet-300-100, the MNIST nets of the grokking papers. */
import { BadConfig, ShapeMismatch } from '../gpu/errors';
import { formatShape } from '../graph/shape';
import type { Graph, Node } from '../graph/types';
import type { Init } from '../ops/source';
import { parameter } from '../ops/source';
import { activate, linear, requireCount } from './layers';
import type { Activation, Forward, Network } from './types';

export interface MultilayerPerceptronOptions {
  readonly activation?: Activation;
  readonly biases?: boolean;
  /**
   * `pytorch`: weights and biases uniform within ±1/√fan-in. `kaiming`: normal, std √(2/fan-in). `xavier`: normal,
   * std √(2/(fan-in + fan-out)). Biases are zero for the last two.
   */
  readonly init?: 'pytorch' | 'kaiming' | 'xavier';
  /** Factor on all initial values: 8 in the MNIST runs of Omnigrok (arXiv 2210.01117). */
  readonly initScale?: number;
}

/**
 * `widths` from input to output, for example [784, 300, 100, 10]. Reads f32 [B, widths[0]]; no activation after the last
 * layer. Parameters are `layers.0.weight` [out, in], `layers.0.bias` [out], …; activations `layers.0` and so on.
 */
export function multilayerPerceptron(
  graph: Graph,
  widths: readonly number[],
  options: MultilayerPerceptronOptions = {},
): Network {
  const { activation = 'relu', biases = true, init = 'pytorch', initScale = 1 } = options;
  if (widths.length < 2) {
    throw new BadConfig('widths', {
      asked: `got ${widths.length}`,
      limit: 'a network has at least an input and an output',
      remedy: 'Give two widths or more, as in [784, 300, 100, 10]',
    });
  }
  widths.forEach((width, k) => requireCount(`widths[${k}]`, width));
  const parameters: Record<string, Node> = {};
  const layers = widths.slice(1).map((outer, k) => {
    const inner = widths[k];
    const start = startOf(init, inner, outer, initScale);
    const declare = (name: string, shape: readonly number[], from: Init): Node =>
      (parameters[name] = parameter(graph, name, shape, from));
    const weight = declare(`layers.${k}.weight`, [outer, inner], start);
    const biasStart: Init = init === 'pytorch' ? start : { kind: 'zeros' };
    return { weight, bias: biases ? declare(`layers.${k}.bias`, [outer], biasStart) : null };
  });

  return {
    parameters,
    forward(input): Forward {
      const [width] = widths;
      if (input.dtype !== 'f32' || input.shape.length !== 2 || input.shape[1] !== width) {
        throw new ShapeMismatch({
          asked: `multilayerPerceptron: the input is ${input.dtype} ${formatShape(input.shape)}`,
          limit: `it reads f32 [batch, ${width}]`,
          remedy: 'Flatten each sample to one row',
        });
      }
      const activations: Record<string, Node> = {};
      let x = input;
      layers.forEach(({ weight, bias }, k) => {
        x = linear(x, weight, bias);
        if (k < layers.length - 1) x = activate(activation, x);
        activations[`layers.${k}`] = x;
      });
      return { logits: x, activations };
    },
  };
}

function startOf(
  init: 'pytorch' | 'kaiming' | 'xavier',
  inner: number,
  outer: number,
  scale: number,
): Init {
  if (init === 'pytorch') return { kind: 'uniform', bound: scale / Math.sqrt(inner) };
  const variance = init === 'kaiming' ? 2 / inner : 2 / (inner + outer);
  return { kind: 'normal', std: scale * Math.sqrt(variance) };
}
