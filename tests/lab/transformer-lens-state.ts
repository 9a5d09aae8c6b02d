/** States of a HookedTransformer as TransformerLens saves them, and its forward pass written out in float64. */
import type { Tensor } from '../../src/lab/safetensors';
import { createRandom } from '../../src/random/random';
import { streams } from '../../src/random/streams';

export interface HookedOptions {
  readonly p: number;
  readonly width?: number;
  readonly heads?: number;
  readonly hidden?: number;
  readonly layers?: number;
  /** Which biases are not zero; all of them are there. */
  readonly biases?: 'none' | 'mlp' | 'all';
  readonly layerNorm?: boolean;
  readonly equals?: boolean;
  readonly equalsClass?: boolean;
  readonly seed?: number;
}

export type State = Map<string, Tensor>;

/** Random weights in the order and shapes of `HookedTransformer.state_dict()`, buffers included. */
export function hookedState(options: HookedOptions): State {
  const { p, width = 8, heads = 2, hidden = 12, layers = 1, biases = 'none' } = options;
  const { layerNorm = false, equals = true, equalsClass = false, seed = 0 } = options;
  const random = createRandom(seed, 0, streams.init);
  const state: State = new Map();
  const positions = equals ? 3 : 2;
  const headWidth = width / heads;
  const fill = (name: string, shape: readonly number[], value: () => number): void => {
    const size = shape.reduce((product, extent) => product * extent, 1);
    state.set(name, { dtype: 'F32', shape, data: Float32Array.from({ length: size }, value) });
  };
  const weight = (name: string, ...shape: number[]): void =>
    fill(name, shape, () => 0.5 * random.normal());
  const bias = (name: string, on: boolean, ...shape: number[]): void =>
    fill(name, shape, () => (on ? 0.3 * random.normal() : 0));
  const norm = (name: string): void => {
    if (!layerNorm) return;
    fill(`${name}.w`, [width], () => 1 + 0.2 * random.normal());
    fill(`${name}.b`, [width], () => 0.2 * random.normal());
  };
  const everywhere = biases === 'all';
  weight('embed.W_E', equals ? p + 1 : p, width);
  weight('pos_embed.W_pos', positions, width);
  for (let layer = 0; layer < layers; layer++) {
    const name = `blocks.${layer}`;
    norm(`${name}.ln1`);
    norm(`${name}.ln2`);
    weight(`${name}.attn.W_Q`, heads, width, headWidth);
    weight(`${name}.attn.W_O`, heads, headWidth, width);
    bias(`${name}.attn.b_Q`, everywhere, heads, headWidth);
    bias(`${name}.attn.b_O`, everywhere, width);
    weight(`${name}.attn.W_K`, heads, width, headWidth);
    weight(`${name}.attn.W_V`, heads, width, headWidth);
    bias(`${name}.attn.b_K`, everywhere, heads, headWidth);
    bias(`${name}.attn.b_V`, everywhere, heads, headWidth);
    const mask = Uint8Array.from({ length: positions ** 2 }, (_, k) =>
      k % positions <= Math.floor(k / positions) ? 1 : 0,
    );
    state.set(`${name}.attn.mask`, { dtype: 'BOOL', shape: [positions, positions], data: mask });
    fill(`${name}.attn.IGNORE`, [], () => -Infinity);
    weight(`${name}.mlp.W_in`, width, hidden);
    bias(`${name}.mlp.b_in`, biases !== 'none', hidden);
    weight(`${name}.mlp.W_out`, hidden, width);
    bias(`${name}.mlp.b_out`, biases !== 'none', width);
  }
  norm('ln_final');
  const classes = equalsClass ? p + 1 : p;
  weight('unembed.W_U', width, classes);
  bias('unembed.b_U', everywhere, classes);
  return state;
}

type Matrix = number[][];

/**
 * Logits at the last position, as TransformerLens computes them (einsum conventions of its components):
 *
 *     q[p,h,e] = Σ_m x[p,m] W_Q[h,m,e] + b_Q[h,e]         (k, v alike)
 *     pattern[h,p,s] = softmax_s≤p(Σ_e q[p,h,e] k[s,h,e] / √d_head)
 *     out[p,m] = Σ_h,e (Σ_s pattern[h,p,s] v[s,h,e]) W_O[h,e,m] + b_O[m]
 *     mlp[p,m] = Σ_d relu(Σ_n x[p,n] W_in[n,d] + b_in[d]) W_out[d,m] + b_out[m]
 *     logits[c] = Σ_m x[last,m] W_U[m,c] + b_U[c]
 */
