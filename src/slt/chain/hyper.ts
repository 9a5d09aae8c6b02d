/** The numbers of a sampler, chain by chain, checked once; the kernels and their float64 twin both start from these. */
import { BadConfig } from '../../gpu/errors';
import { hyperValues, requireHyper, type Hyper, type Range } from '../../optim/options';
import { gradientsPerDraw, type SamplerOptions } from '../../optim/sampler/options';
import type { ChainSpec } from './types';

/** One chain's. Given numbers are rounded to float32, derived ones are not. */
export interface ChainNumbers {
  readonly lr: number;
  readonly nbeta: number;
  readonly localization: number;
  readonly noiseLevel: number;
  readonly weightDecay: number;
  readonly box: number;
  readonly decay: number;
  readonly stability: number;
  readonly friction: number;
  /** Factor on η: √ε·σ (times √G for rmsprop-sgld), √(2Aε)·σ, √(2(a − b)ε)·σ. */
  readonly spread: number;
  /** L(w*), not rounded. */
  readonly baseline: number;
  /** d: elements sampled. */
  readonly sampled: number;
}

const POSITIVE: Range = { least: 0, most: 1e6, above: true };
const RANGES: Readonly<Record<string, Range>> = {
  lr: POSITIVE,
  nbeta: { least: 0, most: 1e12 },
  localization: { least: 0, most: 1e12 },
  noiseLevel: { least: 0, most: 1e3 },
  weightDecay: { least: 0, most: 1e12 },
  box: { least: 0, most: 1e12 },
  decay: { least: 0, most: 1 },
  stability: { least: 0, most: 1e12, above: true },
  friction: { least: 0, most: 1 },
  noiseEstimate: { least: 0, most: 1 },
};

/** Throws BadConfig naming the option, its range and what to do. */
export function chainNumbers(spec: ChainSpec): ChainNumbers[] {
  const { sampler, keys, layout } = spec;
  const named = namedOptions(sampler);
  for (const [name, value] of Object.entries(named)) {
    requireHyper(`sampler.${name}`, value, RANGES[name]);
    const count = hyperValues(value).length;
    if (typeof value !== 'number' && count !== keys.length) refuseLength(name, count, keys.length);
  }
  if (typeof spec.baseline !== 'number' && spec.baseline.length !== keys.length)
    refuseLength('baseline', spec.baseline.length, keys.length);
  const exact = sampler.method === 'mala' || sampler.method === 'hmc';
  if (exact && hyperValues(named.noiseLevel).some((value) => value !== 1)) {
    throw new BadConfig('sampler.noiseLevel', {
      asked: `got ${String(sampler.noiseLevel)} for ${sampler.method}`,
      limit: 'the exact samplers take 1',
      remedy: 'Leave it out, or sample at another temperature by nbeta',
    });
  }
  return keys.map((_, chain) => {
    const at = (name: keyof typeof named): number => Math.fround(valueAt(named[name], chain));
    const mask = maskOf(spec, chain);
    let sampled = 0;
    for (let i = 0; i < layout.stride; i++) if (mask[i] !== 0) sampled++;
    if (sampled === 0) {
      throw new BadConfig('sampler.mask', {
        asked: `chain ${chain} has no element to sample`,
        limit: 'at least one must be 1',
        remedy: 'Check the mask',
      });
    }
    return {
      lr: at('lr'),
      nbeta: at('nbeta'),
      localization: at('localization'),
      noiseLevel: at('noiseLevel'),
      weightDecay: at('weightDecay'),
      box: at('box'),
      decay: at('decay'),
      stability: at('stability'),
      friction: at('friction'),
      spread: spreadOf(sampler, {
        lr: at('lr'),
        sigma: at('noiseLevel'),
        friction: at('friction'),
        estimate: at('noiseEstimate'),
      }),
      baseline: valueAt(spec.baseline, chain),
      sampled,
    };
  });
}

export function maskOf({ sampler: { mask }, layout: { stride } }: ChainSpec, chain: number) {
  return ownPart(mask, chain, stride);
}

export function anchorOf({ sampler: { anchor }, layout: { stride } }: ChainSpec, chain: number) {
  return ownPart(anchor, chain, stride);
}

/** Leapfrog steps of a trajectory; 1 for methods that have none. */
export const trajectoryOf = (sampler: SamplerOptions): number => gradientsPerDraw(sampler);

function ownPart(values: Float32Array, chain: number, stride: number): Float32Array {
  const start = values.length > stride ? chain * stride : 0;
  return values.subarray(start, start + stride);
}

function namedOptions(sampler: SamplerOptions) {
  return {
    lr: sampler.lr,
    nbeta: sampler.nbeta,
    localization: sampler.localization,
    noiseLevel: sampler.noiseLevel ?? 1,
    weightDecay: sampler.weightDecay ?? 0,
    box: sampler.box ?? 0,
    decay: sampler.decay ?? 0.99,
    stability: sampler.stability ?? 0.1,
    friction: sampler.friction ?? (sampler.method === 'sghmc' ? 0.1 : 0.01),
    noiseEstimate: sampler.noiseEstimate ?? 0,
  } satisfies Record<string, Hyper>;
}

function spreadOf(
  { method }: SamplerOptions,
  given: { lr: number; sigma: number; friction: number; estimate: number },
): number {
  const { lr, sigma, friction, estimate } = given;
  if (method === 'sgnht') return Math.sqrt(2 * friction * lr) * sigma;
  if (method !== 'sghmc') return Math.sqrt(lr) * sigma;
  if (estimate > friction) {
    throw new BadConfig('sampler.noiseEstimate', {
      asked: `got ${estimate} with friction ${friction}`,
      limit: 'must be at most the friction',
      remedy: 'Lower noiseEstimate or raise friction',
    });
  }
  return Math.sqrt(2 * (friction - estimate) * lr) * sigma;
}

function valueAt(value: Hyper, chain: number): number {
  return typeof value === 'number' ? value : value[chain];
}

function refuseLength(name: string, count: number, chains: number): never {
  throw new BadConfig(`sampler.${name}`, {
    asked: `got ${count} values for ${chains} chains`,
    limit: 'one for all or one a chain',
    remedy: 'Give a single number or a list of that length',
  });
}
