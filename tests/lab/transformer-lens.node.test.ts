/** Weights under TransformerLens' names: the same bits there and back, the same logits, and refusals that name the tensor. */
import { describe, expect, it } from 'vitest';
import { BadCheckpoint, BadConfig } from '../../src/gpu/errors';
import { createGraph } from '../../src/graph/node';
import { initialParameters, layOutParameters } from '../../src/graph/layout';
import { interpret } from '../../src/graph/reference';
import { writeCheckpoint } from '../../src/lab/checkpoint';
import { modularAddition } from '../../src/lab/experiments/modular-addition';
import { buildNetwork } from '../../src/lab/experiments/modular-network';
import { splitData, toTokens } from '../../src/lab/experiments/modular-parts';
import type { ModularConfig } from '../../src/lab/experiments/modular-schema';
import { exportTransformerLens } from '../../src/lab/experiments/progress-export';
import { fitWeights } from '../../src/lab/experiments/progress-fit';
import { progressSchema, type ProgressConfig } from '../../src/lab/experiments/progress-schema';
import { readMeasured, type MeasuredSource } from '../../src/lab/experiments/progress-source';
import { SOURCE } from '../../src/lab/files';
import { writeSafetensors, type Tensor } from '../../src/lab/safetensors';
import { readSafetensors } from '../../src/lab/safetensors-read';
import { parse } from '../../src/lab/schema';
import { data } from '../../src/ops/source';
import {
  hookedLogits,
  hookedState,
  type HookedOptions,
  type State,
} from './transformer-lens-state';

const measuring = (config: object = {}): ProgressConfig =>
  parse(progressSchema, config) as ProgressConfig;
const read = (bytes: Uint8Array, config: object = {}): MeasuredSource =>
  readMeasured(measuring(config), { [`${SOURCE}checkpoint.safetensors`]: bytes });
const readState = (state: State, config: object = {}): MeasuredSource =>
  read(writeSafetensors(state), config);

const bits = ({ data: values }: Tensor): number[] =>
  Array.from(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));

function sameTensors(
  found: ReadonlyMap<string, Tensor>,
  wanted: ReadonlyMap<string, Tensor>,
): void {
  expect([...found.keys()].sort()).toEqual([...wanted.keys()].sort());
  for (const [name, tensor] of wanted) {
    const one = found.get(name)!;
    expect({ name, dtype: one.dtype, shape: one.shape }).toEqual({
      name,
      dtype: tensor.dtype,
      shape: tensor.shape,
    });
    expect(bits(one), name).toEqual(bits(tensor));
  }
}

const states: readonly [string, HookedOptions][] = [
  ['the demo: all biases zero, an output per residue', { p: 7 }],
  ['an output for "=" and biases in the MLP', { p: 5, equalsClass: true, biases: 'mlp' }],
  ['every bias, layer norm, two layers', { p: 5, biases: 'all', layerNorm: true, layers: 2 }],
  ['two tokens, one head', { p: 5, equals: false, heads: 1 }],
];

describe('TransformerLens → ours → TransformerLens', () => {
  it.each(states)('keeps every bit: %s', (_, options) => {
    const state = hookedState(options);
    const { tensors } = readSafetensors(exportTransformerLens(readState(state)));
    sameTensors(tensors, state);
  });

  it('keeps a bias that is −0, which counts as there', () => {
    const state = hookedState({ p: 5 });
    state.get('unembed.b_U')!.data[2] = -0;
    const source = readState(state);
    expect(source.config.network.biases).toBe('all');
    sameTensors(readSafetensors(exportTransformerLens(source)).tensors, state);
  });
});

/** A checkpoint as a run of this configuration writes it before its first step. */
function ownCheckpoint(raw: object): { bytes: Uint8Array; config: ModularConfig } {
  const config = modularAddition.parse({ schema: 1, experiment: 'modular-addition', ...raw });
  const graph = createGraph();
  buildNetwork(graph, config, splitData(config)[0]);
  const layout = layOutParameters(graph);
  const { seed, replicas } = config;
  const keys = Array.from({ length: replicas }, (_, r) => [seed + r, 0] as const);
  const parameters = initialParameters(layout, keys);
  const snapshot = { step: 40, parameters, state: { momentum: parameters.map((w) => 2 * w) } };
  const meta = { engine: 'test', config, seed };
  return { bytes: writeCheckpoint(snapshot, layout, replicas, meta), config };
}