export function hookedLogits(state: State, tokens: readonly number[], causal = true): number[] {
  const get = (name: string): number[] => Array.from(state.get(name)!.data);
  const [, width] = state.get('embed.W_E')!.shape;
  const embedding = get('embed.W_E');
  const places = get('pos_embed.W_pos');
  let x: Matrix = tokens.map((token, p) =>
    range(width).map((m) => embedding[token * width + m] + places[p * width + m]),
  );
  for (let layer = 0; state.has(`blocks.${layer}.attn.W_Q`); layer++) {
    const name = `blocks.${layer}`;
    const attended = attend(state, `${name}.attn`, normalise(state, `${name}.ln1`, x), causal);
    x = x.map((row, p) => row.map((value, m) => value + attended[p][m]));
    const [, hidden] = state.get(`${name}.mlp.W_in`)!.shape;
    const [into, biasIn] = [get(`${name}.mlp.W_in`), get(`${name}.mlp.b_in`)];
    const [out, biasOut] = [get(`${name}.mlp.W_out`), get(`${name}.mlp.b_out`)];
    const normal = normalise(state, `${name}.ln2`, x);
    x = x.map((row, p) => {
      const post = range(hidden).map((d) =>
        Math.max(0, total(width, (n) => normal[p][n] * into[n * hidden + d]) + biasIn[d]),
      );
      return row.map(
        (value, m) => value + total(hidden, (d) => post[d] * out[d * width + m]) + biasOut[m],
      );
    });
  }
  const last = normalise(state, 'ln_final', x).at(-1)!;
  const [, classes] = state.get('unembed.W_U')!.shape;
  const [unembedding, bias] = [get('unembed.W_U'), get('unembed.b_U')];
  return range(classes).map(
    (c) => total(width, (m) => last[m] * unembedding[m * classes + c]) + bias[c],
  );
}

function attend(state: State, name: string, x: Matrix, causal: boolean): Matrix {
  const [heads, width, inner] = state.get(`${name}.W_Q`)!.shape;
  const map = (letter: string): number[][][] => {
    const weight = state.get(`${name}.W_${letter}`)!.data;
    const bias = state.get(`${name}.b_${letter}`)!.data;
    return x.map((row) =>
      range(heads).map((h) =>
        range(inner).map(
          (e) =>
            total(width, (m) => row[m] * weight[(h * width + m) * inner + e]) + bias[h * inner + e],
        ),
      ),
    );
  };
  const [q, k, v] = [map('Q'), map('K'), map('V')];
  const out = state.get(`${name}.W_O`)!.data;
  const bias = state.get(`${name}.b_O`)!.data;
  return x.map((_, p) => {
    const seen = range(causal ? p + 1 : x.length);
    const z = range(heads).map((h) => {
      const scores = seen.map((s) =>
        Math.exp(total(inner, (e) => q[p][h][e] * k[s][h][e]) / Math.sqrt(inner)),
      );
      const sum = scores.reduce((all, one) => all + one, 0);
      return range(inner).map((e) =>
        seen.reduce((all, s) => all + (scores[s] / sum) * v[s][h][e], 0),
      );
    });
    return range(width).map(
      (m) =>
        total(heads, (h) => total(inner, (e) => z[h][e] * out[(h * inner + e) * width + m])) +
        bias[m],
    );
  });
}

function normalise(state: State, name: string, x: Matrix): Matrix {
  const weight = state.get(`${name}.w`)?.data;
  const bias = state.get(`${name}.b`)?.data;
  if (!weight || !bias) return x;
  return x.map((row) => {
    const mean = row.reduce((all, one) => all + one, 0) / row.length;
    const variance = row.reduce((all, one) => all + (one - mean) ** 2, 0) / row.length;
    return row.map((one, m) => ((one - mean) / Math.sqrt(variance + 1e-5)) * weight[m] + bias[m]);
  });
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, k) => k);
}

function total(count: number, term: (k: number) => number): number {
  let sum = 0;
  for (let k = 0; k < count; k++) sum += term(k);
  return sum;
}
