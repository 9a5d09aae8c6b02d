/** The tuner on a device: what it leaves out, what it remembers, and that it changes no bit. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Gpu } from '../../src/gpu/open';
import { openNodeGpu } from '../../scripts/lab/node';
import { compile } from '../../src/graph/compile';
import { lowerProgram } from '../../src/graph/lower-program';
import { createGraph } from '../../src/graph/node';
import type { ProgramSpec } from '../../src/graph/program';
import { matmul } from '../../src/ops/matmul';
import { productCandidates, type Product } from '../../src/ops/matmul/choose';
import { data } from '../../src/ops/source';
import { createRandom } from '../../src/random/random';
import { describeChoice, equalCandidates } from '../../src/tune/candidates';
import { measureProduct } from '../../src/tune/measure';
import { keyOf } from '../../src/tune/products';
import { memoryStore } from '../../src/tune/store';
import { tune } from '../../src/tune/tune';

let gpu: Gpu;
beforeAll(async () => {
  gpu = await openNodeGpu();
});
afterAll(() => gpu.close());

/** The same device under traits of its own: as a GPU's where barriers are said to be cheap. */
function fresh(barriers: boolean): Gpu {
  return Object.create(gpu, { traits: { value: { ...gpu.traits, barriers } } }) as Gpu;
}

const still = { now: () => 0, end: 0 };

const [M, K, N] = [70, 41, 66];

function programOf(): ProgramSpec {
  const graph = createGraph();
  const random = createRandom(3, 0, 7);
  const numbers = (n: number) => Float32Array.from({ length: n }, () => random.normal());
  const output = matmul(data(graph, 'a', [M, K]), data(graph, 'b', [K, N]));
  const values = { a: numbers(M * K), b: numbers(K * N) };
  return { keys: [[0, 0]], data: values, evaluations: { all: { output } } };
}

async function bitsOf(device: Gpu): Promise<Uint32Array> {
  const program = await compile(device, programOf());
  const { outputs } = await program.advance(0, 'all');
  program.dispose();
  return new Uint32Array((outputs!['output'] as Float32Array).slice().buffer);
}

/** One layout for all that barriers are cheap for: a software adapter compiles each of their kernels for seconds. */
it.each<[barriers: boolean, product: Product]>([
  [true, { m: 130, n: 97, k: 53, count: 2, layout: 'any', alongK: [true, false] }],
  [false, { m: 130, n: 97, k: 53, count: 2, layout: 'rows-rows', alongK: [true, false] }],
  [false, { m: 36, n: 40, k: 1031, count: 1, layout: 'columns-rows', alongK: [false, false] }],
])(
  'equal candidates give equal bits: barriers %s, %o',
  { timeout: 120_000 },
  async (barriers, product) => {
    const device = fresh(barriers);
    const choices = equalCandidates(product, device.traits);
    const { seconds, different } = await measureProduct(device, product, choices, still);
    expect(different).toEqual([]);
    expect(Object.keys(seconds)).toEqual(choices.map(describeChoice));
  },
);

it('leaves out what gives other bits', async () => {
  const product: Product = {
    ...{ m: 65, n: 65, k: 301, count: 1 },
    ...{ layout: 'any' as const, alongK: [true, false] as const },
  };
  const device = fresh(true);
  const choices = productCandidates(product, device.traits).filter(({ tileM }) => tileM < 64);
  const { choice, different } = await measureProduct(device, product, choices, still);
  expect(choice.body).toBe('tiled');
  expect(different.length).toBeGreaterThan(0);
  expect(different.every((name) => name.startsWith('registers'))).toBe(true);
});

it('measures once, remembers, and uses what it has found; the results keep their bits', async () => {
  const store = memoryStore();
  const plain = await bitsOf(fresh(true));
  const first = fresh(true);
  const [measured, ...others] = await tune(first, [programOf()], { store, leastFlops: 0 });
  expect(others).toEqual([]);
  expect(measured).toMatchObject({ product: `${M}×${K}×${N}, any (K, N)`, from: 'measured' });
  expect(measured.launches).toBe(1);
  expect(await bitsOf(first)).toEqual(plain);
  const again = await tune(fresh(true), [programOf()], { store, leastFlops: 0, measure: false });
  expect(again).toEqual([{ ...measured, from: 'remembered' }]);
});

it('follows what is remembered, whatever it is, and only what it knows', async () => {
  const device = fresh(true);
  const product: Product = {
    ...{ m: M, n: N, k: K, count: 1 },
    ...{ layout: 'any' as const, alongK: [true, false] as const },
  };
  const choices = equalCandidates(product, device.traits);
  const key = await keyOf(device, product, choices);
  for (const choice of choices) {
    const store = memoryStore();
    const memory = { choice: describeChoice(choice), seconds: {}, different: [] };
    await store.set(key, JSON.stringify(memory));
    const [row] = await tune(device, [programOf()], { store, leastFlops: 0, measure: false });
    expect(row).toMatchObject({ choice: memory.choice, from: 'remembered' });
    const [{ dispatches }] = lowerProgram(device.traits, programOf()).phases;
    const { shader, params } = dispatches[0];
    expect(shader.name).toBe(`matmul/${choice.body}-any-any`);
    const tiles = [Math.ceil(N / choice.tileN), Math.ceil(M / choice.tileM)];
    expect((params['grid'] as number[]).slice(0, 2)).toEqual(tiles);
  }
  for (const text of ['no JSON', '{"choice":"tiled 7×7"}']) {
    const store = memoryStore();
    await store.set(key, text);
    const [row] = await tune(device, [programOf()], { store, leastFlops: 0, measure: false });
    expect(row.from).toBe('left');
  }
});

it('asks anew for another adapter, other kernels and another layout', async () => {
  const product: Product = {
    ...{ m: M, n: N, k: K, count: 1 },
    ...{ layout: 'any' as const, alongK: [true, false] as const },
  };
  const choices = equalCandidates(product, gpu.traits);
  const other = Object.create(gpu, {
    adapter: { value: { ...gpu.adapter, description: 'another driver' } },
  }) as Gpu;
  const keys = await Promise.all([
    keyOf(gpu, product, choices),
    keyOf(other, product, choices),
    keyOf(gpu, product, choices.slice(1)),
    keyOf(gpu, { ...product, alongK: [true, true] }, choices),
    keyOf(gpu, { ...product, k: K + 1 }, choices),
  ]);
  expect(new Set(keys).size).toBe(keys.length);
});

it('leaves small products alone, and all of them when there is no time', async () => {
  const store = memoryStore();
  const left = { from: 'left' };
  expect(await tune(fresh(true), [programOf()], { store })).toMatchObject([left]);
  const options = { store, leastFlops: 0, milliseconds: 0 };
  expect(await tune(fresh(true), [programOf()], options)).toMatchObject([left]);
});
