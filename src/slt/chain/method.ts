/** What each method keeps from step to step, by the names under which a snapshot holds it. */
import type { SamplerOptions } from '../../optim/sampler/options';

export interface Kept {
  /** The kernels' METHOD. */
  readonly code: number;
  /** State arrays [R, P], in the order of the kernels' planes behind position and gradient. */
  readonly planes: readonly string[];
  /** State scalars [R], with their place among the kernels' eight. */
  readonly scalars: Readonly<Record<string, number>>;
}

/** Where the trajectory, or the step whose acceptance is measured, began: position and gradient there. */
const START = ['start', 'start_gradient'] as const;
const DIVERGED = { diverged: 4 } as const;

export function keptBy({ method, acceptanceEvery = 0 }: SamplerOptions): Kept {
  switch (method) {
    case 'sgld': {
      if (acceptanceEvery === 0) return { code: 0, planes: [], scalars: DIVERGED };
      return { code: 0, planes: START, scalars: { start_potential: 1, ...DIVERGED } };
    }
    case 'rmsprop-sgld':
      return { code: 1, planes: ['square_average'], scalars: DIVERGED };
    case 'sgnht':
      return { code: 2, planes: ['momentum'], scalars: { thermostat: 0, ...DIVERGED } };
    case 'sghmc':
      return { code: 3, planes: ['momentum'], scalars: DIVERGED };
    case 'mala':
    case 'hmc':
      return {
        code: 4,
        planes: ['momentum', ...START],
        scalars: { start_potential: 1, start_kinetic: 2, start_loss: 3, ...DIVERGED },
      };
  }
}

/** Floats of a chain in the kernels' scalars: two vec4. */
export const SCALARS = 8;
