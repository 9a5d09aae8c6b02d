/**
 * The progress measures of networks that were trained elsewhere or earlier: a checkpoint, or a series of them, by our names or
 * TransformerLens' (Nanda et al., arXiv 2301.05217; what each measure is: src/interp/types.ts).
 */
import type { Files } from '../files';
import { parse } from '../schema';
import { measuringModel } from './progress-model';
import { progressSchema, type ProgressConfig } from './progress-schema';
import { readMeasured } from './progress-source';
import type { Experiment, SamplingModel } from './types';

export const progressMeasures: Experiment<ProgressConfig, SamplingModel> = {
  name: 'progress-measures',
  summary: 'Measures how far a trained network has come from memorising to understanding.',
  schema: progressSchema,
  parse: (value) => parse(progressSchema, value) as ProgressConfig,
  build: (config: ProgressConfig, files: Files = {}) =>
    measuringModel(config, readMeasured(config, files)),
};
