/** What the float64 twins of all samplers share: a chain's numbers, its noise, and what it records. */
import type { ReferenceUpdate } from '../../graph/update';
import { fillNormal } from '../../random/random';
import type { Stream } from '../../random/streams';
import { SAMPLER_METRICS, type SamplerMetric } from './options';
import { ownPlace, type OwnPlace, type Place } from './place';

/** One chain's settings as float32 holds them, which is what the device reads. */
export function settingsOf({ hyper }: ReferenceUpdate): (name: string) => number {
  return (name) => Math.fround(hyper[name] ?? 0);
}

/** η of every element: as the device draws it, up to 8 ULP. */
export function noiseAt(
  { parameters, seed, replica, step }: ReferenceUpdate,
  stream: Stream,
): Float32Array {
  return fillNormal(parameters.length, seed, replica, stream, 0, 1, step);
}

export type Sums = Record<SamplerMetric, number> & { norm2: number; sampled: number };

/** Where the chain is, summed over the elements sampled; the rest zero. */
export function whereabouts({ parameters: w }: ReferenceUpdate, place: OwnPlace): Sums {
  const zeros = Object.fromEntries(SAMPLER_METRICS.map((name) => [name, 0]));
  const sums = { ...zeros, acceptance: -1, norm2: 0, sampled: 0 } as Sums;
  for (let i = 0; i < w.length; i++) {
    if (!place.sampled(i)) continue;
    const offset = w[i] - place.anchor(i);
    sums.distance2 += offset ** 2;
    sums.norm2 += w[i] ** 2;
    sums.x += offset * place.direction(0, i);
    sums.y += offset * place.direction(1, i);
    sums.sampled++;
  }
  return sums;
}

/** Adds one element's displacements. */
export function addParts(sums: Sums, gradient: number, prior: number, noise: number): void {
  sums.gradient2 += gradient ** 2;
  sums.prior2 += prior ** 2;
  sums.noise2 += noise ** 2;
  sums.gradient_prior += gradient * prior;
  sums.gradient_noise += gradient * noise;
  sums.prior_noise += prior * noise;
}

export function record({ metrics }: ReferenceUpdate, sums: Sums): void {
  SAMPLER_METRICS.forEach((name, m) => (metrics[m] = sums[name]));
}

export function placeOf(place: Place, { index, parameters }: ReferenceUpdate): OwnPlace {
  return ownPlace(place, index, parameters.length);
}
