/** What is known exactly of learning coefficients and of what samplers should return. README.md shows how to use it. */
export { finiteLaw, type LearningCoefficient, type Undecided } from './coefficient';
export { countWeights, linearNetworkCoefficient } from './linear-network';
export {
  addSeparate,
  multiplySeparate,
  normalCrossing,
  powerOfNorm,
  quasiHomogeneous,
  regularMinimum,
} from './normal-crossing';
export { optimalPolygon, type Polygon } from './polygon';
export type { PotentialTerm } from './polynomial';
export { potentialCoefficient } from './potential';
export {
  findInstability,
  quadraticCoefficient,
  quadraticStandardError,
  quadraticThermal,
  solveQuadratic,
  traceQuadratic,
  type QuadraticCoordinate,
  type QuadraticOracle,
  type QuadraticSettings,
  type QuadraticTrace,
} from './quadratic';
export { gaussLegendre, type Quadrature } from './quadrature';
export { format as formatRational, fraction, toNumber, type Rational } from './rational';
export { reducedRankCoefficient, type ReducedRank } from './reduced-rank';
export {
  DEAD_BIAS,
  superpositionGradient,
  superpositionLoss,
  superpositionState,
  type SuperpositionState,
} from './superposition';
export { tanhCoefficient, tanhQuadrature, vandermondeCoefficient } from './tanh';
export { potentialThermal, tanhThermal } from './thermal';
export { checkDensity, type Density, type ThermalValue } from './thermal-value';
