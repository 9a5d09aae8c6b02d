/**
 * The two-token networks of the grokking papers without attention. Both tokens are embedded, projected, added and
 * passed through one activation:
 *
 *     logits = U · W_out · act(W_in·E[a] + W_in·E[b])
 *
 * "Grokking Tickets" (Minegishi et al., arXiv 2310.19470) as it stands; with `separate` projections, `outProjection` off,
 * biases and PyTorch's initialisation the network of the learning-coefficient post (Panickssery and Vaintrob, 2023);
 * with one-hot input and a quadratic activation Gromov's (arXiv 2301.02679).
 */
import { BadConfig } from '../gpu/errors';
import type { Graph, Node } from '../graph/types';
import { add } from '../ops/elementwise';
import { gather } from '../ops/gather';
import { matmul } from '../ops/matmul';
import { sum } from '../ops/reduce';
import type { Init } from '../ops/source';
import { parameter } from '../ops/source';
import { reshape, slice, transpose } from '../ops/view';
import { activate, linear, requireCount, requireTokens, requireVectors } from './layers';
import type { Activation, Forward, ForwardMode, Network } from './types';

export interface MlpConfig {
  /** Operand tokens, 0 … tokens − 1. */
  readonly tokens: number;
  readonly classes: number;
  /** Of the embedding, and of the layer before the unembedding. */
  readonly width: number;
  readonly hidden: number;
  readonly activation?: Activation;
  /** `one-hot` has no embedding: the in-projection reads the token itself. */
  readonly input?: 'embedding' | 'one-hot';
  /** An in-projection per operand instead of one for both. */
  readonly separate?: boolean;
  /** False: hidden units feed the logits directly, without W_out. */
  readonly outProjection?: boolean;
  /** Unembedding = embedding; needs both, and as many classes as tokens. */
  readonly tied?: boolean;
  /** On the in- and the out-projection; never on embeddings. */
  readonly biases?: boolean;
  readonly init?: MlpInit;
  readonly forward?: ForwardMode;
}

/**
 * `tickets`: normal, E of std 1/√tokens, every other matrix 1/√fan-in. `pytorch`: E standard normal, linear maps and
 * their biases uniform within ±1/√fan-in.
 */
export type MlpInit = 'tickets' | 'pytorch';

