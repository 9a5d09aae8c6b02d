/** Which weights stay, what a pruned network starts from, and what it is compared with. */
export {
  drawMask,
  scoreAtInit,
  type DrawnMask,
  type MaskOptions,
  type ScoreOptions,
  type Scores,
} from './draw-mask';
export { keepLargest } from './keep-largest';
export {
  applyMask,
  density,
  emptiedTensors,
  pathsAlive,
  warnOfCollapse,
  type Density,
} from './masks';
export { createProbe, type ProbeOptions, type TracedProbe } from './probe';
export { meanTensorNorm, reinitialise, scaleToNorm, type Scaled } from './rewind';
export { ratesAfter, shareAfter, shareOfSurvivors, sharesOfRounds } from './rounds';
export { flowScores, graspScores, magnitudeScores, randomScores, snipScores } from './scores';
export type { Probed, TraceProbed } from './trace';
export { TEMPERATURE } from './trace-curvature';
export {
  METHODS,
  STARTS,
  type Curvature,
  type KeepLargest,
  type Method,
  type Probe,
  type PruneOptions,
  type Start,
} from './types';
