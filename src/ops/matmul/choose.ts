/**
 * Which kernel computes a product, and in what pieces. Rules and rates are measurements on SwiftShader (benches/matmul.ts)
 * and, for GPUs, the usual ones: fill the device first, reuse loads second.
 */
import type anyProduct from '../../../shaders/matmul/tiled-any-any.wgsl';
import type { Shader } from '../../gpu/shader';
import type { ParamsOf, Traits } from '../../plan/types';

export interface Extents {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  /** Products of that size: replicas times batch. */
  readonly count: number;
}

/** How operands lie: rows contiguous, or columns, in vec4s; `any` where a load or a store is of single elements. */
export type Layout = 'rows-rows' | 'columns-rows' | 'rows-columns' | 'any';

export interface Product extends Extents {
  readonly layout: Layout;
  /** A and B have their unit stride along K. */
  readonly alongK: readonly [a: boolean, b: boolean];
}

export interface Choice {
  readonly body: 'registers' | 'quads' | 'tiled' | 'subgroups';
  /** Outputs per tile along M and N: per invocation in `registers`, per workgroup in all others. */
  readonly tileM: number;
  readonly tileN: number;
  /** `tiled` only: loads for the next steps are under way while these are worked off. */
  readonly ahead?: boolean;
  /** Invocations per workgroup. */
  readonly workgroup: number;
  /** Chunks of K computed separately and added by a second pass; 1 for none. */
  readonly splits: number;
  /** Elements of K per split. */
  readonly chunk: number;
  /** Kernels that not every program carries, a workgroup per tile. */
  readonly own?: {
    readonly kernels: Readonly<Record<Layout, ProductShader>>;
    readonly overrides: Readonly<Record<string, number>>;
  };
}

/** Any kernel with the interface of shaders/lib/matmul. */
export type ProductShader = Shader<
  'a' | 'b' | 'c' | 'bias' | 'residual' | 'gate',
  keyof ParamsOf<typeof anyProduct>,
  string
>;

type Pieces = Pick<Choice, 'splits' | 'chunk'>;

/** GFLOP per core-second that a register tile reached on SwiftShader: loads dominate, so large tiles win. */
const REGISTER_RATES = [
  { tileM: 8, tileN: 8, rate: 2.1 },
  { tileM: 4, tileN: 8, rate: 1.55 },
  { tileM: 8, tileN: 4, rate: 1.55 },
  { tileM: 4, tileN: 4, rate: 1.25 },
] as const;
/** And a tile that a quad shares. */
const QUAD_RATE = 3.7;
/** From so much arithmetic on an invocation keeps two strips. */
const STRIPS_FLOPS = 4e7;
/** Threads that have to find work: workgroups beyond a multiple of it keep the others waiting. */
const SOFTWARE_THREADS = 4;

/** A second pass pays only where K is long; a chunk shorter than this would be all overhead. */
const LONG_K = 320;
const SHORTEST_CHUNK = 128;
const MOST_SPLITS = 32;

/** Tiles that keep a device busy: register tiles on software adapters and on GPUs, workgroup tiles on GPUs. */
const SOFTWARE_TILES = 64;
const GPU_INVOCATIONS = 4096;
const GPU_WORKGROUPS = 200;

/** What was measured on an adapter, if anything was; a tuner fills it. */
const tuned = new WeakMap<Traits, (product: Product) => Choice | null>();

/** Lets measurements decide for the adapter of these traits; where they say null, the rules here do. */
export function tuneProducts(traits: Traits, choose: (product: Product) => Choice | null): void {
  tuned.set(traits, choose);
}

export function chooseProduct(product: Product, traits: Traits): Choice {
  return tuned.get(traits)?.(product) ?? chooseByRule(product, traits);
}

/** The choice where nothing was measured. */
export function chooseByRule(extents: Extents, traits: Traits): Choice {
  if (!traits.barriers) return chooseForSoftware(extents, traits);
  const { m, n } = extents;
  return m >= 32 && n >= 32 ? chooseTile(extents) : registersChoice(extents, 4, 4, traits);
}

/** What is worth measuring for a product; the tiled kernel only where barriers are cheap, quads only where they are not. */
export function productCandidates(extents: Extents, traits: Traits): Choice[] {
  const registers = REGISTER_RATES.map(({ tileM, tileN }) =>
    registersChoice(extents, tileM, tileN, traits),
  );
  if (hasQuads(traits))
    return [...[2, 1].map((strips) => quadsChoice(extents, strips)), ...registers];
  if (!traits.barriers) return registers;
  const pieces = piecesOfTiles(extents);
  const tiles = [false, true].flatMap((ahead) =>
    [128, 64, 32].map((tile) => tiledChoice(tile, ahead, pieces)),
  );
  return [...tiles, ...registers];
}

