/**
 * Which kernel computes a product, and in what pieces. Rules and rates are measurements on SwiftShader (benches/matmul.ts)
 * and, for GPUs, the usual ones: fill the device first, reuse loads second.
 */
import type { Traits } from '../../plan/types';

export interface Extents {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  /** Products of that size: replicas times batch. */
  readonly count: number;
}

export interface Choice {
  readonly body: 'registers' | 'tiled';
  /** Outputs per tile along M and N: per invocation in `registers`, per workgroup in `tiled`. */
  readonly tileM: number;
  readonly tileN: number;
  /** Invocations per workgroup. */
  readonly workgroup: number;
  /** Chunks of K computed separately and added by a second pass; 1 for none. */
  readonly splits: number;
  /** Elements of K per split. */
  readonly chunk: number;
}

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
const tuned = new WeakMap<Traits, (extents: Extents) => Choice | null>();

/** Lets measurements decide for the adapter of these traits; where they say null, the rules here do. */
export function tuneProducts(traits: Traits, choose: (extents: Extents) => Choice | null): void {
  tuned.set(traits, choose);
}

export function chooseProduct(extents: Extents, traits: Traits): Choice {
  const measured = tuned.get(traits)?.(extents);
  if (measured) return measured;
  if (!traits.barriers) return chooseForSoftware(extents);
  const { m, n } = extents;
  return m >= 32 && n >= 32 ? tiledChoice(extents) : registersChoice(extents, 4, 4, traits);
}

/** What is worth measuring for a product; the tiled kernel only where barriers are cheap. */
export function productCandidates(extents: Extents, traits: Traits): Choice[] {
  const registers = TILE_RATES.map(({ tileM, tileN }) =>
    registersChoice(extents, tileM, tileN, traits),
  );
  return traits.barriers ? [tiledChoice(extents), ...registers] : registers;
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

function tiledChoice(extents: Extents): Choice {
  const tiles = countTiles(extents, 64, 64);
  const pieces = split(extents.k, tiles, GPU_WORKGROUPS, 16);
  return { body: 'tiled', tileM: 64, tileN: 64, workgroup: 64, ...pieces };
}

function countTiles({ m, n, count }: Extents, tileM: number, tileN: number): number {
  return Math.ceil(m / tileM) * Math.ceil(n / tileN) * count;
}

/** Splits K so that `units` of work become about `wanted`, in chunks of a multiple of `step`. */
function split(
  k: number,
  units: number,
  wanted: number,
  step: number,
): { readonly splits: number; readonly chunk: number } {
  const useful = Math.min(wanted / units, k / SHORTEST_CHUNK, MOST_SPLITS);
  const pieces = k >= LONG_K && useful >= 2 ? Math.floor(useful) : 1;
  const chunk = Math.ceil(Math.ceil(k / pieces) / step) * step;
  return { splits: Math.ceil(k / chunk), chunk };
}
