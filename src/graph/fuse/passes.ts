/**
 * Losses, corrects and the gradient of the same logits become one pass over them, and the means of losses and corrects one
 * reduction.
 */
import { mean, meanOp } from '../../ops/reduce';
import { constant, isConstant } from '../../ops/source';
import { reshape, slice } from '../../ops/view';
import { ancestors } from '../ancestors';
import { append, createGraph } from '../node';
import { sizeOf } from '../shape';
import type { Node, Op, PassMember, PassPart } from '../types';

/** What is wanted of one pair of logits and labels; a node of each kind at most, since equal nodes are one. */
type Wanted = Partial<Record<PassMember['part'], Node>>;

export function fusePasses(outputs: readonly Node[]): Node[] {
  const order = ancestors(outputs);
  const groups = findGroups(order);
  if (groups.size === 0) return [...outputs];
  const graph = createGraph();
  const copies = new Map<Node, Node>();
  const copyOf = (node: Node): Node => copies.get(node)!;
  const passes = new Map<Wanted, (part: PassPart) => Node>();
  const means = new Map<Wanted, Node>();

  function partOf(node: Node, wanted: Wanted): (part: PassPart) => Node {
    let pass = passes.get(wanted);
    if (!pass) {
      const [logits, labels] = node.inputs.map(copyOf);
      const share = wanted.gradient ? shareOf(wanted.gradient)! : null;
      pass = node.op.pass!.start(logits, labels, {
        loss: wanted.loss !== undefined,
        correct: wanted.correct !== undefined,
        share: share === null ? null : constant(graph, share),
      });
      passes.set(wanted, pass);
    }
    return pass;
  }

  /** The mean of all losses or of all corrects, where both are wanted. */
  function meanOf(node: Node): Node | null {
    const [scores] = node.inputs;
    const wanted = groups.get(scores);
    const whole = node.op === (meanOp as Op) && sizeOf(node.shape) === 1;
    if (!whole || !wanted?.loss || !wanted.correct || kindOf(scores) === 'gradient') return null;
    let both = means.get(wanted);
    if (!both) {
      both = mean(partOf(scores, wanted)('scores'), { axes: [1] });
      means.set(wanted, both);
    }
    const at = kindOf(scores) === 'loss' ? 0 : 1;
    return reshape(slice(both, [at], [at + 1]), node.shape);
  }

  for (const node of order) {
    const wanted = groups.get(node);
    const { op, inputs, attributes, replicated } = node;
    const copy = wanted
      ? partOf(node, wanted)(kindOf(node)!)
      : (meanOf(node) ?? append(graph, op, inputs.map(copyOf), attributes, replicated));
    copies.set(node, copy);
  }
  return outputs.map(copyOf);
}

/** Nodes that a pass can take over, where there are at least two of the same logits and labels. */
function findGroups(order: readonly Node[]): Map<Node, Wanted> {
  const groups = new Map<string, Wanted>();
  for (const node of order) {
    const kind = kindOf(node);
    if (!kind || (kind === 'gradient' && shareOf(node) === null)) continue;
    const key = `${node.inputs[0].id} ${node.inputs[1].id} ${node.replicated}`;
    const group = groups.get(key) ?? {};
    groups.set(key, { ...group, [kind]: group[kind] ?? node });
  }
  const members = new Map<Node, Wanted>();
  for (const group of groups.values()) {
    const nodes = Object.values(group);
    if (nodes.length > 1) nodes.forEach((node) => members.set(node, group));
  }
  return members;
}

function kindOf({ op }: Node): PassMember['part'] | null {
  return op.pass?.part ?? null;
}

/** The gradient of each row's loss where it is the same for all, null where it is not. */
function shareOf(gradient: Node): number | null {
  const share = gradient.inputs[2];
  return isConstant(share) ? share.attributes.value : null;
}
