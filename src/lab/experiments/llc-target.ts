/** From a configuration to a target. */
import { linearNetworkTarget } from '../../slt/targets/linear-network';
import { potentialTarget, quadraticTarget } from '../../slt/targets/potential';
import { reluTarget } from '../../slt/targets/relu';
import { saddleTarget } from '../../slt/targets/saddles';
import { superpositionTarget } from '../../slt/targets/superposition';
import { tanhTarget } from '../../slt/targets/tanh';
import type { Files } from '../files';
import { inside } from './inside';
import { runTarget } from './llc-run-target';
import type { LlcConfig } from './llc-schema';
import type { TrainedTarget } from './trained-target';

/** Throws BadConfig naming the path. */
export function buildTarget({ target, seed }: LlcConfig, files: Files): TrainedTarget {
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
      return runTarget(target, files);
  }
}
