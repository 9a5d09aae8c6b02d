/** Targets that are functions of their parameters and nothing else: what the page of λ̂ opens with, and all that it needs for it. */
import { potentialTarget, quadraticTarget } from '../../slt/targets/potential';
import type { LlcConfig, TargetOf } from './llc-schema';
import type { TrainedTarget } from './trained-target';

type Potential = TargetOf<'potential'> | TargetOf<'quadratic'>;

export function isPotential(target: LlcConfig['target']): target is Potential {
  return target.kind === 'potential' || target.kind === 'quadratic';
}

/** Throws BadConfig naming the path. */
export function makePotential(target: LlcConfig['target']): TrainedTarget {
  if (!isPotential(target)) throw new Error(`no target of kind ${target.kind} is loaded`);
  return {
    heads: null,
    target:
      target.kind === 'potential'
        ? potentialTarget(target.terms, target.at)
        : quadraticTarget(target.eigenvalues, target.gradientNoise),
  };
}
