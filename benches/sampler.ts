/**
 * A step of a sampler over a flat buffer: an update like an optimiser's, bound by the numbers it draws. It is a chain's first step
 * over and over, in which momenta are drawn too, and trajectories of MALA and HMC begin but do not end.
 */
import type { Update } from '../src/graph/update';
import { sampler } from '../src/optim/sampler';
import { METHODS } from '../src/optim/sampler/options';
import type { Method } from '../src/optim/sampler/options';
import { fillNormal } from '../src/random/random';
import { streams } from '../src/random/streams';
import type { Bench } from './types';
import {
  createUpdateTask,
  plainUpdateContender,
  referenceContender,
  updateContender,
} from './update';

const SIZE = 1 << 20;
const AT = { lr: 1e-4, nbeta: 100, localization: 1 } as const;

export const benches: readonly Bench[] = METHODS.map((method) => ({
  name: `sampler/${method}`,
  title: `one step of a chain of ${SIZE.toLocaleString('en')} parameters by ${method}`,
  unit: 'steps',
  weight: method === 'sgld' ? 'light' : 'usual',
  contenders: async ({ gpu }) => {
    const task = createUpdateTask(chain(method), SIZE);
    return [
      updateContender(gpu, task),
      ...(method === 'sgld' ? [plainUpdateContender(task, langevinLoop)] : []),
      referenceContender(task),
    ];
  },
}));

function chain(method: Method): Update {
  const [anchor, mask] = [new Float32Array(SIZE), new Float32Array(SIZE).fill(1)];
  return sampler({ method, ...AT, anchor, mask });
}

/** w ← w − ½ε·(nβ·g + γ·w) + √ε·η around the anchor 0, the noise from the host's Philox. */
function langevinLoop(parameters: Float32Array, gradients: Float32Array): (step: number) => void {
  const { lr, nbeta, localization } = AT;
  const scale = Math.sqrt(lr);
  return (step) => {
    const noise = fillNormal(parameters.length, 0, 0, streams.noise, 0, 1, step);
    for (let i = 0; i < parameters.length; i++) {
      const w = parameters[i];
      const drift = nbeta * gradients[i] + localization * w;
      parameters[i] = w - 0.5 * lr * drift + scale * noise[i];
    }
  };
}
