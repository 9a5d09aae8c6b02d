/**
 * Samplers as updates: the fused kernels over the flat buffers of all chains, and their float64 twins. What a step of each
 * does, and what it records, is in options.ts.
 *
 *     const update = sampler({ method: 'sgld', lr: 1e-4, nbeta: 1000, localization: 1, anchor, mask });
 *     const program = await compile(gpu, { keys, data, start, training: { loss, metrics: {}, update } });
 */
import type { Update } from '../../graph/update';
import { friction } from './friction';
import { langevin } from './langevin';
import { metropolis } from './metropolis';
import type { SamplerOptions } from './options';
import { resolveSettings } from './settings';

/**
 * Its metrics are `SAMPLER_METRICS`, so those of the training need other names; the loss it records is `Training.observed`.
 * Throws `BadConfig` for an option out of range, and, once it meets a program, for an anchor, mask or directions of another
 * size.
 */
export function sampler(options: SamplerOptions): Update {
  const settings = resolveSettings(options);
  switch (settings.method) {
    case 'sgld':
    case 'rmsprop-sgld':
      return langevin(settings);
    case 'sgnht':
    case 'sghmc':
      return friction(settings);
    case 'mala':
    case 'hmc':
      return metropolis(settings);
  }
}
