/** A sampler's options with their defaults filled in and every number checked. */
import { BadConfig } from '../../gpu/errors';
import type { Hyper, Range } from '../options';
import { hyperValues, requireHyper, requireSameLength } from '../options';
import { METHODS, type Method, type SamplerOptions } from './options';
import { packPlace, type Place } from './place';

export interface Settings {
  readonly method: Method;
  /** The columns that the kernels read, two vec4s a chain, in their order. */
  readonly hyper: Readonly<Record<string, Hyper>>;
  /** L of the exact samplers, 1 for mala. */
  readonly leapfrog: number;
  /** 0 unless the method is sgld. */
  readonly acceptanceEvery: number;
  readonly place: Place;
}

const LEAST = 1e-30;
const LONGEST_TRAJECTORY = 1000;

/** Throws `BadConfig` naming the option, its limit and what to do. */
export function resolveSettings(options: SamplerOptions): Settings {
  const { method, lr, nbeta, localization, noiseLevel = 1, weightDecay = 0, box = 0 } = options;
  const { leapfrog = 10, acceptanceEvery = 0 } = options;
  if (!METHODS.includes(method)) {
    throw new BadConfig('method', {
      asked: `got ${String(method)}`,
      limit: `must be one of ${METHODS.join(', ')}`,
      remedy: 'Choose one of these',
    });
  }
  requireHyper('lr', lr, { least: LEAST, most: 1e6 });
  requireHyper('nbeta', nbeta, { least: LEAST, most: 1e15 });
  requireHyper('localization', localization, { least: 0, most: 1e15 });
  requireHyper('noiseLevel', noiseLevel, { least: 0, most: 1e6 });
  requireHyper('weightDecay', weightDecay, { least: 0, most: 1e15 });
  requireHyper('box', box, { least: 0, most: 1e15 });
  const exact = method === 'mala' || method === 'hmc';
  if (exact && hyperValues(noiseLevel).some((level) => level !== 1)) {
    throw new BadConfig('noiseLevel', {
      asked: `got ${hyperValues(noiseLevel).find((level) => level !== 1)} with ${method}`,
      limit: 'an exact sampler has noise of level 1',
      remedy: 'Leave it out, or choose sgld',
    });
  }
  const length = method === 'hmc' ? leapfrog : 1;
  requireWhole('leapfrog', length, 1, LONGEST_TRAJECTORY);
  requireWhole('acceptanceEvery', acceptanceEvery, 0, 1e9);
  const common = { lr, nbeta, localization, weightDecay, noiseLevel, box };
  const hyper = { ...common, ...ownColumns(options) };
  requireSameLength(hyper);
  return {
    method,
    hyper,
    leapfrog: length,
    acceptanceEvery: method === 'sgld' ? acceptanceEvery : 0,
    place: packPlace(options),
  };
}

/** The last two columns. */
function ownColumns(options: SamplerOptions): Record<string, Hyper> {
  const { method, decay = 0.99, stability = 0.1, noiseEstimate = 0 } = options;
  const unit: Range = { least: 0, most: 1 };
  switch (method) {
    case 'rmsprop-sgld':
      requireHyper('decay', decay, unit);
      requireHyper('stability', stability, { least: LEAST, most: 1e15 });
      return { decay, stability };
    case 'sgnht': {
      const { friction = 0.01 } = options;
      requireHyper('friction', friction, unit);
      return { friction, unused: 0 };
    }
    case 'sghmc': {
      const { friction = 0.1 } = options;
      requireHyper('friction', friction, unit);
      requireHyper('noiseEstimate', noiseEstimate, unit);
      requireOrdered(noiseEstimate, friction);
      return { friction, noiseEstimate };
    }
    default:
      return { unused1: 0, unused2: 0 };
  }
}

/** b ≤ a, chain by chain. */
function requireOrdered(noiseEstimate: Hyper, friction: Hyper): void {
  const length = Math.max(hyperValues(noiseEstimate).length, hyperValues(friction).length);
  const at = (value: Hyper, r: number): number => (typeof value === 'number' ? value : value[r]);
  for (let r = 0; r < length; r++) {
    if (at(noiseEstimate, r) <= at(friction, r)) continue;
    throw new BadConfig('noiseEstimate', {
      asked: `got ${at(noiseEstimate, r)} with a friction of ${at(friction, r)}`,
      limit: 'the noise that gradients bring is at most what the friction takes out',
      remedy: 'Lower noiseEstimate or raise friction',
    });
  }
}

function requireWhole(path: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new BadConfig(path, {
    asked: `got ${value}`,
    limit: `must be a whole number from ${least} to ${most}`,
    remedy: 'Choose one in that range',
  });
}
