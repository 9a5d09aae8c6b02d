/**
 * Every kernel for products on this adapter, whichever the rules would take: each layout of operands, ends of tiles, replicas, split
 * sums, the epilogue. Kernels that want a feature the adapter does not grant are named as left out.
 */
import type { Gpu } from '../../gpu/open';
import { add, gelu } from '../../ops/elementwise';
import { matmul } from '../../ops/matmul';
import { matmulHalf } from '../../ops/matmul-half';
import { productInFloat64 } from '../../ops/reference/matmul';
import { transpose } from '../../ops/view';
import type { Choice, Product } from '../../ops/matmul/choose';
import type { Traits } from '../../plan/types';
import { allCandidates } from '../../tune/candidates';
import { usingProducts } from '../../tune/force';
import { productBound, transposed } from './cases/matmul';
import { compareCase, notGranted, type Comparison } from './compare';
import type { Built, Case } from './types';

/** A kernel by what it is called in the report. */
export interface ProductVariant {
  readonly name: string;
  readonly tile: number;
  readonly wants?: GPUFeatureName;
  fits(choice: Choice): boolean;
}

const tiled = (tile: number, ahead: boolean): ProductVariant => ({
  name: `matmul by tiles of ${tile}${ahead ? ', loads ahead' : ''}`,
  tile,
  fits: (choice) =>
    choice.body === 'tiled' && choice.tileM === tile && Boolean(choice.ahead) === ahead,
});

const registers = (tileM: number, tileN: number): ProductVariant => ({
  name: `matmul by registers ${tileM}×${tileN}`,
  tile: tileM,
  fits: (choice) => choice.body === 'registers' && choice.tileM === tileM && choice.tileN === tileN,
});

const quads = (strips: number): ProductVariant => ({
  name: `matmul by quads, ${16 * strips} rows`,
  tile: 32,
  wants: 'subgroups',
  fits: ({ body, tileM }) => body === 'quads' && tileM === 16 * strips,
});

const subgroups = (blocks: number): ProductVariant => ({
  name: `matmul by subgroups, ${4 * blocks} columns each`,
  tile: 128,
  wants: 'subgroups',
  fits: ({ body, own }) => body === 'subgroups' && own?.overrides['COLUMNS'] === blocks,
});

export const PRODUCT_VARIANTS: readonly ProductVariant[] = [
  ...[registers(8, 8), registers(4, 8), registers(8, 4), registers(4, 4)],
  ...[quads(1), quads(2)],
  ...[
    tiled(128, false),
    tiled(128, true),
    tiled(64, false),
    tiled(64, true),
    tiled(32, false),
    tiled(32, true),
  ],
  ...[subgroups(1), subgroups(2)],
];

/** What `variant` makes of a product; null where the adapter has no such kernel. Of GPUs and of software adapters, whichever this one is. */
export function variantOf(
  variant: ProductVariant,
  traits: Traits,
): (product: Product) => Choice | null {
  return (product) =>
    [true, false]
      .flatMap((barriers) => allCandidates(product, { ...traits, barriers }))
      .find((one) => variant.fits(one)) ?? null;
}

const HALF = 'matmul with float16 weights';

/** Kernels by tiles and by registers, vec4s and single elements. */
export function halfCases(): Case[] {
  const shape = (m: number, k: number, n: number, batch: readonly number[] = []): Case => ({
    op: HALF,
    name: `${m}×${k}×${n}${batch.length > 0 ? ' of a batch each' : ''}`,
    build(_, draw) {
      const a = draw.leaf('a', [...batch, m, k]);
      const b = draw.leaf('b', [...batch, k, n], { replicated: draw.pick([true, false]) });
      return { output: matmulHalf(a, b), bound: halfBound };
    },
  });
  return [
    shape(70, 40, 68),
    shape(33, 41, 35),
    shape(5, 24, 12),
    shape(3, 7, 10, [2, 2]),
    shape(4, 1030, 6),
  ];
}