/** Whether an adapter pays for loads, as those in software do, and has subgroups to share them. */
export const hasQuads = ({ barriers, subgroup = 0 }: Traits): boolean => !barriers && subgroup >= 4;

function chooseForSoftware(extents: Extents, traits: Traits): Choice {
  const cost = ({ tileM, tileN, rate }: (typeof REGISTER_RATES)[number]): number =>
    timeOf(countTiles(extents, tileM, tileN), tileM * tileN, rate);
  const best = REGISTER_RATES.reduce((a, b) => (cost(b) < cost(a) ? b : a));
  const { m, n, k, count } = extents;
  const quads = quadsChoice(extents, stripsOf(2 * m * n * k * count));
  const { tileM, tileN } = quads;
  const shared = timeOf(4 * countTiles(extents, tileM, tileN), (tileM * tileN) / 4, QUAD_RATE);
  return hasQuads(traits) && shared < cost(best)
    ? quads
    : registersChoice(extents, best.tileM, best.tileN, traits);
}

/** Of tiles of so many outputs an invocation, four invocations a workgroup, in the time that an output takes at a rate of 1. */
function timeOf(tiles: number, outputs: number, rate: number): number {
  const quads = Math.ceil(tiles / 4);
  return (Math.ceil(quads / SOFTWARE_THREADS) * SOFTWARE_THREADS * 4 * outputs) / rate;
}

/** K is split as for register tiles of 8 × 8, so that both add up in the same order. */
function quadsChoice(extents: Extents, strips: number): Choice {
  const { splits, chunk } = registersChoice(extents, 8, 8, { barriers: false });
  return { body: 'quads', tileM: 16 * strips, tileN: 32, workgroup: 4, splits, chunk };
}

/** Strips of 16 rows that an invocation of a quad keeps: two load less, and are longer compiled than a small product computes. */
export const stripsOf = (flops: number): number => (flops < STRIPS_FLOPS ? 1 : 2);

function registersChoice(
  extents: Extents,
  tileM: number,
  tileN: number,
  { barriers }: Pick<Traits, 'barriers'>,
): Choice {
  const tiles = countTiles(extents, tileM, tileN);
  // Software adapters run four lanes at a time; groups of 8 and 16 were no faster and would be more kernels to compile.
  const workgroup = barriers ? 64 : 4;
  const wanted = barriers ? GPU_INVOCATIONS : SOFTWARE_TILES;
  return { body: 'registers', tileM, tileN, workgroup, ...split(extents.k, tiles, wanted, 4) };
}

/** The largest tile that still keeps a large GPU busy, or nearly so as K is split into whole chunks; the smallest where none does. */
function chooseTile(extents: Extents): Choice {
  const pieces = piecesOfTiles(extents);
  const fills = (tile: number): boolean =>
    countTiles(extents, tile, tile) * pieces.splits >= 0.75 * GPU_WORKGROUPS;
  return tiledChoice([128, 64].find(fills) ?? 32, false, pieces);
}

/** K is split as for tiles of 64, whatever the tile, so that all add up in the same order. */
function piecesOfTiles(extents: Extents): Pieces {
  return split(extents.k, countTiles(extents, 64, 64), GPU_WORKGROUPS, 16);
}

/** 8 × 8 outputs an invocation, 4 × 4 in tiles of 32. */
function tiledChoice(tile: number, ahead: boolean, pieces: Pieces): Choice {
  return {
    ...{ body: 'tiled', tileM: tile, tileN: tile, ahead },
    ...{ workgroup: tile === 128 ? 256 : 64, ...pieces },
  };
}

function countTiles({ m, n, count }: Extents, tileM: number, tileN: number): number {
  return Math.ceil(m / tileM) * Math.ceil(n / tileN) * count;
}

/** Splits K so that `units` of work become about `wanted`, in chunks of a multiple of `step`. */
function split(k: number, units: number, wanted: number, step: number): Pieces {
  const useful = Math.min(wanted / units, k / SHORTEST_CHUNK, MOST_SPLITS);
  const pieces = k >= LONG_K && useful >= 2 ? Math.floor(useful) : 1;
  const chunk = Math.ceil(Math.ceil(k / pieces) / step) * step;
  return { splits: Math.ceil(k / chunk), chunk };
}
