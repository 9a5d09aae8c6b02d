/**
 * The engine: the part of `index.ts` that trains any network on a GPU, for pages that want no more than that. Every op with all its
 * kernels, gradients, plan, runner and optimisers; no float64 program, no samplers, no experiments. Built as `dist/core.js`.
 */

// The device. `openGpu` opens one, or wraps the caller's own, which is then never destroyed.
export { openGpu } from './gpu/open';
export type { AdapterFacts, Gpu, OpenOptions, Traits } from './gpu/open';

// Errors: a class per cause. `kind` is its name and survives minification and a worker boundary.
export {
  BadCheckpoint,
  BadConfig,
  CuspError,
  DeviceLost,
  Diverged,
  GpuUnavailable,
  LimitExceeded,
  OutOfMemory,
  ShapeMismatch,
} from './gpu/errors';
export type { Complaint, ErrorKind } from './gpu/errors';

// The graph: leaves and what is traced from them. Nothing runs while it grows.
export { createGraph } from './graph/node';
export { constant, data, parameter } from './ops/source';
export type { Init } from './ops/source';
export type { Dtype, Graph, Node, Shape } from './graph/types';

// Ops: elementwise ones broadcast as numpy does, reductions take `axes` and `keep`, views cost nothing.
export {
  absolute,
  add,
  divide,
  equal,
  exponential,
  gelu,
  greater,
  logarithm,
  maximum,
  minimum,
  multiply,
  negate,
  relu,
  scale,
  shift,
  sigmoid,
  sign,
  softplus,
  square,
  squareRoot,
  subtract,
  tanh,
  toFloat,
} from './ops/elementwise';
export { causalMask, oneHot, select } from './ops/select';
export { maximumOf, mean, norm, sum } from './ops/reduce';
export { broadcastTo, reshape, slice, transpose } from './ops/view';
export { concat, pad } from './ops/concat';
export { gather, scatterAdd } from './ops/gather';
export { matmul } from './ops/matmul';
export { logSoftmax, softmax } from './ops/softmax';
export { correct, crossEntropy } from './ops/cross-entropy';
export { meanSquaredError } from './ops/loss';
export { layerNorm } from './ops/layer-norm';
export { attention, attentionPattern } from './ops/attention';
export { dft, inverseDft } from './ops/dft';
export { bernoulli, normal, randomIntegers, uniform } from './ops/random';

// Gradients: reverse mode, appended to the same graph. A compiled training step makes its own.
export { gradients } from './graph/grad';

// Programs: `compile` places the launches for a device, `train` replays many steps of them.
export { compile } from './graph/compile';
export type { CompileOptions, DeviceProgram } from './graph/compile';
export { train } from './graph/train';
export type { TrainOptions } from './graph/train';
export type { Key, ParameterLayout, ParameterPlace } from './graph/layout';
export type { Advance, Program, ProgramSpec, Snapshot, Training, Values } from './graph/program';
export { describePlan } from './plan/dump';

// Optimisers: each option is one number, or one per replica, so that a sweep is one run.
export { adamw } from './optim/adamw';
export type { AdamWOptions } from './optim/adamw';
export { sgd } from './optim/sgd';
export type { SgdOptions } from './optim/sgd';
export type { Hyper } from './optim/options';
export type { Schedule } from './optim/schedule';
export type { Update } from './graph/update';
