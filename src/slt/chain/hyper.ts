/** The numbers of a sampler, chain by chain, checked once; the kernels and their float64 twin both start from these. */
import { BadConfig } from '../../gpu/errors';
import type { Hyper } from '../../optim/options';
import { checkPlace } from '../../optim/sampler/place';
import { resolveSettings, type Settings } from '../../optim/sampler/settings';
import type { ChainSpec } from './types';

/** One chain's. Given numbers are rounded to float32, derived ones are not. */
export interface ChainNumbers {
  readonly lr: number;
  readonly nbeta: number;
  readonly localization: number;
  readonly weightDecay: number;
  /** 0 for none. */
  readonly box: number;
  readonly decay: number;
  readonly stability: number;
  readonly friction: number;
  /** Factor on η: √ε·σ (times √G for rmsprop-sgld), √(2Aε)·σ, √(2(a − b)ε)·σ. */
  readonly spread: number;
  /** L(w*), not rounded. */
  readonly baseline: number;
  /** d: elements sampled, at least 1. */
  readonly sampled: number;
}

/** Throws BadConfig naming the option, its range and what to do. */
export function resolveChains(spec: ChainSpec): Settings {
  const settings = resolveSettings(spec.sampler);
  const { keys, layout, baseline } = spec;
  checkPlace(settings.place, { size: layout.stride, replicas: keys.length, masked: false });
  for (const [name, value] of Object.entries({ ...settings.hyper, baseline })) {
    if (typeof value === 'number' || value.length === keys.length) continue;
    throw new BadConfig(name, {
      asked: `got ${value.length} values for ${keys.length} chains`,
      limit: 'one for all or one a chain',
      remedy: 'Give a single number or a list of that length',
    });
  }
  return settings;
}

export function chainNumbers(spec: ChainSpec): ChainNumbers[] {
  const { hyper } = resolveChains(spec);
  return spec.keys.map((_, chain) => {
    const of = (name: string): number => Math.fround(valueAt(hyper[name] ?? 0, chain));
    const lr = of('lr');
    const free = of('friction') - of('noiseEstimate');
    const { method } = spec.sampler;
    const variance = method === 'sgnht' || method === 'sghmc' ? 2 * free * lr : lr;
    return {
      lr,
      nbeta: of('nbeta'),
      localization: of('localization'),
      weightDecay: of('weightDecay'),
      box: of('box'),
      decay: of('decay'),
      stability: of('stability'),
      friction: of('friction'),
      spread: Math.sqrt(variance) * of('noiseLevel'),
      baseline: valueAt(spec.baseline, chain),
      sampled: Math.max(
        1,
        maskOf(spec, chain).reduce((count, value) => count + (value === 0 ? 0 : 1), 0),
      ),
    };
  });
}

export function maskOf({ sampler: { mask }, layout }: ChainSpec, chain: number): Float32Array {
  return ownPart(mask, chain, layout.stride);
}

export function anchorOf({ sampler: { anchor }, layout }: ChainSpec, chain: number): Float32Array {
  return ownPart(anchor, chain, layout.stride);
}

function ownPart(values: Float32Array, chain: number, stride: number): Float32Array {
  const start = values.length > stride ? chain * stride : 0;
  return values.subarray(start, start + stride);
}

function valueAt(value: Hyper, chain: number): number {
  return typeof value === 'number' ? value : value[chain];
}
