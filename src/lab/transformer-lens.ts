/**
 * Weights as TransformerLens names and arranges them, in and out, bit for bit. TransformerLens has every bias whether it is
 * trained or not (its grokking demo keeps all of them at zero), and its strict `load_state_dict` asks for two buffers per
 * layer too: writing adds what our network lacks as zeros, reading leaves the buffers out and keeps the rest.
 */
import { BadCheckpoint, BadConfig } from '../gpu/errors';
import { formatShape } from '../graph/shape';
import type { Tensor } from './safetensors';
import { arrange, disarrange, findRule, isBuffer, RANK } from './transformer-lens-names';
import { asWeight, type Weight, type Weights } from './weights';

export interface ReadTransformerLens {
  /** By our names. */
  readonly weights: Weights;
  readonly heads: number;
  /** Names of tensors that are no weights. */
  readonly buffers: readonly string[];
}

/** What the network is that is written, where its weights do not say. */
export interface TransformerLensShape {
  readonly heads: number;
  readonly positions: number;
  /** Outputs, also of a tied unembedding. */
  readonly classes: number;
}

/** Are these the names of a HookedTransformer's state? */
export function isTransformerLens(tensors: ReadonlyMap<string, unknown>): boolean {
  return tensors.has('embed.W_E') || tensors.has('blocks.0.attn.W_Q');
}

/** Throws BadCheckpoint naming the tensor that is missing, unknown, of another shape or not finite. */
export function readTransformerLens(tensors: ReadonlyMap<string, Tensor>): ReadTransformerLens {
  const weights = new Map<string, Weight>();
  const buffers: string[] = [];
  for (const [name, tensor] of tensors) {
    if (isBuffer(name)) {
      buffers.push(name);
      continue;
    }
    const rule = findRule(name, 'theirs');
    if (!rule) refuseUnknown(name);
    const weight = asWeight(name, tensor);
    const rank = RANK[rule.arrangement];
    if (rank !== null && weight.shape.length !== rank) {
      throw new BadCheckpoint({
        asked: `tensor '${name}' ${formatShape(weight.shape)}`,
        limit: `TransformerLens gives it ${rank} axes`,
        remedy: 'Save the state_dict of one HookedTransformer as it is',
      });
    }
    weights.set(rule.ours, disarrange(weight, rule.arrangement));
  }
  return { weights, heads: countHeads(tensors), buffers };
}

function countHeads(tensors: ReadonlyMap<string, Tensor>): number {
  const query = tensors.get('blocks.0.attn.W_Q');
  if (query) return query.shape[0];
  throw new BadCheckpoint({
    asked: "tensor 'blocks.0.attn.W_Q': missing",
    limit: 'the number of heads is read from it',
    remedy: 'Save the whole state_dict of a HookedTransformer',
  });
}

function refuseUnknown(name: string): never {
  const why = /_W_|W_gate|rotary|_b_/.test(name)
    ? 'networks here have no gates, grouped queries or rotary positions'
    : 'it is no weight of a HookedTransformer that can be read here';
  throw new BadCheckpoint({
    asked: `tensor '${name}'`,
    limit: why,
    remedy:
      'Save the state_dict of a HookedTransformer with standard positions, or leave the tensor out',
  });
}

/**
 * By TransformerLens' names, buffers and zero biases included, so that a strict `load_state_dict` takes it. Throws BadConfig for
 * a network that TransformerLens has no equivalent of.
 */
export function toTransformerLens(
  weights: Weights,
  { heads, positions, classes }: TransformerLensShape,
): Map<string, Tensor> {
  const query = weights.get('blocks.0.attn.query.weight');
  const embed = weights.get('embed.weight');
  if (!query || !embed) refuseNetwork();
  const width = embed.shape[1];
  const headWidth = query.shape[0] / heads;
  const tensors = new Map<string, Tensor>();
  const put = (name: string, { shape, data }: Weight): void =>
    void tensors.set(name, { dtype: 'F32', shape, data });
  const zeros = (name: string, shape: readonly number[]): void => {
    if (!tensors.has(name)) put(name, blank(shape));
  };

  for (const [name, weight] of weights) {
    const rule = findRule(name, 'ours');
    if (!rule) refuseNetwork();
    put(rule.theirs, arrange(weight, rule.arrangement, heads));
  }
  if (!weights.has('unembed.weight')) {
    const tied = { shape: [classes, width], data: embed.data.subarray(0, classes * width) };
    put('unembed.W_U', arrange(tied, 'transposed', heads));
  }
  zeros('pos_embed.W_pos', [positions, width]);
  zeros('unembed.b_U', [classes]);
  for (let layer = 0; weights.has(`blocks.${layer}.attn.query.weight`); layer++) {
    const name = `blocks.${layer}`;
    for (const map of ['Q', 'K', 'V']) zeros(`${name}.attn.b_${map}`, [heads, headWidth]);
    zeros(`${name}.attn.b_O`, [width]);
    const into = weights.get(`${name}.mlp.in.weight`);
    if (into) {
      zeros(`${name}.mlp.b_in`, [into.shape[0]]);
      zeros(`${name}.mlp.b_out`, [width]);
    }
    tensors.set(`${name}.attn.mask`, causalMask(positions));
    tensors.set(`${name}.attn.IGNORE`, {
      dtype: 'F32',
      shape: [],
      data: Float32Array.of(-Infinity),
    });
  }
  return tensors;
}

/** `torch.tril` of ones: row is the query, column the key. */
function causalMask(positions: number): Tensor {
  const data = new Uint8Array(positions * positions);
  for (let query = 0; query < positions; query++)
    data.fill(1, query * positions, query * positions + query + 1);
  return { dtype: 'BOOL', shape: [positions, positions], data };
}

function blank(shape: readonly number[]): Weight {
  return { shape, data: new Float32Array(shape.reduce((product, extent) => product * extent, 1)) };
}

function refuseNetwork(): never {
  throw new BadConfig('network.kind', {
    asked: 'got mlp',
    limit: 'TransformerLens has transformers only',
    remedy: 'Read checkpoint.safetensors as it is: its tensors have PyTorch names',
  });
}
