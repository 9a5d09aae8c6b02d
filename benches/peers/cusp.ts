/** The step in Cusp: the network as the lab builds it, with AdamW in the same submit. */
import type { Gpu } from '../../src/gpu/open';
import { compile } from '../../src/graph/compile';
import type { ParameterLayout } from '../../src/graph/layout';
import { createGraph } from '../../src/graph/node';
import type { ProgramSpec, Snapshot } from '../../src/graph/program';
import { interpret } from '../../src/graph/reference';
import { transformer } from '../../src/nn/transformer';
import { crossEntropy } from '../../src/ops/cross-entropy';
import { mean } from '../../src/ops/reduce';
import { data } from '../../src/ops/source';
import { adamw } from '../../src/optim/adamw';
import { usingProducts } from '../../src/tune/force';
import { tune } from '../../src/tune/tune';
import { advance, paceFor } from '../advance';
import { adamW, shape, weightShapes } from './problem';
import type { Problem, Trainer, WeightName } from './problem';

/** Our names for the problem's weights. Matrices that activations are multiplied with are stored as [out, in]. */
const names: Readonly<Record<string, { readonly from: WeightName; readonly transposed: boolean }>> =
  {
    'embed.weight': { from: 'embed', transposed: false },
    'pos_embed.weight': { from: 'positions', transposed: false },
    'blocks.0.attn.query.weight': { from: 'query', transposed: true },
    'blocks.0.attn.key.weight': { from: 'key', transposed: true },
    'blocks.0.attn.value.weight': { from: 'value', transposed: true },
    'blocks.0.attn.out.weight': { from: 'output', transposed: true },
    'blocks.0.mlp.in.weight': { from: 'hiddenIn', transposed: true },
    'blocks.0.mlp.in.bias': { from: 'hiddenInBias', transposed: false },
    'blocks.0.mlp.out.weight': { from: 'hiddenOut', transposed: true },
    'blocks.0.mlp.out.bias': { from: 'hiddenOutBias', transposed: false },
    'unembed.weight': { from: 'unembed', transposed: true },
  };

/** `cheap`: the last position only, and what depends on a token alone once per token. `full`: as the peers do it. */
export type CuspForward = 'cheap' | 'full';

/** For measuring the products of a step: it has seven, of up to eight candidates each. */
const TUNE_MS = 2000;

/** A trainer, and what one step of it costs. */
export interface CuspTrainer extends Trainer {
  /** Multiply-adds times 2 that the launches of a step count. */
  readonly flops: number;
}

/** `tuned`: its products are computed by what was measured to be the fastest here. */
export async function createCuspTrainer(
  gpu: Gpu,
  problem: Problem,
  forward: CuspForward,
  tuned = false,
): Promise<CuspTrainer> {
  const spec = describe(problem, forward);
  // What is measured counts for this contender alone.
  const own = usingProducts(gpu, () => null);
  if (tuned) await tune(own, [spec], { milliseconds: TUNE_MS });
  const program = await compile(own, spec);
  program.restore(startFrom(problem, program.layout));
  const pace = paceFor(gpu, program);
  const step = program.phases[0]!;
  return {
    flops: step.dispatches.reduce((sum, { flops }) => sum + flops, 0),
    train: (n) => advance(program, n, pace),
    dispose: () => program.dispose(),
  };
}

/** The losses of the first `count` steps in float64. */
export async function referenceLosses(problem: Problem, count: number): Promise<number[]> {
  const program = interpret(describe(problem, 'cheap'));
  program.restore(startFrom(problem, program.layout));
  const { rows } = await program.advance(count);
  program.dispose();
  return [...rows];
}

function describe(problem: Problem, forward: CuspForward): ProgramSpec {
  const graph = createGraph();
  const { vocabulary, modulus, context, width, heads, hidden } = shape;
  const rows = problem.targets.length;
  const network = transformer(graph, {
    tokens: vocabulary,
    positions: context,
    classes: vocabulary,
    width,
    heads,
    hidden,
    forward,
    lastToken: modulus,
  });
  const tokens = data(graph, 'tokens', [rows, context], { dtype: 'u32' });
  const targets = data(graph, 'targets', [rows], { dtype: 'u32' });
  const loss = mean(crossEntropy(network.forward(tokens).logits, targets));
  const { learningRate: lr, beta1, beta2, epsilon, weightDecay } = adamW;
  const update = adamw({ lr, beta1, beta2, epsilon, weightDecay });
  return {
    keys: [[0, 0]],
    data: { tokens: Uint32Array.from(problem.tokens), targets: Uint32Array.from(problem.targets) },
    training: { loss, metrics: { loss }, update },
  };
}

function startFrom(problem: Problem, { places, stride }: ParameterLayout): Snapshot {
  const parameters = new Float32Array(stride);
  for (const { name, offset } of places) {
    const source = names[name];
    if (!source) throw new Error(`the network has a parameter the problem does not know: ${name}`);
    const values = problem.weights[source.from];
    parameters.set(
      source.transposed ? transpose(values, weightShapes[source.from][0]) : values,
      offset,
    );
  }
  const state = { exp_avg: new Float32Array(stride), exp_avg_sq: new Float32Array(stride) };
  return { step: 0, parameters, state };
}

function transpose(values: Float32Array, rows: number): Float32Array {
  const columns = values.length / rows;
  return Float32Array.from(values, (_, i) => values[(i % rows) * columns + Math.floor(i / rows)]!);
}
