/** The losses and flows that scores are gradients of, traced each on a graph of its own. */
import { gradients } from '../graph/grad';
import { layOutParameters, type ParameterLayout } from '../graph/layout';
import { createGraph } from '../graph/node';
import type { ProgramSpec, Values } from '../graph/program';
import type { Graph, Node } from '../graph/types';
import type { Network } from '../nn/types';
import { sum } from '../ops/reduce';
import { constant, isParameter } from '../ops/source';

/** A network with the data it is scored on. Every leaf but the parameters is data named in `data`. */
export interface Probed {
  readonly network: Network;
  /** What `network.forward` reads: the training set, or as much of it as is to be looked at. */
  readonly input: Node;
  /** Mean loss from logits, a scalar: `(logits) => mean(crossEntropy(logits, labels))`. */
  readonly loss: (logits: Node) => Node;
  readonly data: Readonly<Record<string, Values>>;
}

/** Called once for each program, on a fresh graph. */
export type TraceProbed = (graph: Graph) => Probed;

/** Evaluations give a node per tensor, by its name. */
type ByName = Readonly<Record<string, Node>>;

export interface Opened extends Probed {
  readonly graph: Graph;
  readonly parameters: readonly Node<{ readonly name: string }>[];
  readonly layout: ParameterLayout;
}

export function begin(trace: TraceProbed): Opened {
  const graph = createGraph();
  const probed = trace(graph);
  const parameters = graph.nodes.filter(isParameter) as Node<{ readonly name: string }>[];
  return { ...probed, graph, parameters, layout: layOutParameters(graph) };
}

export function layoutOf(trace: TraceProbed): ParameterLayout {
  return begin(trace).layout;
}

export function byName(parameters: Opened['parameters'], found: readonly Node[]): ByName {
  return Object.fromEntries(parameters.map(({ attributes }, k) => [attributes.name, found[k]]));
}

export function specOf(
  { data }: Probed,
  evaluations: Readonly<Record<string, ByName>>,
): ProgramSpec {
  return { keys: [[0, 0]], data, evaluations };
}

export function traceLoss(trace: TraceProbed): ProgramSpec {
  const opened = begin(trace);
  const { network, input, loss, parameters } = opened;
  const { logits } = network.forward(input);
  return specOf(opened, { loss: byName(parameters, gradients(loss(logits), parameters)) });
}

/**
 * R, to be evaluated at |θ|. Networks on vectors are fed ones, as Tanaka et al. do; networks on tokens, for which there are none, the
 * data, as the Grokking Tickets code does.
 */
export function traceFlow(trace: TraceProbed): ProgramSpec {
  const opened = begin(trace);
  const { network, input, parameters, graph } = opened;
  const ones = (): Node => constant(graph, 1, [1, ...input.shape.slice(1)]);
  const { logits } = network.forward(input.dtype === 'f32' ? ones() : input);
  return specOf(opened, { flow: byName(parameters, gradients(sum(logits), parameters)) });
}
