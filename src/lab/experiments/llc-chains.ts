/**
 * The local learning coefficient λ̂(w*) = nβ·(E[L(w)] − L(w*)) of a target, by chains of a sampler around each of its points, for every
 * setting of a sweep at once (Lau et al., arXiv 2308.12108).
 */
import type { Files } from '../files';
import { parse } from '../schema';
import { buildSampling } from './llc-sampling';
import { llcSchema, type LlcConfig } from './llc-schema';
import type { TrainedTarget } from './trained-target';
import type { Experiment, SamplingModel } from './types';

/** The target of a configuration: `makeTarget`, or `buildTarget`, which knows trained networks too. */
type TargetOf = (config: LlcConfig, files: Files) => TrainedTarget;

/** The experiment with the targets it needs. */
/* @__NO_SIDE_EFFECTS__ */
export function llcExperiment(targetOf: TargetOf): Experiment<LlcConfig, SamplingModel> {
  return {
    name: 'llc',
    summary:
      'The local learning coefficient of a point, by chains of a sampler, against exact values.',
    schema: llcSchema,
    parse: (value) => parse(llcSchema, value) as LlcConfig,
    build(config: LlcConfig, files: Files = {}): SamplingModel {
      return buildSampling(config, targetOf(config, files), config);
    },
  };
}
