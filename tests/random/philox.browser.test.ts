/** The shader library against its twins and against float64, on the adapter at hand. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import expLibrary from '../../shaders/lib/exp.wgsl?raw';
import finiteLibrary from '../../shaders/lib/finite.wgsl?raw';
import mathText from '../../shaders/lib/math.wgsl?raw';
import normalLibrary from '../../shaders/lib/normal.wgsl?raw';
import philoxLibrary from '../../shaders/lib/philox.wgsl?raw';
import { normals } from '../../src/random/normal';
import { philox, uniform01 } from '../../src/random/philox';
import { createRandom } from '../../src/random/random';
import { streams } from '../../src/random/streams';
import { evaluate, evaluateScalar, normalCdf, ulps } from './probe';

/** With what it includes. */
const mathLibrary = finiteLibrary + mathText.replace('#include "lib/finite.wgsl"', '');

let device: GPUDevice;

beforeAll(async () => {
  const adapter = await navigator.gpu.requestAdapter();
  if (!adapter)
    throw new Error('no WebGPU adapter: these tests need one, a software adapter will do');
  device = await adapter.requestDevice();
});
afterAll(() => device?.destroy());

const random = createRandom(1, 0, streams.probe);
const randomWords = (count: number) => Uint32Array.from({ length: count }, () => random.nextWord());
const edges = [0, 1, 2, 0xff, 0x100, 0x1fffffff, 0x20000000, 0x5fffffff, 0x60000000, 0x7fffffff,
  0x80000000, 0xa0000000, 0xb504f333, 0xb504f400, 0xe0000000, 0xfffffe00, 0xffffffff]; // prettier-ignore

/** `count` float32 values spread evenly over [from, to], the ends included. */
function grid(from: number, to: number, count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));
}

function worst(
  xs: Float32Array,
  got: Float32Array,
  error: (x: number, y: number) => number,
): number {
  return xs.reduce((most, x, i) => {
    const e = error(x, got[i]);
    return Number.isNaN(e) ? Infinity : Math.max(most, e);
  }, 0);
}

describe('philox.wgsl', () => {
  test('words equal the twin for 20,000 keys and counters', async () => {
    const items = 20_000;
    const words = randomWords(items * 6);
    words.set(Array.from({ length: 12 }, (_, i) => (i < 6 ? 0 : 0xffffffff)));
    const body = `let at = i * 6u;
      return philox(vec2u(words[at], words[at + 1u]),
        vec4u(words[at + 2u], words[at + 3u], words[at + 4u], words[at + 5u]));`;
    const got = await evaluate(device, philoxLibrary, body, words, items);
    const expected = new Uint32Array(items * 4);
    for (let i = 0; i < items; i++) {
      const [k0, k1, c0, c1, c2, c3] = words.subarray(i * 6, i * 6 + 6);
      expected.set(philox(k0, k1, c0, c1, c2, c3), i * 4);
    }
    expect(got).toEqual(expected);
  });

  test('uniforms equal the twin exactly', async () => {
    const words = Uint32Array.from([...edges, ...randomWords(20_000)]);
    const body = 'return vec4u(bitcast<u32>(uniform01(words[i])), 0u, 0u, 0u);';
    const result = await evaluate(device, philoxLibrary, body, words, words.length);
    const got = new Float32Array(result.buffer);
    words.forEach((word, i) => expect(got[4 * i]).toBe(uniform01(word)));
  });
});

describe('normal.wgsl', () => {
  const body = `let at = i * 4u;
    return bitcast<vec4u>(normals(vec4u(words[at], words[at + 1u], words[at + 2u], words[at + 3u])));`;

  test('normals within 8 ULP of the twin, on every edge and for 40,000 draws', async () => {
    const pairs = edges.flatMap((a) => edges.flatMap((b) => [a, b, b, a]));
    const words = Uint32Array.from([...pairs, ...randomWords(40_000)]);
    const got = new Float32Array(
      (await evaluate(device, normalLibrary, body, words, words.length / 4)).buffer,
    );
    let most = 0;
    for (let at = 0; at < words.length; at += 4) {
      normals(words.subarray(at, at + 4)).forEach((exact, lane) => {
        const error = ulps(got[at + lane], exact);
        most = Math.max(most, Number.isNaN(error) ? Infinity : error);
      });
    }
    expect(most).toBeLessThanOrEqual(8);
  });
});

