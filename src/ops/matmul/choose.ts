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
  readonly body: 'registers' | 'tiled' | 'subgroups';
  /** Outputs per tile along M and N: per invocation in `registers`, per workgroup in `tiled`. */
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
const TILE_RATES = [
  { tileM: 8, tileN: 8, rate: 2.1 },
  { tileM: 4, tileN: 8, rate: 1.55 },
  { tileM: 8, tileN: 4, rate: 1.55 },
  { tileM: 4, tileN: 4, rate: 1.25 },
] as const;

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
  if (!traits.barriers) return chooseForSoftware(extents);
  const { m, n } = extents;
  return m >= 32 && n >= 32 ? chooseTile(extents) : registersChoice(extents, 4, 4, traits);
}

/** What is worth measuring for a product; the tiled kernel only where barriers are cheap. */
export function productCandidates(extents: Extents, traits: Traits): Choice[] {
  const registers = TILE_RATES.map(({ tileM, tileN }) =>
    registersChoice(extents, tileM, tileN, traits),
  );
  if (!traits.barriers) return registers;
  const pieces = piecesOfTiles(extents);
  const tiles = [false, true].flatMap((ahead) =>
    [128, 64, 32].map((tile) => tiledChoice(tile, ahead, pieces)),
  );
  return [...tiles, ...registers];
}

function chooseForSoftware(extents: Extents): Choice {
  const { m, n } = extents;
  const cost = ({ tileM, tileN, rate }: (typeof TILE_RATES)[number]): number =>
    (Math.ceil(m / tileM) * tileM * Math.ceil(n / tileN) * tileN) / rate;
  const { tileM, tileN } = TILE_RATES.reduce((a, b) => (cost(b) < cost(a) ? b : a));
  return registersChoice(extents, tileM, tileN, { barriers: false });
}

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
