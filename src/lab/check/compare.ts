/** One parity case: the same graph on the device and in float64. */
import type { Gpu } from '../../gpu/open';
import { compile } from '../../graph/compile';
import { evaluate } from '../../graph/evaluate';
import { gradients } from '../../graph/grad';
import { createGraph } from '../../graph/node';
import { sizeOf } from '../../graph/shape';
import type { Node, Tensor } from '../../graph/types';
import { multiply } from '../../ops/elementwise';
import { sum } from '../../ops/reduce';
import { isData } from '../../ops/source';
import { createDraw } from './draw';
import type { Built, Case } from './types';

/** Worst element of one comparison. */
export interface Comparison {
  /** What was compared: the op, or `<op> gradient`. */
  readonly subject: string;
  /** The case and the leaf, for whoever has to look. */
  readonly where: string;
  /** |device − reference| where it is largest in units of its bound. */
  readonly error: number;
  readonly bound: number;
}

export const GRADIENT_BOUND = 2e-5;
const REPLICAS = 3;

/** A case's graph with its values, and with the gradients it asks for as further outputs. */
export function buildCase(testCase: Case, seed: number, replicas = REPLICAS) {
  const graph = createGraph();
  const draw = createDraw(graph, seed, replicas);
  const built = testCase.build(graph, draw);
  const names = built.gradients ?? [];
  const leaves = names.map((name) => findLeaf(graph.nodes, name));
  const loss = leaves.length > 0 ? probe(built, draw) : null;
  const outputs: Record<string, Node> = { output: built.output };
  if (loss)
    gradients(loss, leaves).forEach((node, k) => (outputs[`gradient of ${names[k]}`] = node));
  return { built, outputs, loss, leaves, values: draw.values };
}

/** Σ w ⊙ output, w uniform-ish in [−1, 1]: a scalar that every element of the output moves. */
function probe({ output }: Built, draw: ReturnType<typeof createDraw>): Node {
  const weights = draw.leaf('probe weights', output.shape, {
    replicated: false,
    map: (deviate) => Math.max(-1, Math.min(1, deviate)),
  });
  return sum(multiply(output, weights));
}

function findLeaf(nodes: readonly Node[], name: string): Node {
  const leaf = nodes.find((node) => isData(node) && node.attributes.name === name);
  if (!leaf) throw new Error(`the case has no leaf named '${name}'`);
  return leaf;
}

/** Runs the case with three replicas on the device; one comparison for the output, one per gradient. */
export async function compareCase(gpu: Gpu, testCase: Case, seed: number): Promise<Comparison[]> {
  const { built, outputs, values } = buildCase(testCase, seed);
  const keys = Array.from({ length: REPLICAS }, (_, lane) => [seed, lane] as const);
  const program = await compile(gpu, { keys, data: values, evaluations: { case: outputs } });
  try {
    const { outputs: found } = await program.advance(0, 'case');
    const worst = new Map<string, Comparison>();
    for (let r = 0; r < REPLICAS; r++) {
      const inputs: Record<string, Tensor> = {};
      const feed = (leaf: Node): ArrayLike<number> => {
        const { name } = (leaf as Node<{ name: string }>).attributes;
        const size = sizeOf(leaf.shape);
        const at = leaf.replicated ? r * size : 0;
        const data = Float64Array.from(values[name].subarray(at, at + size));
        inputs[name] = { shape: leaf.shape, data };
        return data;
      };
      const nodes = Object.values(outputs);
      const expected = evaluate(nodes, feed, { seed, replica: r, step: 0, first: [seed, 0] });
      Object.keys(outputs).forEach((name, k) => {
        const size = sizeOf(nodes[k].shape);
        const all = elementsOf(found![name], nodes[k]);
        const actual = nodes[k].replicated ? all.subarray(r * size, (r + 1) * size) : all;
        const isOutput = name === 'output';
        const bound = isOutput
          ? built.bound(inputs, expected[k])
          : (built.gradientBound ?? GRADIENT_BOUND) * largest(expected[k].data);
        const comparison = compareElements(actual, expected[k].data, bound, {
          subject: isOutput ? testCase.op : `${testCase.op} gradient`,
          where: isOutput ? testCase.name : `${testCase.name}, ${name}`,
        });
        const before = worst.get(name);
        if (!before || excess(comparison) > excess(before)) worst.set(name, comparison);
      });
    }
    return [...worst.values()];
  } finally {
    program.dispose();
  }
}

/** In place of what this adapter cannot run. */
export function notGranted(subject: string, feature: GPUFeatureName): Comparison {
  return { subject, where: `left out: the adapter does not grant ${feature}`, error: 0, bound: 0 };
}

/** Error in units of its bound; above 1 the case fails. */
export function excess({ error, bound }: Comparison): number {
  if (error === 0) return 0;
  return Number.isFinite(error) ? error / Math.max(bound, Number.MIN_VALUE) : Infinity;
}

function elementsOf(
  values: Float32Array | Float64Array,
  node: Node,
): ArrayLike<number> & { subarray(a: number, b: number): ArrayLike<number> } {
  if (node.dtype === 'f32') return values;
  return new Uint32Array(values.buffer, values.byteOffset, values.length);
}

function largest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

function compareElements(
  actual: ArrayLike<number>,
  expected: Float64Array,
  bound: Float64Array | number,
  labels: { readonly subject: string; readonly where: string },
): Comparison {
  const boundAt = (i: number): number => (typeof bound === 'number' ? bound : bound[i]);
  let worst = { error: 0, bound: expected.length > 0 ? boundAt(0) : 0 };
  let most = 0;
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs(actual[i] - expected[i]);
    if (error === 0) continue;
    // A difference that is no number is the worst there is.
    const share = Number.isFinite(error)
      ? error / Math.max(boundAt(i), Number.MIN_VALUE)
      : Infinity;
    if (share <= most) continue;
    most = share;
    worst = { error: Number.isNaN(error) ? Infinity : error, bound: boundAt(i) };
  }
  return { ...labels, ...worst };
}
