/** From traces of chains to estimates and diagnostics: pure functions in float64. */
export { measureEss, monteCarloError, type Ess } from './ess';
export {
  estimateLlc,
  runningLlc,
  type LlcEstimate,
  type LlcOptions,
  type LlcUncertainty,
  type RunningLlc,
} from './llc';
export { type Quantity } from './quantity';
export { measureRhat, type Rhat } from './rhat';
export {
  countOverLog,
  resolveTemperature,
  TEMPERATURE_CONVENTIONS,
  type Temperature,
  type TemperatureConvention,
  type TemperatureSizes,
} from './temperature';
export { alignDraws, drawsByChain, type AlignedDraws, type Traces } from './traces';
