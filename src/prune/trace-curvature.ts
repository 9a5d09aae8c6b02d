/**
 * Gradients of the tempered loss, and what its Hessian products are made of. The Hessian is that of PyTorch's double backward: of ReLU
 * networks the one within the linear piece that θ lies in, without what kinks add.
 */
import { ShapeMismatch } from '../gpu/errors';
import { ancestors } from '../graph/ancestors';
import { gradients } from '../graph/grad';
import type { ProgramSpec } from '../graph/program';
import { substitute } from '../graph/substitute';
import type { Node, Op } from '../graph/types';
import { add, gate, multiply, reluOp, scale } from '../ops/elementwise';
import { sum } from '../ops/reduce';
import { parameter } from '../ops/source';
import { begin, byName, specOf, type Opened, type TraceProbed } from './trace';

/** GraSP divides the logits by it (Wang et al. 2020). */
export const TEMPERATURE = 200;

/**
 * `tempered`, the gradient g, and `product`, the gradient of gᵀv, which is Hv: v are parameters behind the network's own, so that both come
 * in one flat buffer [θ, v]. Throws `BadConfig` where an op of the gradient has no adjoint.
 */
export function traceExact(trace: TraceProbed): ProgramSpec {
  const opened = begin(trace);
  const { parameters } = opened;
  const found = gradients(temperedLoss(opened), parameters);
  const directions = [...doubles(opened, 'direction').values()];
  const along = found.map((gradient, k) => sum(multiply(gradient, directions[k])));
  return specOf(opened, {
    tempered: byName(parameters, found),
    product: byName(parameters, gradients(along.reduce(add), parameters)),
  });
}

/**
 * `tempered`, and `frozen`, the same gradient with the gates of all ReLUs held as they are at θ₀: [θ, θ₀] in one flat buffer.
 * A difference of plain gradients would count every kink crossed between its ends, a jump over a short step, and for the network of Grokking
 * Tickets be three times what it is to measure.
 */
export function traceFrozen(trace: TraceProbed): ProgramSpec {
  const opened = begin(trace);
  const { parameters } = opened;
  const loss = temperedLoss(opened);
  const [frozen] = freeze(loss, doubles(opened, 'anchor'));
  return specOf(opened, {
    tempered: byName(parameters, gradients(loss, parameters)),
    frozen: byName(parameters, gradients(frozen, parameters)),
  });
}

function temperedLoss({ network, input, loss }: Opened): Node {
  const tempered = loss(scale(network.forward(input).logits, 1 / TEMPERATURE));
  if (tempered.shape.length > 0) {
    throw new ShapeMismatch('loss: not a scalar; take the mean over the rows');
  }
  return tempered;
}

/** A second parameter behind all others for each of the network's. */
function doubles({ graph, parameters }: Opened, prefix: string): Map<Node, Node> {
  return new Map(
    parameters.map((node) => [
      node as Node,
      parameter(graph, `${prefix}.${node.attributes.name}`, node.shape, { kind: 'zeros' }),
    ]),
  );
}

/** The output with each relu(x) as x where the same ReLU is open at the anchors, else 0. */
function freeze(output: Node, anchors: ReadonlyMap<Node, Node>): Node[] {
  const rectified = ancestors([output]).filter((node) => node.op === (reluOp as Op));
  const held = substitute(rectified, anchors);
  const images = new Map<Node, Node>();
  rectified.forEach((node, k) => {
    const [x] = substitute(node.inputs, images);
    images.set(node, gate(x, held[k]));
  });
  return substitute([output], images);
}
