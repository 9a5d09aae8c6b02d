/**
 * A decoder-only transformer that reads its answer at the last position: Vaswani et al. (arXiv 1706.03762) in the
 * pre-LN or norm-free form of the interpretability papers, one layer of which is Nanda et al.'s network
 * (arXiv 2301.05217).
 */
import type { Graph, Node } from '../graph/types';
import { attention, attentionPattern } from '../ops/attention';
import { concat } from '../ops/concat';
import { add } from '../ops/elementwise';
import { gather } from '../ops/gather';
import { layerNorm } from '../ops/layer-norm';
import { matmul } from '../ops/matmul';
import { table } from '../ops/table';
import { MOST_KEYS, tokenAttention } from '../ops/token-attention';
import { reshape, slice } from '../ops/view';
import { activate, linear, requireTokens, requireVectors } from './layers';
import type { BlockParameters, Linear, Norm, TransformerConfig } from './transformer-parameters';
import { checkTransformer, declareTransformer } from './transformer-parameters';
import type { Forward, Network } from './types';

const EPSILON = 1e-5;

/**
 * Reads u32 tokens [B, positions]; logits [B, classes]. Activations, L counting layers from 0:
 *
 * | blocks.L.attn.q, .k, .v   | [B, T, heads, headWidth] |
 * | blocks.L.attn.z           | [B, T, heads, headWidth] |
 * | blocks.L.resid_pre, _mid, _post | [B, T, width]      |
 * | blocks.L.mlp.pre, .post   | [B, T, hidden]           |
 *
 * `cheap` keeps only the last position, T = 1, in the last layer (but for k, v), and B = 1 for what all samples share.
 * Throws BadConfig naming the field, ShapeMismatch for tokens of another shape.
 */