describe('math.wgsl', () => {
  const at = (name: string, xs: Float32Array) => evaluateScalar(device, mathLibrary, name, xs);

  test('log1p_exact within 4 ULP', async () => {
    const tiny = Float32Array.from({ length: 4000 }, (_, i) => 2 ** (-i / 40));
    const xs = Float32Array.from([...grid(0, 1, 50_000), ...tiny]);
    const error = worst(xs, await at('log1p_exact', xs), (x, y) =>
      x === 0 ? (y === 0 ? 0 : Infinity) : ulps(y, Math.log1p(x)),
    );
    expect(error).toBeLessThanOrEqual(4);
  });

  test('exp_exact within 2 ULP, and 0 where the result would be subnormal', async () => {
    const library = `${expLibrary}
      fn exp_of_one(x: f32) -> f32 { return exp_exact(vec4f(x)).x; }`;
    const xs = Float32Array.from([
      ...grid(-87.3, 0, 50_000),
      ...grid(-1, 0, 20_000),
      -0,
      -88,
      -1e30,
    ]);
    const error = worst(xs, await evaluateScalar(device, library, 'exp_of_one', xs), (x, y) =>
      x < -87.33 ? (y === 0 ? 0 : Infinity) : ulps(y, Math.exp(x)),
    );
    expect(error).toBeLessThanOrEqual(2);
  });

  test('loss_of_masses keeps a tiny sum where the label leads', async () => {
    const library = `${mathLibrary}
      fn loss_of_leader(wrong: f32) -> f32 { return loss_of_masses(0.0, wrong, 1.0); }`;
    const xs = Float32Array.from({ length: 4000 }, (_, i) => 2 ** (-i / 40));
    const found = await evaluateScalar(device, library, 'loss_of_leader', xs);
    expect(worst(xs, found, (x, y) => ulps(y, Math.log1p(x)))).toBeLessThanOrEqual(4);
  });

  test('softplus within 1e-5 relative, down to 1e-8 and below', async () => {
    const xs = Float32Array.from([...grid(-40, 40, 20_000), -1e30, 1e30, 0]);
    const error = worst(xs, await at('softplus', xs), (x, y) => {
      const exact = Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
      return exact < 1e-37 ? Math.abs(y) : Math.abs(y - exact) / exact;
    });
    expect(error).toBeLessThanOrEqual(1e-5);
  });

  test('tanh_safe within 1e-6, saturating at exactly ±1', async () => {
    const xs = grid(-12, 12, 40_000);
    const error = worst(xs, await at('tanh_safe', xs), (x, y) => Math.abs(y - Math.tanh(x)));
    expect(error).toBeLessThanOrEqual(1e-6);
    const far = Float32Array.of(-1e30, -100, 100, 1e30, 0);
    expect(Array.from(await at('tanh_safe', far))).toEqual([-1, -1, 1, 1, 0]);
  });

  test('tanh_safe keeps relative precision near zero', async () => {
    const xs = Float32Array.from({ length: 2000 }, (_, i) => 2 ** (-i / 20));
    const error = worst(xs, await at('tanh_safe', xs), (x, y) => Math.abs(y / Math.tanh(x) - 1));
    expect(error).toBeLessThanOrEqual(1e-6);
  });

  test('normal_cdf within 2e-7', async () => {
    const xs = Float32Array.from([...grid(-14, 14, 60_000), ...grid(-1.01, 1.01, 2001), 1, -1]);
    const error = worst(xs, await at('normal_cdf', xs), (x, y) => Math.abs(y - normalCdf(x)));
    expect(error).toBeLessThanOrEqual(2e-7);
  });

  test('gelu and its derivative', async () => {
    const xs = Float32Array.from([...grid(-14, 14, 60_000), 1, -1]);
    const value = worst(
      xs,
      await at('gelu', xs),
      (x, y) => Math.abs(y - x * normalCdf(x)) / Math.max(1, Math.abs(x)),
    );
    expect(value).toBeLessThanOrEqual(2e-7);
    const slope = worst(xs, await at('gelu_gradient', xs), (x, y) => {
      const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
      return Math.abs(y - normalCdf(x) - x * density);
    });
    expect(slope).toBeLessThanOrEqual(4e-7);
    const far = Float32Array.of(-1e6, 1e6);
    // + 0 turns a negative zero into zero.
    expect(Array.from(await at('gelu', far), (y) => y + 0)).toEqual([0, 1e6]);
    expect(Array.from(await at('gelu_gradient', far), (y) => y + 0)).toEqual([0, 1]);
  });

  test('is_finite_bits by bit pattern', async () => {
    const bits = Uint32Array.of(0, 0x80000000, 0x3f800000, 0x7f7fffff, 0x00000001, // finite
      0x7f800000, 0xff800000, 0x7fc00000, 0xffc00001, 0x7f800001); // prettier-ignore
    const body =
      'return vec4u(select(0u, 1u, is_finite_bits(bitcast<f32>(words[i]))), 0u, 0u, 0u);';
    const got = await evaluate(device, mathLibrary, body, bits, bits.length);
    expect(Array.from(bits, (_, i) => got[4 * i])).toEqual([1, 1, 1, 1, 1, 0, 0, 0, 0, 0]);
  });
});
