/** Gradients of a network of this experiment at any weights, for the methods that score weights at the start. */
import { gradients } from '../../graph/grad';
import { createGraph } from '../../graph/node';
import type { ProgramSpec } from '../../graph/program';
import type { Node } from '../../graph/types';
import { crossEntropy } from '../../ops/cross-entropy';
import { mean, sum } from '../../ops/reduce';
import { data, isParameter } from '../../ops/source';
import { scale } from '../../ops/unary';
import type { Probe } from '../../prune/types';
import { buildNetwork, seedOf, splitData, toTokens } from './modular-parts';
import type { ModularConfig } from './modular-schema';
import type { StageTools } from './types';

/** GraSP's temperature (Wang et al. 2020). */
const TEMPERATURE = 200;
/** Length of the step of the finite difference, as a share of ‖θ‖. */
const DIFFERENCE = 1e-3;

export async function openProbe(config: ModularConfig, tools: StageTools): Promise<Probe> {
  const program = await tools.open(traceProbe(config));
  const { layout } = program;

  async function evaluate(of: string, parameters: Float32Array): Promise<Float32Array> {
    program.restore({ step: 0, parameters, state: {} });
    const { outputs } = await program.advance(0, of);
    const flat = new Float32Array(layout.stride);
    for (const { name, offset } of layout.places) flat.set(outputs![name], offset);
    return flat;
  }

  return {
    layout,
    gradients: (of, parameters) =>
      evaluate(of, of === 'flow' ? parameters.map(Math.abs) : parameters),
    async hessianProduct(parameters, vector) {
      const length = norm(vector);
      if (length === 0) return new Float32Array(vector.length);
      const delta = (DIFFERENCE * norm(parameters)) / length;
      const moved = (by: number): Float32Array => parameters.map((w, k) => w + by * vector[k]);
      const ahead = await evaluate('tempered', moved(delta));
      const behind = await evaluate('tempered', moved(-delta));
      return ahead.map((value, k) => (value - behind[k]) / (2 * delta));
    },
    dispose: () => program.dispose(),
  };
}

function norm(values: Float32Array): number {
  return Math.sqrt(values.reduce((total, value) => total + value * value, 0));
}

function traceProbe(config: ModularConfig): ProgramSpec {
  const [split] = splitData(config);
  const graph = createGraph();
  const network = buildNetwork(graph, config, split);
  const { inputs, labels } = split.train;
  const values = toTokens(config, inputs, split.tokens);
  const rows = labels.length;
  const tokens = data(graph, 'tokens', [rows, values.length / rows], { dtype: 'u32' });
  const answers = data(graph, 'labels', [rows], { dtype: 'u32' });
  const { logits } = network.forward(tokens);
  const parameters = graph.nodes.filter(isParameter) as Node<{ readonly name: string }>[];
  const byName = (loss: Node): Record<string, Node> => {
    const found = gradients(loss, parameters);
    return Object.fromEntries(parameters.map(({ attributes }, k) => [attributes.name, found[k]]));
  };
  return {
    keys: [[seedOf(config, 0), 0]],
    data: { tokens: values, labels },
    evaluations: {
      loss: byName(mean(crossEntropy(logits, answers))),
      tempered: byName(mean(crossEntropy(scale(logits, 1 / TEMPERATURE), answers))),
      flow: byName(sum(logits)),
    },
  };
}
