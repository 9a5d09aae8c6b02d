/**
 * Random numbers drawn anew each step: functions of (seed, replica, step, stream) and the element's place, so that any
 * step of any chain can be computed again (DESIGN §5). No gradient flows. Device half: shaders/random.wgsl.
 *
 * Tensors of one stream in one graph take consecutive blocks of the counter, in the order in which they are traced.
 */
import randomShader from '../../shaders/random.wgsl';
import { BadConfig } from '../gpu/errors';
import { append } from '../graph/node';
import { sizeOf } from '../graph/shape';
import type { Dtype, Graph, Node, Op, Shape } from '../graph/types';
import type { Stream } from '../random/streams';

export interface RandomAttributes {
  readonly shape: Shape;
  readonly stream: Stream;
  /** Second counter word of the tensor's first four elements. */
  readonly firstBlock: number;
  /** Of a 1, for bernoulli; a float32 value. */
  readonly probability: number;
  /** Exclusive limit of integers. */
  readonly below: number;
  /** One draw for all replicas, with the key of replica 0. */
  readonly shared: boolean;
  /** At steps s > 0 with s mod held = 0 the counter is that of step s − 1; 0 never. */
  readonly held: number;
}

const WORKGROUP = 64;

/** `code` as in shaders/random.wgsl. */
/* @__NO_SIDE_EFFECTS__ */
function randomOp(name: string, code: number, dtype: Dtype): Op<RandomAttributes> {
  return {
    name,
    random: true,
    infer: (_, { shape }) => ({ shape, dtype }),
    lower: (node, to) => {
      const { attributes } = node;
      const size = sizeOf(node.shape);
      const blocks = Math.ceil(size / 4);
      const units = to.copies(node as Node) * blocks;
      const result = to.result(node as Node);
      to.launch(randomShader, {
        label: name,
        bindings: { clock: to.clock, result: result.block },
        params: {
          size,
          blocks,
          units,
          first_block: attributes.firstBlock,
          stream: attributes.stream,
          below: attributes.below,
          held: attributes.held,
          probability: attributes.probability,
          result: [result.offset, result.replicaStride],
        },
        overrides: { KIND: code, WORKGROUP },
        groups: Math.ceil(units / WORKGROUP),
      });
    },
  };
}

export const uniformOp = randomOp('uniform', 0, 'f32');
export const normalOp = randomOp('normal', 1, 'f32');
export const bernoulliOp = randomOp('bernoulli', 2, 'f32');
export const randomIntegersOp = randomOp('randomIntegers', 3, 'u32');

const randomOps = new Set([uniformOp, normalOp, bernoulliOp, randomIntegersOp] as Op[]);

function isRandom(node: Node): node is Node<RandomAttributes> {
  return randomOps.has(node.op);
}

/** First block that no earlier tensor of the stream uses. */
function nextBlock(graph: Graph, stream: Stream): number {
  let next = 0;
  for (const node of graph.nodes) {
    if (!isRandom(node) || node.attributes.stream !== stream) continue;
    next = node.attributes.firstBlock + Math.ceil(sizeOf(node.shape) / 4);
  }
  return next;
}

function draw(
  op: Op<RandomAttributes>,
  graph: Graph,
  shape: Shape,
  stream: Stream,
  own: Partial<Omit<RandomAttributes, 'shape' | 'stream' | 'firstBlock'>> = {},
): Node {
  const firstBlock = nextBlock(graph, stream);
  const plain = { probability: 0, below: 0, shared: false, held: 0 };
  const attributes = { shape, stream, firstBlock, ...plain, ...own };
  return append(graph, op, [], attributes, !attributes.shared) as Node;
}

/** Standard normal deviates, f32. */
export function normal(graph: Graph, shape: Shape, stream: Stream): Node {
  return draw(normalOp, graph, shape, stream);
}

/** Uniform in (0, 1), f32, midpoints of 2²³ cells. */
export function uniform(graph: Graph, shape: Shape, stream: Stream): Node {
  return draw(uniformOp, graph, shape, stream);
}

/** 1 with the given probability, else 0, f32. The probability counts to 2⁻²³. */
export function bernoulli(graph: Graph, shape: Shape, probability: number, stream: Stream): Node {
  if (!(probability >= 0 && probability <= 1)) {
    throw new BadConfig('probability', `bernoulli: probability ${probability}; give one in [0, 1]`);
  }
  return draw(bernoulliOp, graph, shape, stream, { probability: Math.fround(probability) });
}

export interface RandomIntegersOptions {
  /** One draw for all replicas, with the key of replica 0: the node is not replicated. */
  readonly shared?: boolean;
  /**
   * At steps s > 0 with s mod held = 0 the numbers of step s − 1 come again, as where both ends of a step are to see one
   * batch; 0, the default, never, else from 2.
   */
  readonly held?: number;
}

/**
 * Integers 0 … below − 1, u32, by the high word of a product: no value is favoured by more than below·2⁻³².
 * Throws `BadConfig` for a limit or a `held` out of range.
 */
export function randomIntegers(
  graph: Graph,
  shape: Shape,
  below: number,
  stream: Stream,
  { shared = false, held = 0 }: RandomIntegersOptions = {},
): Node {
  if (!Number.isInteger(below) || below < 1 || below > 0xffffffff) {
    throw new BadConfig('below', `randomIntegers: below ${below}; give 1 … 4294967295`);
  }
  if (!Number.isInteger(held) || held < 0 || held === 1 || held > 0xffffffff) {
    throw new BadConfig('held', `randomIntegers: held ${held}; give 0 or 2 … 4294967295`);
  }
  return draw(randomIntegersOp, graph, shape, stream, { below, shared, held });
}
