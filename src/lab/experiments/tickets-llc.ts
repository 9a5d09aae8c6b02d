/** λ̂ of the networks of a tickets run: chains around where each ended, what is pruned held at zero. */
import type { ParameterLayout } from '../../graph/layout';
import { layOutParameters } from '../../graph/layout';
import { createGraph } from '../../graph/node';
import { inside } from './inside';
import { buildSampling } from './llc-sampling';
import { pointAt, type PrunedNetwork } from './pruned-point';
import { pickModular } from './tickets-config';
import type { TicketsConfig } from './tickets-schema';
import { trainedTarget } from './trained-target';
import type { SamplingModel } from './types';

const NO_SWEEP = { lr: [], localization: [], nbeta: [] };

/** Chains around a network. Throws BadConfig naming `llc` or one of its fields. */
export function sampleNetwork(
  config: TicketsConfig,
  layout: ParameterLayout,
  network: PrunedNetwork,
): SamplingModel {
  const point = pointAt(layout, network);
  const target = trainedTarget(pickModular(config, config.steps), [point], 'train');
  const { seed, llc } = config;
  return inside('llc', () =>
    buildSampling(config, target, { seed, sampler: llc!, sweep: NO_SWEEP }),
  );
}

/** Steps the chains of a network take, for a configuration that has `llc`; what is wrong with the sampler is said here, before the training. */
export function llcStepsOf(config: TicketsConfig): number {
  const graph = createGraph();
  trainedTarget(pickModular(config, config.steps), [], 'train').target.trace(graph);
  const layout = layOutParameters(graph);
  const weights = new Float32Array(layout.stride);
  return sampleNetwork(config, layout, { name: 'base', weights, mask: null }).steps;
}