const small = {
  seed: 3,
  data: { modulus: 5, pairs: 'ordered' },
  network: { kind: 'transformer', width: 8, hidden: 12, heads: 2 },
};

describe('ours → TransformerLens → ours', () => {
  it.each([
    ['as in the paper', {}],
    ['no biases, an output for "="', { biases: 'none', equalsClass: true }],
    ['all biases, layer norm, two layers', { biases: 'all', layerNorm: true, layers: 2 }],
    ['tied', { tied: true }],
    ['no positions', { positions: false }],
    ['attention alone', { hidden: 0 }],
    ['two tokens, no mask, gelu', { equals: false, causal: false, activation: 'gelu' }],
  ])('keeps every bit, the configuration and the step: %s', (_, network) => {
    const { bytes, config } = ownCheckpoint({
      ...small,
      network: { ...small.network, ...network },
    });
    const source = read(bytes);
    const back = read(exportTransformerLens(source));
    expect(back.names).toBe('transformer-lens');
    expect(back.splitFrom).toBe('file');
    expect(back.config).toEqual({ ...config, measures: null, llc: null });
    expect(back.split).toEqual(splitData(config)[0]);
    expect(back.checkpoints[0].step).toBe(40);
    expect(back.warnings).toEqual([expect.stringMatching(/IGNORE.*mask: no weights, left out/)]);
    for (const [name, weight] of source.checkpoints[0].weights) {
      const found = back.checkpoints[0].weights.get(name)!;
      expect(found.shape, name).toEqual(weight.shape);
      expect(bits({ ...found, dtype: 'F32' }), name).toEqual(bits({ ...weight, dtype: 'F32' }));
    }
    const flat = (one: MeasuredSource): Float32Array => fit(one).parameters;
    expect(flat(back)).toEqual(flat(source));
  });

  it('takes the replica that was asked for, with its own seed and split', () => {
    const { bytes, config } = ownCheckpoint({ ...small, replicas: 3 });
    const source = read(bytes, { replica: 2 });
    const alone = ownCheckpoint({ ...small, seed: 5 });
    expect(source.config).toEqual({ ...alone.config, replicas: 1 });
    expect(source.split).toEqual(splitData(config)[2]);
    expect(fit(source).parameters).toEqual(fit(read(alone.bytes)).parameters);
    expect(() => read(bytes, { replica: 3 })).toThrow(/replica: got 3: the checkpoint has 3/);
  });

  it('writes what a strict load_state_dict asks for, and the fields of a HookedTransformerConfig', () => {
    const { bytes } = ownCheckpoint({ ...small, network: { ...small.network, biases: 'none' } });
    const { tensors, metadata } = readSafetensors(exportTransformerLens(read(bytes)));
    expect([...tensors.keys()].sort()).toEqual([...hookedState({ p: 5 }).keys()].sort());
    expect(JSON.parse(metadata.get('transformer_lens')!)).toEqual({
      n_layers: 1,
      n_heads: 2,
      d_model: 8,
      d_head: 4,
      d_mlp: 12,
      act_fn: 'relu',
      normalization_type: null,
      attention_dir: 'causal',
      n_ctx: 3,
      d_vocab: 6,
      d_vocab_out: 5,
    });
  });

  it('refuses networks that TransformerLens has no equivalent of', () => {
    const { bytes } = ownCheckpoint({ data: small.data, network: { width: 8, hidden: 6 } });
    expect(() => exportTransformerLens(read(bytes))).toThrow(BadConfig);
    expect(() => exportTransformerLens(read(bytes))).toThrow(/network.kind: got mlp/);
    const quadratic = ownCheckpoint({
      ...small,
      network: { ...small.network, activation: 'quadratic' },
    });
    expect(() => exportTransformerLens(read(quadratic.bytes))).toThrow(
      /network.activation: got quadratic: TransformerLens and Cusp share relu and gelu/,
    );
  });
});

