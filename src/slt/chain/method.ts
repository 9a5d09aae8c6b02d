/** What each method keeps from step to step, by the names under which the general path's snapshots hold it too. */
import type { SamplerOptions } from '../../optim/sampler/options';

export interface Kept {
  /** The kernels' METHOD. */
  readonly code: number;
  /** State arrays [R, P], in the order of the kernels' planes behind position and gradient. */
  readonly planes: readonly string[];
  /** State scalars [R], with their place among the kernels' eight. */
  readonly scalars: Readonly<Record<string, number>>;
}

export function keptBy({ method, acceptanceEvery = 0 }: SamplerOptions): Kept {
  switch (method) {
    case 'sgld':
      return acceptanceEvery > 0
        ? { code: 0, planes: ['previous'], scalars: { potential: 7 } }
        : { code: 0, planes: [], scalars: {} };
    case 'rmsprop-sgld':
      return { code: 1, planes: ['square_avg'], scalars: {} };
    case 'sgnht':
      return { code: 2, planes: ['momentum'], scalars: { xi: 6 } };
    case 'sghmc':
      return { code: 3, planes: ['momentum'], scalars: {} };
    case 'mala':
    case 'hmc':
      return {
        code: 4,
        planes: ['momentum', 'start', 'start_gradient'],
        scalars: { loss: 0, distance2: 1, norm2: 2, kinetic2: 3, x: 4, y: 5 },
      };
  }
}

/** Floats of a chain in the kernels' scalars: two vec4. */
export const SCALARS = 8;
