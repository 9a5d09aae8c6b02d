/** A network in TransformerLens' terms: its weights, and what to give HookedTransformerConfig. */
import { BadConfig } from '../../gpu/errors';
import { createGraph } from '../../graph/node';
import { layOutParameters } from '../../graph/layout';
import { writeSafetensors } from '../safetensors';
import { toTransformerLens } from '../transformer-lens';
import { ENGINE_VERSION } from '../version';
import { buildNetwork } from './modular-network';
import type { ModularConfig } from './modular-schema';
import { fitWeights } from './progress-fit';
import type { MeasuredSource } from './progress-source';

export const TRANSFORMER_LENS = 'transformer-lens.safetensors';

const ACTIVATIONS = ['relu', 'gelu'];

/** Throws BadConfig naming what of the network TransformerLens has no equivalent of. */
export function checkExportable({ network }: Pick<ModularConfig, 'network'>): void {
  const { kind, activation } = network;
  if (kind !== 'transformer') {
    throw new BadConfig('network.kind', {
      asked: `got ${kind}`,
      limit: 'TransformerLens has transformers only',
      remedy: 'Read checkpoint.safetensors as it is: its tensors have PyTorch names',
    });
  }
  if (!ACTIVATIONS.includes(activation)) {
    throw new BadConfig('network.activation', {
      asked: `got ${activation}`,
      limit: `TransformerLens and Cusp share ${ACTIVATIONS.join(' and ')}`,
      remedy: 'Read checkpoint.safetensors as it is',
    });
  }
}

/**
 * The last checkpoint as a file that `HookedTransformer.load_state_dict` takes. The metadata have the fields of a
 * HookedTransformerConfig under `transformer_lens`, and the experiment where the source had it, so that the way back knows the
 * split. Throws BadConfig or BadCheckpoint.
 */
export function exportTransformerLens(source: MeasuredSource): Uint8Array<ArrayBuffer> {
  const { config, said, split, checkpoints, nameOf } = source;
  checkExportable(config);
  const graph = createGraph();
  buildNetwork(graph, config, split);
  const { step, weights } = checkpoints[checkpoints.length - 1];
  fitWeights(weights, layOutParameters(graph), nameOf);
  const { heads, equals, equalsClass } = config.network;
  const tensors = toTransformerLens(weights, {
    heads,
    positions: equals ? 3 : 2,
    classes: equalsClass ? split.classes + 1 : split.classes,
  });
  return writeSafetensors(tensors, {
    format: 'pt',
    engine: ENGINE_VERSION,
    schema: '1',
    names: 'transformer-lens',
    step: String(step),
    replicas: '1',
    transformer_lens: JSON.stringify(describe(config)),
    ...(said && { config: JSON.stringify(said) }),
  });
}

/** Keyword arguments of HookedTransformerConfig. */
function describe({ data: { modulus: p }, network }: ModularConfig): object {
  const { layers, heads, width, hidden, activation, equals, equalsClass } = network;
  return {
    n_layers: layers,
    n_heads: heads,
    d_model: width,
    d_head: width / heads,
    ...(hidden > 0 ? { d_mlp: hidden, act_fn: activation } : { attn_only: true }),
    normalization_type: network.layerNorm ? 'LN' : null,
    attention_dir: network.causal ? 'causal' : 'bidirectional',
    n_ctx: equals ? 3 : 2,
    d_vocab: equals ? p + 1 : p,
    d_vocab_out: equalsClass ? p + 1 : p,
  };
}
