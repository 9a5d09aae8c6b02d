/**
 * One chain in float64, in plain loops: what the kernels are held to. The meaning of a step is in
 * src/optim/sampler/options.ts; names of what is kept are those of method.ts.
 */
import { visitor, type Visit } from '../../chip/targets';
import type { Key } from '../../graph/layout';
import { SAMPLER_METRICS } from '../../optim/sampler/options';
import { negativeLog, normals } from '../../random/normal';
import { philox } from '../../random/philox';
import { streams } from '../../random/streams';
import type { Settings } from '../../optim/sampler/settings';
import { anchorOf, chainNumbers, maskOf, type ChainNumbers } from './hyper';
import { keptBy } from './method';
import type { ChainSpec } from './types';

export interface Chain {
  readonly key: Key;
  readonly w: Float64Array;
  /** ∇L(w) of the step under way. */
  readonly g: Float64Array;
  readonly anchor: Float32Array;
  readonly mask: Float32Array;
  readonly directions: Float32Array | null;
  readonly numbers: ChainNumbers;
  /** By the names of `keptBy`: [P] each. */
  readonly planes: Readonly<Record<string, Float64Array>>;
  readonly scalars: Record<string, number>;
  readonly visit: Visit;
  readonly trajectory: number;
  readonly acceptanceEvery: number;
}

/** A row of metrics; indices by name. */
export type Row = Float64Array;
export const METRIC = /* @__PURE__ */ Object.fromEntries(
  SAMPLER_METRICS.map((name, k) => [name, k]),
) as Record<(typeof SAMPLER_METRICS)[number], number>;

export function startChains(spec: ChainSpec, settings: Settings): Chain[] {
  const { keys, layout, sampler, start } = spec;
  const size = layout.stride;
  const numbers = chainNumbers(spec);
  const { planes, scalars } = keptBy(sampler);
  return keys.map((key, r) => ({
    key,
    w: Float64Array.from(start.subarray(r * size, (r + 1) * size)),
    g: new Float64Array(size),
    anchor: anchorOf(spec, r),
    mask: maskOf(spec, r),
    directions: sampler.directions ?? null,
    numbers: numbers[r],
    planes: Object.fromEntries(planes.map((name) => [name, new Float64Array(size)])),
    scalars: Object.fromEntries(Object.keys(scalars).map((name) => [name, 0])),
    visit: visitor(spec.target, r),
    trajectory: settings.leapfrog,
    acceptanceEvery: settings.acceptanceEvery,
  }));
}

/** ∇U of element i, given ∇L in `g`. */
export function slopeAt({ w, g, anchor, numbers }: Chain, i: number): number {
  return numbers.nbeta * g[i] + pullAt({ w, anchor, numbers }, i);
}

export function pullAt(
  { w, anchor, numbers }: Pick<Chain, 'w' | 'anchor' | 'numbers'>,
  i: number,
): number {
  return numbers.localization * (w[i] - anchor[i]) + numbers.weightDecay * w[i];
}

/** Sums over what is sampled. */
export interface Whereabouts {
  /** ‖w − w*‖² */
  distance2: number;
  /** ‖w‖² */
  norm2: number;
  /** w − w* on the two directions. */
  x: number;
  y: number;
}

export function whereabouts({ w, anchor, mask, directions }: Chain): Whereabouts {
  const sums = { distance2: 0, norm2: 0, x: 0, y: 0 };
  for (let i = 0; i < w.length; i++) {
    if (mask[i] === 0) continue;
    const offset = w[i] - anchor[i];
    sums.distance2 += offset * offset;
    sums.norm2 += w[i] * w[i];
    if (!directions) continue;
    sums.x += offset * directions[i];
    sums.y += offset * directions[w.length + i];
  }
  return sums;
}

const words = new Uint32Array(4);

/** The step's normals into `out` [P]. */
export function drawNormals({ key }: Chain, step: number, stream: number, out: Float32Array): void {
  for (let block = 0; 4 * block < out.length; block++) {
    normals(philox(key[0], key[1], step, block, stream, 0, words), out, 4 * block);
  }
}

/** −ln u of the step's Metropolis test. */
export function drawCoin({ key }: Chain, step: number): number {
  return negativeLog(philox(key[0], key[1], step, 0, streams.accept, 0, words)[0]);
}
