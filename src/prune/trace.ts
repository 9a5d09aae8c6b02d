/** The losses and flows that scores are gradients of, traced each on a graph of its own. */
import { ShapeMismatch } from '../gpu/errors';
import { gradients } from '../graph/grad';
import { layOutParameters, type ParameterLayout } from '../graph/layout';
import { createGraph } from '../graph/node';
import type { ProgramSpec, Values } from '../graph/program';
import type { Graph, Node } from '../graph/types';
import type { Network } from '../nn/types';
import { add, multiply, scale } from '../ops/elementwise';
import { sum } from '../ops/reduce';
import { constant, isParameter, parameter } from '../ops/source';

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

/** GraSP divides the logits by it (Wang et al. 2020). */
export const TEMPERATURE = 200;

/** Evaluations give a node per tensor, by its name. */
type ByName = Readonly<Record<string, Node>>;

interface Opened extends Probed {
  readonly graph: Graph;
  readonly parameters: readonly Node<{ readonly name: string }>[];
  readonly layout: ParameterLayout;
}

function begin(trace: TraceProbed): Opened {
  const graph = createGraph();
  const probed = trace(graph);
  const parameters = graph.nodes.filter(isParameter) as Node<{ readonly name: string }>[];
  return { ...probed, graph, parameters, layout: layOutParameters(graph) };
}

export function layoutOf(trace: TraceProbed): ParameterLayout {
  return begin(trace).layout;
}

function byName(parameters: Opened['parameters'], found: readonly Node[]): ByName {
  return Object.fromEntries(parameters.map(({ attributes }, k) => [attributes.name, found[k]]));
}

function specOf({ data }: Probed, evaluations: Readonly<Record<string, ByName>>): ProgramSpec {
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

/** Gradients of the loss of logits over 200. */
export function traceTempered(trace: TraceProbed): ProgramSpec {
  const opened = begin(trace);
  return specOf(opened, { tempered: byName(opened.parameters, temperedGradients(opened)) });
}

/**
 * The same, and as `product` the gradient of gᵀv, which is Hv: v are parameters behind the network's own, named `direction.…`, so that
 * both come in one flat buffer [θ, v]. Throws `BadConfig` where an op of the gradient has no adjoint.
 */
export function traceCurvature(trace: TraceProbed): ProgramSpec {
  const opened = begin(trace);
  const { graph, parameters } = opened;
  const found = temperedGradients(opened);
  const along = parameters.map(({ attributes: { name }, shape }, k) =>
    sum(multiply(found[k], parameter(graph, `direction.${name}`, shape, { kind: 'zeros' }))),
  );
  return specOf(opened, {
    tempered: byName(parameters, found),
    product: byName(parameters, gradients(along.reduce(add), parameters)),
  });
}

function temperedGradients({ network, input, loss, parameters }: Opened): Node[] {
  const { logits } = network.forward(input);
  const tempered = loss(scale(logits, 1 / TEMPERATURE));
  if (tempered.shape.length > 0) {
    throw new ShapeMismatch('loss: not a scalar; take the mean over the rows');
  }
  return gradients(tempered, parameters);
}
