/**
 * One piece of work that several contenders do: a parity case with its inputs, and what float64 makes of them, computed
 * once and compared with every contender's output before it is timed.
 */
import { evaluate } from '../src/graph/evaluate';
import { sizeOf } from '../src/graph/shape';
import type { Moment, Node, Tensor } from '../src/graph/types';
import { GRADIENT_BOUND, buildCase } from '../src/lab/check/compare';
import type { Built, Case } from '../src/lab/check/types';

export type Values = Readonly<Record<string, Float32Array | Uint32Array>>;

export interface TaskSpec {
  readonly case: Case;
  readonly replicas?: number;
  /** Gradients of the case's leaves too, with the probe that they need. Off unless said. */
  readonly gradients?: boolean;
  readonly flops?: number;
  readonly bytes?: number;
  readonly items?: number;
  /** Bringing the output into rows of its own is part of the work, where else it may stay where it comes to lie. */
  readonly inPlace?: boolean;
  /** Instead of evaluating the graph in float64, where that takes too long: some elements, worked out from the inputs. */
  expect?(values: Values): Expectation;
}

/** What an output of a replica must be. */
export interface Expectation {
  /** `output`, or `gradient of <leaf>`. */
  readonly output: string;
  readonly replica: number;
  /** Indices compared; null for all. */
  readonly at: Uint32Array | null;
  readonly values: Float64Array;
  readonly bound: Float64Array | number;
}

export interface Task extends TaskSpec {
  readonly replicas: number;
  /** Inputs by leaf, replicas one after another. */
  readonly values: Values;
  /** Nodes whose values are wanted, of the task's case or of another that computes the same from the same leaves. */
  trace(variant?: Case): Readonly<Record<string, Node>>;
  /** All outputs of a replica in float64. */
  evaluate(replica: number): Tensor[];
  expected(): readonly Expectation[];
}

export const SEED = 1;
/** Of many replicas the first ones stand for all. */
const COMPARED = 3;

export function createTask(spec: TaskSpec): Task {
  const { replicas = 1, gradients = false } = spec;
  const fit = (variant: Case): Case => (gradients ? variant : withoutGradients(variant));
  const { built, outputs, values } = buildCase(fit(spec.case), SEED, replicas);
  let expectations: readonly Expectation[] | null = null;
  const evaluateReplica = (replica: number): Tensor[] => {
    const moment: Moment = { seed: SEED, replica, step: 0, first: [SEED, 0] };
    const feed = (leaf: Node): ArrayLike<number> => sliceOf(leaf, values, replica);
    return evaluate(Object.values(outputs), feed, moment);
  };
  const expectReplica = (replica: number): Expectation[] => {
    const inputs = inputsOf(Object.values(outputs), values, replica);
    return evaluateReplica(replica).map((tensor, k) => {
      const output = Object.keys(outputs)[k];
      const bound = boundOf(built, output, inputs, tensor);
      return { output, replica, at: null, values: tensor.data, bound };
    });
  };
  return {
    ...spec,
    replicas,
    values,
    trace: (variant = spec.case) =>
      variant === spec.case ? outputs : buildCase(fit(variant), SEED, replicas).outputs,
    evaluate: evaluateReplica,
    expected: () =>
      (expectations ??= spec.expect
        ? [spec.expect(values)]
        : [...Array(Math.min(replicas, COMPARED)).keys()].flatMap(expectReplica)),
  };
}

function withoutGradients(parityCase: Case): Case {
  return {
    ...parityCase,
    build: (graph, draw) => ({ ...parityCase.build(graph, draw), gradients: undefined }),
  };
}

function boundOf(
  built: Built,
  output: string,
  inputs: Readonly<Record<string, Tensor>>,
  tensor: Tensor,
): Float64Array | number {
  if (output === 'output') return built.bound(inputs, tensor);
  const largest = tensor.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return (built.gradientBound ?? GRADIENT_BOUND) * largest;
}

/** A leaf's values for one replica. */
function sliceOf(leaf: Node, values: Values, replica: number): Float32Array | Uint32Array {
  const { name } = (leaf as Node<{ name: string }>).attributes;
  const size = sizeOf(leaf.shape);
  const at = leaf.replicated ? replica * size : 0;
  return values[name].subarray(at, at + size);
}

function inputsOf(
  nodes: readonly Node[],
  values: Values,
  replica: number,
): Readonly<Record<string, Tensor>> {
  const inputs: Record<string, Tensor> = {};
  for (const leaf of nodes[0]?.graph.nodes ?? []) {
    const name = (leaf.attributes as { readonly name?: string } | null)?.name;
    if (name === undefined || leaf.inputs.length > 0 || !values[name]) continue;
    const data = Float64Array.from(sliceOf(leaf, values, replica));
    inputs[name] = { shape: leaf.shape, data };
  }
  return inputs;
}

/** Throws, saying where, when an output (all replicas, dense) is not what it must be. */
export function compareOutputs(task: Task, found: Readonly<Record<string, Float32Array>>): void {
  for (const { output, replica, at, values, bound } of task.expected()) {
    const all = found[output];
    if (!all) continue;
    const size = all.length / task.replicas;
    for (let k = 0; k < values.length; k++) {
      const index = at ? at[k] : k;
      const value = all[replica * size + index];
      const allowed = typeof bound === 'number' ? bound : bound[k];
      if (Math.abs(value - values[k]) <= allowed) continue;
      throw new Error(
        `wrong: ${output}[${index}] of replica ${replica} is ${value}, ` +
          `in float64 it is ${values[k]}; off by at most ${allowed} is allowed`,
      );
    }
  }
}
