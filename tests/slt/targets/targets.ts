/** One small target of each kind, as configurations of the experiment. */
import { llc } from '../../../src/lab/experiments/llc';
import type { LlcConfig } from '../../../src/lab/experiments/llc-schema';

export const TARGETS: Readonly<Record<string, object>> = {
  potential: {
    kind: 'potential',
    terms: [
      { coefficient: 1, powers: [2, 2] },
      { coefficient: 0.5, powers: [4, 0] },
    ],
  },
  'potential away from the origin': {
    kind: 'potential',
    terms: [{ coefficient: 1, powers: [2, 3, 0] }],
    at: [0, 0.5, 1],
  },
  quadratic: { kind: 'quadratic', eigenvalues: [1, 3, 0, 2, 5] },
  'quadratic with gradient noise': { kind: 'quadratic', eigenvalues: [1, 2], gradientNoise: 0.3 },
  'linear network': { kind: 'linear-network', widths: [3, 2, 4], rank: 1 },
  'deep linear network': { kind: 'linear-network', widths: [2, 3, 3, 2], rank: 2 },
  tanh: { kind: 'tanh', hidden: 3 },
  superposition: { kind: 'superposition', features: 5, state: '4+' },
  'superposition with a frozen bias': {
    kind: 'superposition',
    features: 5,
    state: '4',
    freezeDeadBias: true,
  },
  saddles: {
    ...{ kind: 'saddles', widths: [3, 2, 4], spectrum: [2, 1], scale: 0.3 },
    ...{ trainingSteps: 60, checkpoints: 3, rate: 0.02 },
  },
  relu: { kind: 'relu', widths: [2, 3, 2], rescale: [1, 2], samples: 12 },
};

export function parseTarget(target: object, sampler: object = {}, rest: object = {}): LlcConfig {
  return llc.parse({ experiment: 'llc', target, sampler, ...rest });
}