/** Reads u32 tokens [B, 2]. Throws BadConfig naming the field. */
export function mlp(graph: Graph, config: MlpConfig): Network {
  const { tokens, classes, width, hidden, activation = 'relu', input = 'embedding' } = config;
  const { separate = false, outProjection = true, tied = false, biases = false } = config;
  const { init = 'tickets', forward: mode = 'cheap' } = config;
  for (const [path, value] of Object.entries({ tokens, classes, width, hidden })) {
    requireCount(path, value);
  }
  if (tied && (input !== 'embedding' || !outProjection || classes !== tokens)) {
    throw new BadConfig('tied', {
      asked: `input ${input}, ${outProjection ? 'an' : 'no'} out-projection, ${classes} classes of ${tokens} tokens`,
      limit:
        'a tied unembedding needs an embedding, an out-projection and as many classes as tokens',
      remedy: 'Set tied to false',
    });
  }

  const parameters: Record<string, Node> = {};
  const declare = (name: string, shape: readonly number[], start: Init): Node =>
    (parameters[name] = parameter(graph, name, shape, start));
  const weight = (name: string, outer: number, inner: number): Node =>
    declare(name, [outer, inner], startOf(init, inner));
  const bias = (name: string, extent: number, inner: number): Node | null =>
    biases
      ? declare(name, [extent], init === 'pytorch' ? startOf(init, inner) : { kind: 'zeros' })
      : null;

  const embedding =
    input === 'embedding'
      ? declare('embed.weight', [tokens, width], {
          kind: 'normal',
          std: init === 'pytorch' ? 1 : 1 / Math.sqrt(tokens),
        })
      : null;
  const inner = embedding ? width : tokens;
  const projections = (separate ? ['mlp.in.a', 'mlp.in.b'] : ['mlp.in']).map((name) => ({
    weight: weight(`${name}.weight`, hidden, inner),
    bias: bias(`${name}.bias`, hidden, inner),
  }));
  const outWeight = outProjection ? weight('mlp.out.weight', width, hidden) : null;
  const outBias = outProjection ? bias('mlp.out.bias', width, hidden) : null;
  const unembedding = tied
    ? embedding!
    : weight('unembed.weight', classes, outProjection ? width : hidden);

  // Kept between batches of one graph: they depend on the parameters alone.
  let tables: Node[] | null = null;
  let product: Node | null = null;

  /** What each token adds to the hidden units as either operand, [tokens, hidden] each, without biases. */
  function projected(): readonly [Node, Node] {
    tables ??= projections.map(({ weight: map }) =>
      embedding ? matmul(embedding, transpose(map)) : transpose(map),
    );
    return [tables[0], tables.at(-1)!];
  }

  /** A shared projection adds its bias once for each of the two tokens. */
  function withBiases(both: Node): Node {
    const [biasA, biasB] = [projections[0].bias, projections.at(-1)!.bias];
    return biasA && biasB ? add(both, add(biasA, biasB)) : both;
  }

  /** [B, hidden], the sum of both operands' projections. */
  function preactivation(pairs: Node): Node {
    const batch = pairs.shape[0];
    const operand = (k: number): Node => reshape(slice(pairs, [0, k], [batch, k + 1]), [batch]);
    let both: Node;
    if (mode === 'full' && embedding) {
      both = separate
        ? add(
            linear(gather(embedding, operand(0)), projections[0].weight),
            linear(gather(embedding, operand(1)), projections[1].weight),
          )
        : sum(linear(gather(embedding, pairs), projections[0].weight), { axes: [1] });
    } else {
      const [first, second] = projected();
      both = separate
        ? add(gather(first, operand(0)), gather(second, operand(1)))
        : sum(gather(first, pairs), { axes: [1] });
    }
    return withBiases(both);
  }

  /** [B, classes] from the hidden layer. */
  function readOut(post: Node): Node {
    if (!outWeight) return linear(post, unembedding);
    const [batch] = post.shape;
    const apart = batch * width * (hidden + classes);
    const together = hidden * classes * (batch + width);
    if (mode === 'full' || together >= apart)
      return linear(linear(post, outWeight, outBias), unembedding);
    product ??= matmul(unembedding, outWeight);
    const logits = linear(post, product);
    return outBias ? add(logits, linear(outBias, unembedding)) : logits;
  }

  function activateAndRead(pre: Node): Forward {
    const post = activate(activation, pre);
    return { logits: readOut(post), activations: { 'mlp.pre': pre, 'mlp.post': post } };
  }

  function forwardEmbedded(vectors: Node): Forward {
    requireVectors('mlp', vectors, 2, width);
    const [batch] = vectors.shape;
    if (!separate) {
      const [{ weight: map, bias: shared }] = projections;
      return activateAndRead(sum(linear(vectors, map, shared), { axes: [1] }));
    }
    const project = (k: number): Node => {
      const operand = reshape(slice(vectors, [0, k, 0], [batch, k + 1, width]), [batch, width]);
      const map = projections[k];
      return linear(operand, map.weight, map.bias);
    };
    return activateAndRead(add(project(0), project(1)));
  }

  function forwardPairs(): Forward {
    const [first, second] = projected();
    const both = add(reshape(first, [tokens, 1, hidden]), reshape(second, [1, tokens, hidden]));
    return activateAndRead(withBiases(reshape(both, [tokens * tokens, hidden])));
  }

  return {
    parameters,
    forward(pairs): Forward {
      requireTokens('mlp', pairs, 2);
      return activateAndRead(preactivation(pairs));
    },
    forwardPairs,
    ...(embedding && { forwardEmbedded }),
  };
}

/** Of a linear map and, for PyTorch, of its bias. */
function startOf(init: MlpInit, fanIn: number): Init {
  const scale = 1 / Math.sqrt(fanIn);
  return init === 'pytorch' ? { kind: 'uniform', bound: scale } : { kind: 'normal', std: scale };
}