/** That of a product, and a rounding to either neighbour for each element of B, or its loss where that is no normal number. */
const halfBound: Built['bound'] = (inputs, output) => {
  const rounding = (b: number): number =>
    Math.abs(b) < 2 ** -14 ? 2 ** -14 : 2 ** -10 * Math.abs(b);
  const { a, b } = inputs;
  const magnitudes = { ...a, data: a.data.map(Math.abs) };
  const errors = productInFloat64(magnitudes, { ...b, data: b.data.map(rounding) }, output.shape);
  const sums = productBound(() => [a, b])(inputs, output) as Float64Array;
  return sums.map((bound, i) => bound + errors[i]);
};

/** One comparison a case and kernel. */
export async function checkProducts(
  gpu: Gpu,
  wanted: (name: string) => boolean,
): Promise<Comparison[]> {
  const found: Comparison[] = [];
  for (const variant of PRODUCT_VARIANTS.filter(({ name }) => wanted(name))) {
    if (variant.wants && !gpu.device.features.has(variant.wants)) {
      found.push(notGranted(variant.name, variant.wants));
      continue;
    }
    const device = usingProducts(gpu, variantOf(variant, gpu.traits));
    for (const [seed, one] of productCases(variant).entries())
      found.push(...(await compareCase(device, one, seed)));
  }
  if (wanted(HALF)) {
    if (!gpu.traits.half) found.push(notGranted(HALF, 'shader-f16'));
    else
      for (const barriers of [true, false])
        for (const [seed, one] of halfCases().entries())
          found.push(...(await compareCase(withBarriers(gpu, barriers), one, seed)));
  }
  return found;
}

/** Whether products take tiles or not, and so both kinds of kernels. */
function withBarriers(gpu: Gpu, barriers: boolean): Gpu {
  return Object.create(gpu, { traits: { value: { ...gpu.traits, barriers } } }) as Gpu;
}

/**
 * Shapes around the ends of tiles. Kernels without barriers go through all layouts; of the tiles in workgroup memory, which take a
 * software adapter long to compile, each takes two, all of them together each layout and the epilogue: the loads and stores of a layout are the same text for all.
 */
export function productCases(variant: ProductVariant): Case[] {
  const { name, tile } = variant;
  const shape = (
    label: string,
    [m, k, n]: readonly [number, number, number],
    [ta, tb]: readonly [boolean, boolean] = [false, false],
  ): Case => ({
    op: name,
    name: label,
    build(_, draw) {
      const a = draw.leaf('a', ta ? [k, m] : [m, k]);
      const b = draw.leaf('b', tb ? [n, k] : [k, n], { replicated: false });
      const bound = productBound(({ a, b }) => [ta ? transposed(a) : a, tb ? transposed(b) : b]);
      return { output: matmul(ta ? transpose(a) : a, tb ? transpose(b) : b), bound };
    },
  });
  const epilogue: Case = {
    op: name,
    name: 'bias, GELU, residual',
    build(_, draw) {
      const [m, k, n] = [tile + 3, 21, tile + 5];
      const [a, b] = [draw.leaf('a', [m, k]), draw.leaf('b', [k, n], { scale: k ** -0.5 })];
      const [bias, residual] = [draw.leaf('bias', [n]), draw.leaf('residual', [m, n])];
      const output = add(gelu(add(matmul(a, b), bias)), residual);
      return { output, bound: () => 4 * 2 * (k + 4) * 2 ** -24 + 4e-6 };
    },
  };
  const cases = [
    shape('rows', [tile + 1, 36, tile + 4]),
    shape('A transposed, any K', [tile + 4, 19, 2 * tile - 4], [true, false]),
    shape('B transposed', [tile - 1, 20, 2 * tile], [false, true]),
    shape('both transposed', [tile, 17, tile], [true, true]),
    epilogue,
    shape('split K', [20, 1031, 12], [true, false]),
  ];
  if (tile < 32 || variant.wants) return cases;
  const at = PRODUCT_VARIANTS.indexOf(variant);
  return cases.filter((_, k) => k % 3 === at % 3);
}
