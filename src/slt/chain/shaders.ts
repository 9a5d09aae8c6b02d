/** The kernel of each target and variant. */
import laneNetwork from '../../../shaders/chain/lane-network.wgsl';
import lanePolynomial from '../../../shaders/chain/lane-polynomial.wgsl';
import laneQuadratic from '../../../shaders/chain/lane-quadratic.wgsl';
import laneSuperposition from '../../../shaders/chain/lane-superposition.wgsl';
import teamNetwork from '../../../shaders/chain/team-network.wgsl';
import teamPolynomial from '../../../shaders/chain/team-polynomial.wgsl';
import teamQuadratic from '../../../shaders/chain/team-quadratic.wgsl';
import teamSuperposition from '../../../shaders/chain/team-superposition.wgsl';
import type { TargetKind } from '../../chip/facts';
import type { Shader } from '../../gpu/shader';

export const chainShaders: Readonly<Record<'lane' | 'team', Record<TargetKind, Shader>>> = {
  lane: {
    'linear-network': laneNetwork,
    network: laneNetwork,
    polynomial: lanePolynomial,
    quadratic: laneQuadratic,
    superposition: laneSuperposition,
  },
  team: {
    'linear-network': teamNetwork,
    network: teamNetwork,
    polynomial: teamPolynomial,
    quadratic: teamQuadratic,
    superposition: teamSuperposition,
  },
};
