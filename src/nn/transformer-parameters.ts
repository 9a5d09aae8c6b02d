/** Configuration and parameters of a decoder-only transformer; src/nn/README.md has the table of names. */
import { BadConfig } from '../gpu/errors';
import type { Graph, Node } from '../graph/types';
import type { Init } from '../ops/source';
import { parameter } from '../ops/source';
import { requireCount } from './layers';
import type { Activation, ForwardMode } from './types';

export interface TransformerConfig {
  /** Vocabulary, "=" included. */
  readonly tokens: number;
  /** Tokens per sample, T. */
  readonly positions: number;
  /** Outputs; the paper's code has one for "=" too. */
  readonly classes: number;
  readonly width: number;
  readonly heads: number;
  /** width / heads unless given. */
  readonly headWidth?: number;
  /** MLP units; 0 for attention only. */
  readonly hidden: number;
  readonly layers?: number;
  readonly activation?: Activation;
  /** Before attention, before the MLP and before the unembedding (pre-LN), epsilon 1e-5. */
  readonly layerNorm?: boolean;
  /** `mlp`: on the two maps of the MLP only, as in the paper's code. `all`: on attention and unembedding too. */
  readonly biases?: 'none' | 'mlp' | 'all';
  /** Learned positional embedding. */
  readonly positional?: boolean;
  readonly causal?: boolean;
  /** Unembedding = the first `classes` rows of the embedding. */
  readonly tied?: boolean;
  readonly init?: TransformerInit;
  readonly forward?: ForwardMode;
  /** When every sample ends in this token ("="), `cheap` computes its part once for the whole batch. */
  readonly lastToken?: number;
}

/**
 * Normal, zero biases. Standard deviations:
 *
 * | name             | all matrices and embeddings          | except                                    |
 * | nanda            | 1/√width                             | unembedding 1/√tokens                     |
 * | pizza            | 1/√width                             | unembedding 1/√tokens, mlp.in 1/√hidden   |
 * | transformer-lens | 0.8/√width                           |                                           |
 * | fan-in           | 1/√fan-in                            | embeddings 1/√width                       |
 *
 * nanda: code of arXiv 2301.05217; pizza: code of arXiv 2306.17844; transformer-lens: initializer_range of its 1-layer
 * grokking demo; fan-in: LeCun's, the usual one in JAX.
 */
export type TransformerInit = 'nanda' | 'pizza' | 'transformer-lens' | 'fan-in';

export interface Linear {
  readonly weight: Node;
  readonly bias: Node | null;
}

export interface Norm {
  readonly weight: Node;
  readonly bias: Node;
}

export interface BlockParameters {
  readonly ln1: Norm | null;
  readonly query: Linear;
  readonly key: Linear;
  readonly value: Linear;
  readonly attnOut: Linear;
  readonly ln2: Norm | null;
  readonly mlp: { readonly in: Linear; readonly out: Linear } | null;
}

export interface TransformerParameters {
  readonly all: Readonly<Record<string, Node>>;
  readonly embed: Node;
  readonly posEmbed: Node | null;
  readonly blocks: readonly BlockParameters[];
  readonly lnFinal: Norm | null;
  /** Null when tied. */
  readonly unembed: Linear | null;
}

/** Throws BadConfig naming the field; returns the width of a head. */
export function checkTransformer(config: TransformerConfig): number {
  const { tokens, positions, classes, width, heads, hidden, layers = 1, lastToken } = config;
  const counts = { tokens, positions, classes, width, heads, layers };
  for (const [path, value] of Object.entries(counts)) requireCount(path, value);
  requireCount('hidden', hidden, 0);
  const headWidth = config.headWidth ?? width / heads;
  if (config.headWidth === undefined && !Number.isInteger(headWidth)) {
    throw new BadConfig('heads', {
      asked: `got ${heads} with width ${width}`,
      limit: 'the width must be a multiple of the number of heads',
      remedy: 'Change one of them or set headWidth',
    });
  }
  requireCount('headWidth', headWidth);
  if (config.tied && classes > tokens) {
    throw new BadConfig('tied', {
      asked: `${classes} classes of ${tokens} tokens`,
      limit: 'a tied unembedding has a row of the embedding for each class',
      remedy: 'Set tied to false',
    });
  }
  if (
    lastToken !== undefined &&
    !(Number.isInteger(lastToken) && lastToken >= 0 && lastToken < tokens)
  ) {
    throw new BadConfig('lastToken', {
      asked: `got ${lastToken}`,
      limit: `must be a token from 0 to ${tokens - 1}`,
      remedy: 'Leave it out if samples end in different tokens',
    });
  }
  return headWidth;
}

export function declareTransformer(
  graph: Graph,
  config: TransformerConfig,
  headWidth: number,
): TransformerParameters {
  const { tokens, positions, classes, width, heads, hidden, layers = 1 } = config;
  const { biases = 'mlp', init = 'nanda' } = config;
  const all: Record<string, Node> = {};
  const declare = (name: string, shape: readonly number[], start: Init): Node =>
    (all[name] = parameter(graph, name, shape, start));
  const matrix = (name: string, shape: readonly [number, number], std: number): Node =>
    declare(name, shape, {
      kind: 'normal',
      std: init === 'transformer-lens' ? 0.8 / Math.sqrt(width) : std,
    });
  const usual = 1 / Math.sqrt(width);
  const linear = (
    name: string,
    outer: number,
    inner: number,
    biased: boolean,
    std = init === 'fan-in' ? 1 / Math.sqrt(inner) : usual,
  ): Linear => ({
    weight: matrix(`${name}.weight`, [outer, inner], std),
    bias: biased ? declare(`${name}.bias`, [outer], { kind: 'zeros' }) : null,
  });
  const norm = (name: string): Norm | null =>
    config.layerNorm
      ? {
          weight: declare(`${name}.weight`, [width], { kind: 'ones' }),
          bias: declare(`${name}.bias`, [width], { kind: 'zeros' }),
        }
      : null;

  const embed = matrix('embed.weight', [tokens, width], usual);
  const posEmbed =
    (config.positional ?? true) ? matrix('pos_embed.weight', [positions, width], usual) : null;
  const everywhere = biases === 'all';
  const inner = heads * headWidth;
  const blocks = Array.from({ length: layers }, (_, layer): BlockParameters => {
    const name = `blocks.${layer}`;
    return {
      ln1: norm(`${name}.ln1`),
      query: linear(`${name}.attn.query`, inner, width, everywhere),
      key: linear(`${name}.attn.key`, inner, width, everywhere),
      value: linear(`${name}.attn.value`, inner, width, everywhere),
      attnOut: linear(`${name}.attn.out`, width, inner, everywhere),
      ...(hidden > 0
        ? {
            ln2: norm(`${name}.ln2`),
            mlp: {
              in: linear(
                `${name}.mlp.in`,
                hidden,
                width,
                biases !== 'none',
                init === 'pizza' ? 1 / Math.sqrt(hidden) : undefined,
              ),
              out: linear(`${name}.mlp.out`, width, hidden, biases !== 'none'),
            },
          }
        : { ln2: null, mlp: null }),
    };
  });
  const lnFinal = norm('ln_final');
  const unembed = config.tied
    ? null
    : linear(
        'unembed',
        classes,
        width,
        everywhere,
        init === 'fan-in' ? usual : 1 / Math.sqrt(tokens),
      );
  return { all, embed, posEmbed, blocks, lnFinal, unembed };
}
