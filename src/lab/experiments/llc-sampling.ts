/** From a target and what is asked of its chains to a model: the groups of the sweep, their temperatures, the setup. */
import { BadConfig } from '../../gpu/errors';
import { resolveTemperature } from '../../slt/estimate/temperature';
import { setUpSampling, type SamplingGroup, type SamplingOptions } from '../../slt/sampling/setup';
import { findInstability } from '../../slt/theory/quadratic';
import { samplingModel } from './llc-model';
import type { LlcConfig, SamplerConfig } from './llc-schema';
import type { TrainedTarget } from './trained-target';
import type { SamplingModel } from './types';

/** What is asked of the chains besides the target. */
export interface SamplingRequest {
  readonly seed: number;
  readonly sampler: SamplerConfig;
  readonly sweep: LlcConfig['sweep'];
}

/** `config` is what the record shows. Throws BadConfig or LimitExceeded naming the path. */
export function buildSampling(
  config: object,
  { target, heads }: TrainedTarget,
  { seed, sampler, sweep }: SamplingRequest,
): SamplingModel {
  const options: SamplingOptions = { ...sampler, seed, heads };
  const axes = {
    lr: sweep.lr.length > 0 ? sweep.lr : [sampler.lr],
    localization: sweep.localization.length > 0 ? sweep.localization : [sampler.localization],
    nbeta: sweep.nbeta.length > 0 ? sweep.nbeta : [sampler.nbeta],
  };
  const temperatures = axes.nbeta.map((asked, k) =>
    resolveTemperature(
      asked,
      { samples: target.samples, batch: sampler.batchSize },
      sweep.nbeta.length > 0 ? `sweep.nbeta.${k}` : 'sampler.nbeta',
    ),
  );
  const groups: SamplingGroup[] = [];
  const conventions: (string | null)[] = [];
  for (let point = 0; point < target.points.length; point++) {
    for (const { nbeta, convention } of temperatures) {
      for (const localization of axes.localization) {
        for (const lr of axes.lr) {
          groups.push({ point, lr, localization, nbeta });
          conventions.push(convention);
        }
      }
    }
  }
  const swept = groups.length > target.points.length;
  if (!swept) refuseUnstable(config, sampler, groups[0]);
  return samplingModel({
    config,
    setup: setUpSampling(target, options, groups),
    conventions,
    swept,
    prefer: sampler.path,
  });
}

/** A quadratic that plain SGLD cannot sample is refused, unless a sweep is to show just that. */
function refuseUnstable(config: object, sampler: SamplerConfig, group: SamplingGroup): void {
  const { target } = config as Partial<LlcConfig>;
  if (target?.kind !== 'quadratic' || sampler.method !== 'sgld') return;
  const { nbeta, lr } = group;
  const localization = group.localization + sampler.weightDecay;
  const stiff = target.eigenvalues.filter((h) => nbeta * h + localization > 0);
  if (stiff.length === 0) return;
  const instability = findInstability({ eigenvalues: stiff, nbeta, localization, lr });
  if (instability) throw new BadConfig('sampler.lr', instability);
}