/** Network and flat parameters of a source. */
function fit({ config, split, checkpoints, nameOf }: MeasuredSource) {
  const graph = createGraph();
  const network = buildNetwork(graph, config, split);
  const parameters = fitWeights(checkpoints[0].weights, layOutParameters(graph), nameOf);
  return { graph, network, parameters };
}

describe('the forward pass', () => {
  it.each(states)('gives the logits of TransformerLens’ einsums: %s', async (_, options) => {
    const state = hookedState({ ...options, seed: 11 });
    const source = readState(state);
    const { p } = options;
    const { graph, network, parameters } = fit(source);
    const pairs = Uint32Array.from({ length: 2 * p * p }, (__, k) =>
      k % 2 === 0 ? Math.floor(k / 2 / p) : Math.floor(k / 2) % p,
    );
    const tokens = toTokens(source.config, pairs, p);
    const positions = tokens.length / (p * p);
    const { logits } = network.forward(data(graph, 'tokens', [p * p, positions], { dtype: 'u32' }));
    const program = interpret({
      keys: [[0, 0]],
      data: { tokens },
      start: parameters,
      evaluations: { all: { logits } },
    });
    const { outputs } = await program.advance(0, 'all');
    const found = outputs!['logits'];
    for (let row = 0; row < p * p; row++) {
      const own = Array.from(tokens.subarray(row * positions, (row + 1) * positions));
      hookedLogits(state, own).forEach((logit, c, all) => {
        expect(Math.abs(found[row * all.length + c] - logit)).toBeLessThan(1e-12);
      });
    }
  });
});

describe('what shapes tell', () => {
  it.each(states)('is the configuration: %s', (_, options) => {
    const { config, splitFrom, warnings } = readState(hookedState(options));
    const { p, heads = 2, layers = 1, biases = 'none' } = options;
    const { equals = true, equalsClass = false, layerNorm = false } = options;
    expect(config.data.modulus).toBe(p);
    const network = { kind: 'transformer', width: 8, hidden: 12, heads, layers, biases };
    expect(config.network).toMatchObject({ ...network, equals, equalsClass, layerNorm });
    expect(splitFrom).toBe('configuration');
    expect(warnings.join('\n')).toMatch(/does not say which pairs were trained on/);
  });

  it('takes split and activation from this experiment’s configuration', () => {
    const { config, split } = readState(hookedState({ p: 5 }), {
      seed: 4,
      data: { fraction: 0.6, pairs: 'unordered' },
      network: { activation: 'gelu', causal: false },
    });
    expect(config.network).toMatchObject({ activation: 'gelu', causal: false });
    expect([split.train.labels.length, split.test.labels.length]).toEqual([9, 6]);
    const same = modularAddition.parse({
      seed: 4,
      data: { modulus: 5, fraction: 0.6, pairs: 'unordered' },
    });
    expect(split).toEqual(splitData(same)[0]);
  });

  it('knows networks by our names without their metadata, MLPs too', () => {
    const networks = [
      { kind: 'mlp', width: 8, hidden: 6 },
      { kind: 'mlp', width: 8, hidden: 6, separate: true, outProjection: false, biases: 'mlp' },
      { kind: 'mlp', width: 8, hidden: 6, tied: true },
      { kind: 'mlp', hidden: 6, input: 'one-hot', outProjection: false, width: 1 },
      { kind: 'transformer', width: 8, hidden: 12, heads: 2, biases: 'none' },
    ];
    for (const network of networks) {
      const { bytes, config } = ownCheckpoint({ data: small.data, network });
      const { tensors } = readSafetensors(bytes);
      const own = new Map([...tensors].filter(([name]) => !name.startsWith('optimizer.')));
      const source = read(writeSafetensors(own), { network: { heads: 2 } });
      const { kind, width, hidden, separate, outProjection, tied, input } = config.network;
      const said = { kind, width, hidden, separate, outProjection, tied, input };
      expect(source.config.network).toMatchObject(said);
      expect(fit(source).parameters).toEqual(fit(read(bytes)).parameters);
    }
  });

  it('reads the pairs that were trained on where the file lists them, as the demo does', () => {
    const state = hookedState({ p: 5 });
    const rows = Int32Array.of(24, 0, 7);
    state.set('train_indices', { dtype: 'I32', shape: [3], data: rows });
    const { split, splitFrom } = readState(state);
    expect(splitFrom).toBe('file');
    expect([...split.train.inputs]).toEqual([4, 4, 0, 0, 1, 2]);
    expect([...split.train.labels]).toEqual([3, 0, 3]);
    expect(split.test.labels.length).toBe(22);
    for (const wrong of [Int32Array.of(0, 25), Int32Array.of(-1), Int32Array.of(3, 3)]) {
      state.set('train_indices', { dtype: 'I32', shape: [wrong.length], data: wrong });
      expect(() => readState(state)).toThrow(/tensor 'train_indices': -?\d+/);
    }
  });
});

