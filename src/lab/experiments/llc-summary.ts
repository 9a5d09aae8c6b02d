/** The results of a sampling run: the first group in front, all of them behind, what only several groups can tell. */
import { extrapolateStepSize, meanLosses, reweightLlc } from '../../slt/estimate';
import type { Sampling } from '../../slt/sampling/open';
import { summarizeGroup, type GroupContext } from './llc-group';
import type { LlcGroup, LlcResults } from './llc-results';

export function summarizeLlc(
  context: GroupContext,
  sampling: Sampling | null,
  swept: boolean,
): LlcResults {
  const { setup, recorder, observations } = context;
  const { target, groups, sampled, options } = setup;
  const all = groups.map((_, index) => summarizeGroup(context, index));
  const { point: _point, label: _label, step: _step, ...first } = all[0];
  const observed = observations.of(0);
  const traces = recorder.traces(0, options.chains);
  const weighted =
    target.samples !== null && target.samples > 2 && first.llc.mean !== null
      ? reweightLlc(traces, first.nbeta, target.samples)
      : null;
  return {
    ...first,
    path: sampling?.path ?? 'general',
    pathReason: sampling?.pathReason ?? 'not opened yet',
    target: {
      description: target.description,
      parameters: setup.layout.count,
      sampled,
      samples: target.samples,
    },
    losses: observed ? meanLosses(observed) : null,
    reweighted:
      weighted && weighted.value.value !== null && !weighted.collapsed
        ? { value: weighted.value.value, standardError: weighted.standardError.value }
        : null,
    extrapolated: extrapolate(all),
    sweep: swept ? all : [],
    checkpoints: target.points.length > 1 ? onePerPoint(all) : [],
  };
}

/** λ̂ at ε → 0 over the groups that share the first one's point, γ and nβ. */
function extrapolate(all: readonly LlcGroup[]): LlcResults['extrapolated'] {
  const [{ point, nbeta, localization }] = all;
  const points = all
    .filter(
      (one) => one.point === point && one.nbeta === nbeta && one.localization === localization,
    )
    .flatMap(({ lr, llc }) =>
      llc.mean !== null && llc.standardError !== null && llc.standardError > 0
        ? [{ stepSize: lr, value: llc.mean, standardError: llc.standardError }]
        : [],
    );
  if (new Set(points.map(({ stepSize }) => stepSize)).size < 2) return null;
  const { value, standardError } = extrapolateStepSize(points);
  return { value, standardError };
}

function onePerPoint(all: readonly LlcGroup[]): LlcGroup[] {
  return all.filter((one, k) => all.findIndex(({ point }) => point === one.point) === k);
}
