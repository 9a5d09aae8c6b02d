/** Targets that a configuration alone makes: all but trained networks. */
import { linearNetworkTarget } from '../../slt/targets/linear-network';
import { reluTarget } from '../../slt/targets/relu';
import { saddleTarget } from '../../slt/targets/saddles';
import { superpositionTarget } from '../../slt/targets/superposition';
import { tanhTarget } from '../../slt/targets/tanh';
import { inside } from './inside';
import { isPotential, makePotential } from './llc-potential';
import type { LlcConfig } from './llc-schema';
import type { TrainedTarget } from './trained-target';

/** Throws BadConfig naming the path. */
export function makeTarget({ target, seed }: LlcConfig): TrainedTarget {
  if (isPotential(target)) return makePotential(target);
  switch (target.kind) {
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
