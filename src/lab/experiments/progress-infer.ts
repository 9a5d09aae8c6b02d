/** The network of a file that does not say what it is, from the names and shapes of its weights. */
import { BadCheckpoint } from '../../gpu/errors';
import { formatShape } from '../../graph/shape';
import { isBlank, type Weights } from '../weights';

/** What shapes cannot tell. */
export interface Unsaid {
  readonly activation: string;
  readonly causal: boolean;
  /** Null where the file gives heads an axis of their own. */
  readonly heads: number;
}

/** Fields of a modular-addition configuration. */
export interface Inferred {
  readonly modulus: number;
  readonly network: Readonly<Record<string, string | number | boolean>>;
}

/**
 * Modulus and network of weights by our names. A network that reads "a b =" has three positions and a token more than the
 * modulus; one that reads "a b" has two. Throws BadCheckpoint naming the tensor whose shape does not fit.
 */
export function inferNetwork(weights: Weights, unsaid: Unsaid): Inferred {
  return weights.has('blocks.0.attn.query.weight')
    ? inferTransformer(weights, unsaid)
    : inferMlp(weights, unsaid);
}

function inferTransformer(weights: Weights, { activation, causal, heads }: Unsaid): Inferred {
  const [tokens, width] = shapeOf(weights, 'embed.weight', 2);
  const query = shapeOf(weights, 'blocks.0.attn.query.weight', 2);
  if (query[0] !== width) {
    refuse(
      'blocks.0.attn.query.weight',
      query,
      `all heads together must be as wide as the network, ${width}`,
      'Use a network with d_head = d_model / n_heads',
    );
  }
  const positions = weights.has('pos_embed.weight')
    ? shapeOf(weights, 'pos_embed.weight', 2)[0]
    : 3;
  if (positions !== 2 && positions !== 3) {
    refuse(
      'pos_embed.weight',
      [positions, width],
      'networks of addition read two operands, or two operands and "="',
      'Use a network of context length 2 or 3',
    );
  }
  const equals = positions === 3;
  const modulus = equals ? tokens - 1 : tokens;
  const tied = !weights.has('unembed.weight');
  const classes = tied ? modulus : shapeOf(weights, 'unembed.weight', 2)[0];
  if (classes !== modulus && !(equals && classes === modulus + 1)) {
    refuse(
      'unembed.weight',
      [classes, width],
      `${tokens} tokens${equals ? ', "=" the last of them,' : ''} make answers mod ${modulus}`,
      'Use a network with an output for each residue, or for "=" besides',
    );
  }
  const layers = countLayers(weights);
  const hidden = weights.has('blocks.0.mlp.in.weight')
    ? shapeOf(weights, 'blocks.0.mlp.in.weight', 2)[0]
    : 0;
  return {
    modulus,
    network: {
      kind: 'transformer',
      width,
      hidden,
      heads,
      layers,
      activation,
      causal,
      tied,
      equals,
      equalsClass: classes === modulus + 1,
      positions: weights.has('pos_embed.weight'),
      layerNorm: weights.has('ln_final.weight'),
      biases: inferBiases(weights),
    },
  };
}

/** Biases that are zero in every bit are taken for ones that do not exist: the network is the same without. */
function inferBiases(weights: Weights): 'none' | 'mlp' | 'all' {
  let found: 'none' | 'mlp' = 'none';
  for (const [name, weight] of weights) {
    if (!name.endsWith('.bias') || /(^|\.)ln/.test(name) || isBlank(weight)) continue;
    if (!name.includes('.mlp.')) return 'all';
    found = 'mlp';
  }
  return found;
}

function countLayers(weights: Weights): number {
  let layers = 1;
  while (weights.has(`blocks.${layers}.attn.query.weight`)) layers++;
  return layers;
}

function inferMlp(weights: Weights, { activation }: Unsaid): Inferred {
  const separate = weights.has('mlp.in.a.weight');
  const into = separate ? 'mlp.in.a' : 'mlp.in';
  const [hidden, inner] = shapeOf(weights, `${into}.weight`, 2);
  const embedding = weights.has('embed.weight');
  const modulus = embedding ? shapeOf(weights, 'embed.weight', 2)[0] : inner;
  const outProjection = weights.has('mlp.out.weight');
  const tied = !weights.has('unembed.weight');
  const width = outProjection ? shapeOf(weights, 'mlp.out.weight', 2)[0] : embedding ? inner : 1;
  const classes = tied ? modulus : shapeOf(weights, 'unembed.weight', 2)[0];
  if (classes !== modulus) {
    refuse(
      'unembed.weight',
      shapeOf(weights, 'unembed.weight', 2),
      `${modulus} operands make ${modulus} answers`,
      'Use a network with an output for each residue',
    );
  }
  return {
    modulus,
    network: {
      kind: 'mlp',
      width,
      hidden,
      activation,
      separate,
      outProjection,
      tied,
      input: embedding ? 'embedding' : 'one-hot',
      biases: weights.has(`${into}.bias`) ? 'mlp' : 'none',
    },
  };
}

function shapeOf(weights: Weights, name: string, rank: number): readonly number[] {
  const shape = weights.get(name)?.shape;
  if (shape?.length === rank) return shape;
  return refuse(
    name,
    shape ?? null,
    `a network of addition has it with ${rank} axes`,
    'Use the weights of one network under the names of cusp or of TransformerLens',
  );
}

function refuse(
  name: string,
  shape: readonly number[] | null,
  limit: string,
  remedy: string,
): never {
  const found = shape ? formatShape(shape) : 'missing';
  throw new BadCheckpoint({ asked: `tensor '${name}': ${found}`, limit, remedy });
}
