/** λ̂ through training: the checkpoints of a run become points of one sampling run that follows it. */
import { BadConfig } from '../../gpu/errors';
import { layOutParameters, type ParameterLayout } from '../../graph/layout';
import { createGraph } from '../../graph/node';
import type { TargetPoint } from '../../slt/targets/types';
import { inside } from './inside';
import { buildSampling } from './llc-sampling';
import type { ModularConfig } from './modular-schema';
import { trainedTarget } from './trained-target';
import type { Checkpoint, TrainingModel } from './types';

/** For a configuration that has `llc`. Throws BadConfig naming `llc` or one of its fields. */
export function throughTraining(
  config: ModularConfig,
): Pick<TrainingModel, 'checkpointEvery' | 'sequel'> {
  const { llc, replicas, seed } = config;
  if (replicas > 1) {
    throw new BadConfig('llc', {
      asked: `got ${replicas} replicas`,
      limit: 'λ̂ through training samples one network',
      remedy: 'Set replicas to 1, or llc to null',
    });
  }
  const { every, ...sampler } = llc!;
  const sweep = { lr: [], localization: [], nbeta: [] };
  const build = (points: readonly TargetPoint[]) =>
    inside('llc', () =>
      buildSampling(config, trainedTarget(config, points, 'train'), { seed, sampler, sweep }),
    );
  // What is wrong with the sampler is said before the training, by a point of the right shape.
  const graph = createGraph();
  trainedTarget(config, [], 'train').target.trace(graph);
  const layout = layOutParameters(graph);
  const parameters = new Float32Array(layout.stride);
  const probe = build([pointOf({ step: 0, parameters }, layout)]);
  return {
    checkpointEvery: every,
    sequel: {
      steps: probe.steps,
      build: (checkpoints, places) => build(checkpoints.map((one) => pointOf(one, places))),
    },
  };
}

function pointOf({ step, parameters }: Checkpoint, { places }: ParameterLayout): TargetPoint {
  const values = Object.fromEntries(
    places.map(({ name, offset, size }) => [
      name,
      Float64Array.from(parameters.subarray(offset, offset + size)),
    ]),
  );
  return { label: `step ${step}`, step, values, baseline: null };
}
