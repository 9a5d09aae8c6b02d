/** The kernel of each target and variant. */
import lanePolynomial from '../../../shaders/chain/lane-polynomial.wgsl';
import laneQuadratic from '../../../shaders/chain/lane-quadratic.wgsl';
import teamPolynomial from '../../../shaders/chain/team-polynomial.wgsl';
import teamQuadratic from '../../../shaders/chain/team-quadratic.wgsl';
import type { Shader } from '../../gpu/shader';
import type { TargetKind } from './facts';

export const chainShaders: Readonly<Record<'lane' | 'team', Partial<Record<TargetKind, Shader>>>> =
  {
    lane: { polynomial: lanePolynomial, quadratic: laneQuadratic },
    team: { polynomial: teamPolynomial, quadratic: teamQuadratic },
  };