describe('files that do not fit', () => {
  const without = (name: string): State => {
    const state = hookedState({ p: 5 });
    state.delete(name);
    return state;
  };
  const withTensor = (name: string, shape: readonly number[], value = 0): State => {
    const size = shape.reduce((product, extent) => product * extent, 1);
    const values = new Float32Array(size).fill(value);
    return hookedState({ p: 5 }).set(name, { dtype: 'F32', shape, data: values });
  };
  const cases: readonly [string, () => MeasuredSource, RegExp][] = [
    ['no embedding', () => readState(without('embed.W_E')), /tensor 'embed.weight': missing/],
    ['no queries', () => readState(without('blocks.0.attn.W_Q')), /'blocks.0.attn.W_Q': missing/],
    [
      'rotary positions',
      () => readState(withTensor('blocks.0.attn.rotary_sin', [3, 4])),
      /tensor 'blocks.0.attn.rotary_sin': networks here have no gates/,
    ],
    ['a stranger', () => readState(withTensor('head.W', [2])), /tensor 'head.W': it is no weight/],
    [
      'heads without an axis of their own',
      () => readState(withTensor('blocks.0.attn.W_K', [8, 8])),
      /tensor 'blocks.0.attn.W_K' \[8, 8\]: TransformerLens gives it 3 axes/,
    ],
    [
      'heads narrower than the network',
      () => readState(withTensor('blocks.0.attn.W_Q', [2, 8, 3])),
      /blocks.0.attn.query.weight': \[6, 8\]: all heads together must be as wide/,
    ],
    [
      'a long context',
      () => readState(withTensor('pos_embed.W_pos', [18, 8])),
      /pos_embed.weight': \[18, 8\]: networks of addition read two operands/,
    ],
    [
      'other outputs',
      () => readState(withTensor('unembed.W_U', [8, 9])),
      /unembed.weight': \[9, 8\]: 6 tokens, "=" the last of them, make answers mod 5/,
    ],
    [
      'a value that is not finite',
      () => readState(withTensor('blocks.0.mlp.W_in', [8, 12], NaN)),
      /tensor 'blocks.0.mlp.W_in': holds a value that is not finite/,
    ],
    [
      'whole numbers',
      () =>
        readState(
          hookedState({ p: 5 }).set('embed.W_E', {
            dtype: 'I32',
            shape: [6, 8],
            data: new Int32Array(48),
          }),
        ),
      /tensor 'embed.W_E' of I32: weights are floating-point/,
    ],
    ['nothing at all', () => readState(new Map()), /tensor 'mlp.in.weight': missing/],
  ];
  it.each(cases)('are refused: %s', (_, open, words) => {
    expect(open).toThrow(BadCheckpoint);
    expect(open).toThrow(words);
  });

  it('are refused by the file’s own name of a tensor when weights do not fit each other', () => {
    const source = readState(withTensor('blocks.0.attn.W_V', [2, 8, 5]));
    expect(() => fit(source)).toThrow(
      /tensor 'blocks.0.attn.W_V': \[10, 8\]: this network has \[8, 8\] as blocks.0.attn.value.weight/,
    );
    const bytes = exportTransformerLens(read(ownCheckpoint(small).bytes));
    const { tensors, metadata } = readSafetensors(bytes);
    tensors.set('unembed.b_U', { dtype: 'F32', shape: [5], data: Float32Array.of(0, 0, 1, 0, 0) });
    const biased = read(writeSafetensors(tensors, metadata));
    expect(() => fit(biased)).toThrow(
      /tensor 'unembed.b_U': this network has none, and it is not zero.*network.biases/,
    );
  });

  it('are refused when their metadata are of something else', () => {
    const { tensors } = readSafetensors(ownCheckpoint(small).bytes);
    const told = (metadata: Record<string, string>) => () =>
      read(writeSafetensors(tensors, metadata));
    expect(told({ config: '{"experiment":"llc"}' })).toThrow(/experiment of kind "llc"/);
    expect(told({ config: '{"experiment":"modular-addition","steps":0}' })).toThrow(
      /configuration in the checkpoint: steps: got 0/,
    );
    expect(told({ replicas: '4' })).toThrow(/tensor .*the metadata promise 4 along its first axis/);
    expect(told({ replicas: '-1' })).toThrow(/metadata replicas -1/);
    expect(told({ steps: '[5, 5]' })).toThrow(/metadata steps/);
    expect(told({ steps: '{' })).toThrow(/metadata steps/);
    expect(() => read(ownCheckpoint(small).bytes, { network: { causal: false } })).toThrow(
      /network: given: the checkpoint says itself/,
    );
    expect(() => readMeasured(measuring(), {})).toThrow(/checkpoint: no checkpoint was given/);
  });
});

