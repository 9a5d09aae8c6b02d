/** The kernel of each target and variant. */
import laneFeatures from '../../../shaders/chip/lane-features.wgsl';
import laneNetwork from '../../../shaders/chip/lane-network.wgsl';
import laneSuperposition from '../../../shaders/chip/lane-superposition.wgsl';
import teamFeatures from '../../../shaders/chip/team-features.wgsl';
import teamNetwork from '../../../shaders/chip/team-network.wgsl';
import teamSuperposition from '../../../shaders/chip/team-superposition.wgsl';
import type { Shader } from '../../gpu/shader';
import type { TrainTarget } from '../types';

export const trainingShaders: Readonly<
  Record<'lane' | 'team', Record<TrainTarget['kind'], Shader>>
> = {
  lane: {
    'linear-network': laneNetwork,
    network: laneNetwork,
    superposition: laneSuperposition,
    features: laneFeatures,
  },
  team: {
    'linear-network': teamNetwork,
    network: teamNetwork,
    superposition: teamSuperposition,
    features: teamFeatures,
  },
};
