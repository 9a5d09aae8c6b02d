/** Targets that a configuration alone makes: all but trained networks. */
import { linearNetworkTarget } from '../../slt/targets/linear-network';
import { potentialTarget, quadraticTarget } from '../../slt/targets/potential';
import { reluTarget } from '../../slt/targets/relu';
import { saddleTarget } from '../../slt/targets/saddles';
import { superpositionTarget } from '../../slt/targets/superposition';
import { tanhTarget } from '../../slt/targets/tanh';
import { inside } from './inside';
import type { LlcConfig } from './llc-schema';
import type { TrainedTarget } from './trained-target';

/** Throws BadConfig naming the path. */
export function makeTarget({ target, seed }: LlcConfig): TrainedTarget {
  switch (target.kind) {
    case 'potential':
      return { target: potentialTarget(target.terms, target.at), heads: null };
    case 'quadratic':
      return { target: quadraticTarget(target.eigenvalues, target.gradientNoise), heads: null };
    case 'linear-network':
      return { target: linearNetworkTarget({ ...target, seed }), heads: null };
    case 'tanh':
      return { target: tanhTarget(target.hidden), heads: null };
    case 'superposition':
      return { target: inside('target', () => superpositionTarget(target)), heads: null };
    case 'relu':
      return { target: reluTarget({ ...target, seed }), heads: null };
    case 'saddles':
      return { target: saddleTarget({ ...target, seed }), heads: null };
    case 'run':
      throw new Error('no trained network is loaded');
  }
}
