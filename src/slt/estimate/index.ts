/** From traces of chains to estimates and diagnostics: pure functions in float64. */
export { TEMPERATURE_CONVENTIONS, type TemperatureConvention } from './conventions';
export { acceptanceProbability, logAcceptance, type LangevinStep } from './acceptance';
export { measureEss, monteCarloError, type Ess } from './ess';
export { extrapolateStepSize, type Extrapolation, type StepSizePoint } from './extrapolate';
export {
  createFluctuation,
  mergeFluctuations,
  observeLosses,
  packFluctuation,
  unpackFluctuation,
  type Fluctuation,
} from './fluctuation';
export {
  estimateLlc,
  runningLlc,
  type LlcEstimate,
  type LlcOptions,
  type LlcUncertainty,
  type RunningLlc,
} from './llc';
export { distanceGrowth, localizationSensitivity, localizationShare } from './localization';
export {
  meanLosses,
  summariseFluctuation,
  type FluctuationSummary,
  type MeanLosses,
} from './losses';
export {
  measureTrend,
  negativeShares,
  type NegativeOptions,
  type NegativeShares,
  type Trend,
} from './negative';
export {
  gradientNoise,
  minibatchVariances,
  type GradientNoise,
  type GradientNoiseSetting,
} from './noise';
export { type Quantity } from './quantity';
export { rankHistogram, type RankHistogram } from './ranks';
export { reweightLlc, type ReweightedLlc } from './reweight';
export { measureRhat, type Rhat } from './rhat';
export {
  impliedStepBias,
  inflationOf,
  stationaryAcceptance,
  type AcceptanceOf,
  type StepBias,
} from './step-bias';
export {
  countOverLog,
  resolveTemperature,
  type Temperature,
  type TemperatureSizes,
} from './temperature';
export { alignDraws, drawsByChain, type AlignedDraws, type Traces } from './traces';
export {
  describeEstimate,
  judge,
  worstSeverity,
  type DescribedEstimate,
  type Evidence,
  type Severity,
  type Verdict,
  type VerdictCode,
} from './verdict';
export { computeWbic, type WbicSetting } from './wbic';
