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
const LONG_K = 256;
const SHORTEST_CHUNK = 128;
const MOST_SPLITS = 32;

/** Tiles in flight that keep a device busy: invocations on software adapters, workgroups on GPUs. */
const SOFTWARE_TILES = 64;
const GPU_WORKGROUPS = 256;

export function chooseProduct(extents: Extents, traits: Traits): Choice {
  return traits.barriers ? chooseForGpu(extents) : chooseForSoftware(extents);
}

function chooseForSoftware(extents: Extents): Choice {
  const { m, n } = extents;
  const cost = ({ tileM, tileN, rate }: (typeof TILE_RATES)[number]): number =>
    (Math.ceil(m / tileM) * tileM * Math.ceil(n / tileN) * tileN) / rate;
  const best = TILE_RATES.reduce((a, b) => (cost(b) < cost(a) ? b : a));
  const tiles = countTiles(extents, best.tileM, best.tileN);
  const workgroup = tiles >= 256 ? 16 : 4;
  return {
    body: 'registers',
    tileM: best.tileM,
    tileN: best.tileN,
    workgroup,
    ...split(extents.k, tiles, SOFTWARE_TILES, 4),
  };
}

function chooseForGpu(extents: Extents): Choice {
  const { m, n, k } = extents;
  if (m >= 32 && n >= 32) {
    const tiles = countTiles(extents, 64, 64);
    return {
      body: 'tiled',
      tileM: 64,
      tileN: 64,
      workgroup: 64,
      ...split(k, tiles, GPU_WORKGROUPS, 16),
    };
  }
  const tiles = countTiles(extents, 4, 4);
  return {
    body: 'registers',
    tileM: 4,
    tileN: 4,
    workgroup: 64,
    ...split(k, tiles / 64, GPU_WORKGROUPS / 4, 4),
  };
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