export function transformer(graph: Graph, config: TransformerConfig): Network {
  const headWidth = checkTransformer(config);
  const weights = declareTransformer(graph, config, headWidth);
  const { positions, width, heads, layers = 1, activation = 'relu', causal = true } = config;
  const cheap = config.forward !== 'full';
  const { embed, posEmbed } = weights;
  // Maps of the embedding, kept between batches of one graph: they depend on the parameters alone.
  const tables = new Map<Linear, Node>();
  let placed: Node | null = null;

  /** The embedding of `tokens` with positions from `from` on. */
  function embedTokens(tokens: Node, from: number): Node {
    const x = gather(embed, tokens);
    return posEmbed ? add(x, rows(posEmbed, from, positions)) : x;
  }

  /** What `linear(embedTokens(…))` is, with the map applied once per token and once per position. */
  function projectTokens(tokens: Node, map: Linear, from: number): Node {
    let table = tables.get(map);
    if (!table) tables.set(map, (table = linear(embed, map.weight)));
    const x = gather(table, tokens);
    if (posEmbed) return add(x, linear(rows(posEmbed, from, positions), map.weight, map.bias));
    return map.bias ? add(x, map.bias) : x;
  }

  function normalize(x: Node, norm: Norm | null): Node {
    return norm ? layerNorm(x, norm.weight, norm.bias, EPSILON) : x;
  }

  function splitHeads(x: Node): Node {
    return reshape(x, [...x.shape.slice(0, 2), heads, headWidth]);
  }

  /** Rows of all tokens, then of all positions: one node, so that their gradients are added up before they are cut apart. */
  function sources(posEmbed: Node): Node {
    return (placed ??= concat([embed, rows(posEmbed, 0, positions)], 0));
  }

  /** Attention of the last position straight from a table of projections, where the samples are as it wants them; else null. */
  function attendTokens(tokens: Node, { ln1, query, key, value }: BlockParameters): Node | null {
    const maps = [query, key, value];
    const short = positions <= MOST_KEYS && headWidth % 4 === 0 && !tokens.replicated;
    if (!short || !posEmbed || config.lastToken === undefined || ln1) return null;
    if (maps.some(({ bias }) => bias)) return null;
    const projections = linear(
      sources(posEmbed),
      concat(
        maps.map(({ weight }) => weight),
        0,
      ),
    );
    return tokenAttention(projections, tokens, { heads, lastToken: config.lastToken });
  }

  /** The last position of a sample; where all end in one token, of no sample in particular: [1, 1, width]. */
  function lastOf(tokens: Node): {
    readonly residual: Node;
    readonly query: (map: Linear) => Node;
  } {
    const { lastToken } = config;
    if (lastToken === undefined) {
      const last = slice(tokens, [0, positions - 1], [tokens.shape[0], positions]);
      return {
        residual: embedTokens(last, positions - 1),
        query: (map) => projectTokens(last, map, positions - 1),
      };
    }
    const residual = reshape(placeLast(lastToken), [1, 1, width]);
    return { residual, query: (map) => linear(residual, map.weight, map.bias) };
  }

  /** Embedding of the last position, [1, width]: a product, whose gradient is one too, of the table and two ones. */
  function placeLast(lastToken: number): Node {
    if (!posEmbed) return rows(embed, lastToken, lastToken + 1);
    const all = sources(posEmbed);
    const count = all.shape[0];
    const marks = [lastToken, count - 1];
    const ones = table(graph, `rows ${marks} of ${count}`, [1, count], () =>
      Float64Array.from({ length: count }, (_, k) => Number(marks.includes(k))),
    );
    return matmul(ones, all);
  }

  /** From tokens, or from what they were embedded as. */
  function run(tokens: Node | null, embedded: Node | null): Forward {
    const batch = (tokens ?? embedded!).shape[0];
    const activations: Record<string, Node> = {};
    let stream = embedded;
    weights.blocks.forEach((block, layer) => {
      const name = `blocks.${layer}`;
      const keep = (what: string, node: Node): Node => (activations[`${name}.${what}`] = node);
      const lastOnly = cheap && layer === layers - 1;
      const { q, k, v, before } = attend(tokens, stream, block, layer, lastOnly);
      const read = [
        keep('attn.q', splitHeads(q)),
        keep('attn.k', splitHeads(k)),
        keep('attn.v', splitHeads(v)),
      ] as const;
      const fromTable = tokens && lastOnly && layer === 0 ? attendTokens(tokens, block) : null;
      const z = fromTable ?? attention(...read, { causal });
      keep('resid_pre', before);
      keep('attn.z', z);
      const joined = reshape(z, [...z.shape.slice(0, 2), heads * headWidth]);
      const attended = linear(joined, block.attnOut.weight, block.attnOut.bias);
      let x = keep('resid_mid', add(before, attended));
      if (block.mlp) {
        const { in: into, out } = block.mlp;
        const pre = keep('mlp.pre', linear(normalize(x, block.ln2), into.weight, into.bias));
        const post = keep('mlp.post', activate(activation, pre));
        x = add(x, linear(post, out.weight, out.bias));
      }
      keep('resid_post', x);
      stream = x;
    });
    const last = reshape(lastPosition(stream!), [batch, width]);
    return { logits: unembed(normalize(last, weights.lnFinal)), activations };
  }

  function forward(tokens: Node): Forward {
    requireTokens('transformer', tokens, positions);
    return run(tokens, null);
  }

  function forwardEmbedded(vectors: Node): Forward {
    requireVectors('transformer', vectors, positions, width);
    return run(null, posEmbed ? add(vectors, rows(posEmbed, 0, positions)) : vectors);
  }

  /** Queries, keys, values and the residual stream that attention adds to. */
  function attend(
    tokens: Node | null,
    stream: Node | null,
    block: BlockParameters,
    layer: number,
    lastOnly: boolean,
  ): { readonly q: Node; readonly k: Node; readonly v: Node; readonly before: Node } {
    if (tokens && cheap && layer === 0 && !block.ln1) {
      const last = lastOnly ? lastOf(tokens) : null;
      return {
        q: last ? last.query(block.query) : projectTokens(tokens, block.query, 0),
        k: projectTokens(tokens, block.key, 0),
        v: projectTokens(tokens, block.value, 0),
        before: last ? last.residual : embedTokens(tokens, 0),
      };
    }
    const all = stream ?? embedTokens(tokens!, 0);
    const normal = normalize(all, block.ln1);
    const map = (x: Node, { weight, bias }: Linear): Node => linear(x, weight, bias);
    return {
      q: map(lastOnly ? lastPosition(normal) : normal, block.query),
      k: map(normal, block.key),
      v: map(normal, block.value),
      before: lastOnly ? lastPosition(all) : all,
    };
  }

  function unembed(x: Node): Node {
    return weights.unembed
      ? linear(x, weights.unembed.weight, weights.unembed.bias)
      : linear(x, rows(embed, 0, config.classes));
  }

  function patternOf({ activations }: Forward): Node {
    const [q, k] = ['q', 'k'].map((name) => activations[`blocks.${layers - 1}.attn.${name}`]);
    return attentionPattern(q, k, { causal });
  }

  return { parameters: weights.all, forward, forwardEmbedded, patternOf };
}

/** Rows from … to − 1 of a matrix. */
function rows(matrix: Node, from: number, to: number): Node {
  return slice(matrix, [from, 0], [to, matrix.shape[1]]);
}

/** [B, T, width] → [B, 1, width]; x itself where T is 1. */
function lastPosition(x: Node): Node {
  const [batch, positions, width] = x.shape;
  if (positions === 1) return x;
  return slice(x, [0, positions - 1, 0], [batch, positions, width]);
}