describe('other number types', () => {
  it('are read as the nearest F32, on request alone', () => {
    const values = [0, 1, -2.5, 0.333251953125, 65504, 6.103515625e-5, 5.960464477539063e-8];
    const halves = [0x0000, 0x3c00, 0xc100, 0x3555, 0x7bff, 0x0400, 0x0001];
    const header = JSON.stringify({
      half: { dtype: 'F16', shape: [7], data_offsets: [0, 14] },
      brain: { dtype: 'BF16', shape: [1], data_offsets: [14, 16] },
      double: { dtype: 'F64', shape: [1], data_offsets: [16, 24] },
      long: { dtype: 'I64', shape: [1], data_offsets: [24, 32] },
    });
    const padded = Math.ceil(header.length / 8) * 8;
    const bytes = new Uint8Array(8 + padded + 32);
    const view = new DataView(bytes.buffer);
    view.setBigUint64(0, BigInt(padded), true);
    bytes.set(new TextEncoder().encode(header.padEnd(padded)), 8);
    const at = 8 + padded;
    halves.forEach((half, k) => view.setUint16(at + 2 * k, half, true));
    view.setUint16(at + 14, 0xbfc0, true);
    view.setFloat64(at + 16, 0.1, true);
    view.setBigInt64(at + 24, -3n, true);

    expect(() => readSafetensors(bytes)).toThrow(/dtype "F16": only F32/);
    const { tensors, converted } = readSafetensors(bytes, { convert: true });
    expect([...tensors.get('half')!.data]).toEqual(values);
    expect([...tensors.get('brain')!.data]).toEqual([-1.5]);
    expect([...tensors.get('double')!.data]).toEqual([Math.fround(0.1)]);
    expect(tensors.get('long')).toMatchObject({ dtype: 'I32', data: Int32Array.of(-3) });
    expect(Object.fromEntries(converted)).toEqual({
      half: 'F16',
      brain: 'BF16',
      double: 'F64',
      long: 'I64',
    });
    view.setBigInt64(at + 24, 2n ** 40n, true);
    expect(() => readSafetensors(bytes, { convert: true })).toThrow(/"long" of I64: 1099511627776/);
  });
});
