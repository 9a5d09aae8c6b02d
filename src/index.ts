/**
 * Cusp: everything a page, a worker or a script may use, on one page. Importing it does nothing yet: no device is
 * asked for, nothing is registered, and what is not used is left out by a bundler.
 */

// The engine: device, graph, ops, gradients, programs, optimisers.
export * from './core';

// The same programs in float64 on the CPU: `interpret` in place of `compile`; and any node's value.
export { interpret } from './graph/reference';
export { evaluate } from './graph/evaluate';
export type { Feed } from './graph/evaluate';

// Weights stored in float16, where the adapter has it.
export { matmulHalf } from './ops/matmul-half';

// Tuning: kernels for products measured on the adapter that is here, and remembered; results keep their bits.
export { tune } from './tune/tune';
export type { TunedProduct, TuneOptions } from './tune/tune';
export { databaseStore, memoryStore, storageStore } from './tune/store';
export type { TuningStore } from './tune/store';

// Small networks trained with all state on the chip, hundreds of steps in one dispatch; the general path where they do not fit.
export { openTraining } from './chip/training/open';
export { compileTraining } from './chip/training/compile';
export type { ChipTraining, ChipTrainingOptions } from './chip/training/compile';
export type { OpenedTraining } from './chip/training/open';
export type { OnChip } from './chip/training/types';
export type { ChipTarget, FeaturesTarget, Term, TrainTarget } from './chip/types';

// Samplers: updates like the optimisers, with per-chain options; what they record and what one step is stands in options.ts.
export { sampler } from './optim/sampler';
export { METHODS, SAMPLER_METRICS } from './optim/sampler/options';
export type { Method, SamplerMetric, SamplerOptions } from './optim/sampler/options';

// The learning coefficient: chains on either path, estimates with their diagnostics, and what theory knows exactly.
export { compileChains } from './slt/chain/compile';
export { interpretChains } from './slt/chain/interpret';
export type { ChainSpec } from './slt/chain/types';
export {
  describeEstimate,
  estimateLlc,
  extrapolateStepSize,
  judge,
  measureEss,
  measureRhat,
  resolveTemperature,
  reweightLlc,
} from './slt/estimate';
export type { Evidence, LlcEstimate, Traces, Verdict } from './slt/estimate';
export {
  linearNetworkCoefficient,
  potentialCoefficient,
  potentialThermal,
  reducedRankCoefficient,
  solveQuadratic,
  superpositionLoss,
  superpositionState,
  tanhCoefficient,
  traceQuadratic,
} from './slt/theory';

// Progress measures: the Fourier picture of a network that adds, traced so that it runs beside training.
export { traceMeasures } from './interp/trace';
export { DRAWN_VIEWS, MEASURE_VIEWS, MEASURES } from './interp/types';
export type {
  MeasureName,
  MeasureOptions,
  Measures,
  MeasureValues,
  MeasureView,
  PairSet,
  Subject,
} from './interp/types';

// Pruning: masks of exact counts over the flat parameters, what scores them, other starts and controls of equal norm.
export {
  applyMask,
  createProbe,
  density,
  drawMask,
  keepLargest,
  reinitialise,
  scaleToNorm,
  shareAfter,
  METHODS as PRUNING_METHODS,
} from './prune';
export type {
  Density,
  DrawnMask,
  MaskOptions,
  Method as PruningMethod,
  Probe,
  ProbeOptions,
  PruneOptions,
} from './prune';

// Networks: parameters of a graph and a `forward` that may be traced on any number of batches.
export { activate, linear } from './nn/layers';
export { mlp } from './nn/mlp';
export type { MlpConfig } from './nn/mlp';
export { multilayerPerceptron } from './nn/multilayer-perceptron';
export type { MultilayerPerceptronOptions } from './nn/multilayer-perceptron';
export { transformer } from './nn/transformer';
export type { TransformerConfig } from './nn/transformer-parameters';
export { countParameters } from './nn/types';
export type { Activation, Forward, ForwardMode, Network } from './nn/types';

// Data and randomness: Philox4x32-10, so that seed, replica, stream and position say what a number is.
export { modularArithmetic } from './data/modular';
export type { ModularData, ModularOptions, Split } from './data/modular';
export { drawDigits } from './data/digits';
export type { Digits, DigitsOptions } from './data/digits';
export { createRandom } from './random/random';
export type { Random } from './random/random';
export { streams } from './random/streams';

// Files: safetensors as PyTorch reads and writes them, checkpoints in that format, metrics as CSV.
export { writeSafetensors } from './lab/safetensors';
export { readSafetensors } from './lab/safetensors-read';
export type { Tensor, TensorData } from './lab/safetensors';
export type { Safetensors } from './lab/safetensors-read';
export { readCheckpoint, writeCheckpoint } from './lab/checkpoint';
export type { CheckpointMeta } from './lab/checkpoint';
export { formatCsv } from './lab/csv';
export { parseCsv } from './lab/csv-read';
export { readTransformerLens, toTransformerLens } from './lab/transformer-lens';

// The self-check: every kernel and every gradient against float64, on the adapter that is here.
export { runChecks } from './lab/check';
export type { CheckOptions, CheckRow, CheckSummary } from './lab/check';

// Experiments: strict JSON to a model, a run that survives a lost device, and the same behind messages for a worker.
export { experiments, findExperiment, findPreset, presets } from './lab/experiments';
export type {
  Experiment,
  Model,
  Preset,
  SamplingModel,
  StagedModel,
  TrainingModel,
} from './lab/experiments/types';
export type { LlcGroup, LlcResults } from './lab/experiments/llc-results';
export { startRun } from './lab/run';
export { startWhole } from './lab/run-whole';
export type { EarlierSession, Run, RunOptions, RunUpdate } from './lab/run';
export { createSession } from './lab/session';
export type { SessionOptions } from './lab/session';
export type { FromWorker, Status, ToWorker } from './lab/protocol';
export type { AdapterRecord, RunEvent, RunRecord } from './lab/record';
export { describe as describeSchema, fromParams, setPath, toParams } from './lab/schema-paths';
export type { FieldRow } from './lab/schema-paths';
export { ENGINE_VERSION } from './lab/version';
