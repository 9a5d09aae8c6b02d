/** One estimate: λ̂ of a group of chains with its uncertainty, diagnostics and verdicts. */
import {
  computeWbic,
  estimateLlc,
  impliedStepBias,
  judge,
  localizationSensitivity,
  localizationShare,
  measureEss,
  measureRhat,
  measureTrend,
  negativeShares,
  summariseFluctuation,
  type Ess,
  type Evidence,
  type Traces,
} from '../../slt/estimate';
import type { Recorder, Summed } from '../../slt/sampling/recorder';
import type { SamplingGroup, SamplingSetup } from '../../slt/sampling/setup';
import type { MeasuredPoints } from '../../slt/sampling/points';
import type { LLC_COLUMNS, LlcDiagnostics, LlcEstimate, LlcGroup } from './llc-results';
import type { Observations } from './llc-observations';

export interface GroupContext {
  readonly setup: SamplingSetup;
  readonly recorder: Recorder;
  readonly observations: Observations;
  /** Null before the points w* are measured. */
  readonly points: MeasuredPoints | null;
  /** Largest mini-batch noise ratio of each point at ε = 1 and nβ = 1; null without mini-batches. */
  readonly noise: readonly number[] | null;
  /** The convention of each group's nβ. */
  readonly conventions: readonly (string | null)[];
  /** Exact thermal value of each group: quadrature takes a while, so it is done once. */
  readonly thermal: (index: number) => number | null;
}

export function summarizeGroup(context: GroupContext, index: number): LlcGroup {
  const { setup, recorder, observations, points } = context;
  const { target, options } = setup;
  const group = setup.groups[index];
  const first = index * options.chains;
  const traces = recorder.traces(first, options.chains);
  const convention = context.conventions[index];
  const ess = measureEss(traces);
  const llc = estimate(traces, ess, group.nbeta, convention);
  const diagnostics = diagnose(context, index, traces, { llc, ess });
  const baseline = points?.baseline[group.point] ?? NaN;
  const point = target.points[group.point];
  const verdicts = judge(gatherEvidence(context, index, traces, llc, diagnostics));
  const observed = observations.of(index);
  const losses = observed ? summariseFluctuation(observed, group.nbeta) : null;
  const wbic =
    llc.mean === null
      ? null
      : computeWbic(traces, { nbeta: group.nbeta, samples: target.samples, baseline }).value;
  return {
    lr: group.lr,
    localization: group.localization,
    nbeta: group.nbeta,
    point: group.point,
    label: point.label,
    step: point.step,
    llc,
    thermal: context.thermal(index),
    diagnostics,
    verdict: verdicts.map(({ text }) => text),
    verdicts,
    wbic,
    singularFluctuation: losses?.singularFluctuation ?? null,
    waic: losses?.waic ?? null,
    baseline,
    trainingLoss: point.trainingLoss ?? null,
    theory: target.theory(group.point),
  };
}

/** What the table of a run shows of a group while it goes on: no verdict, for that takes longer than many a step. */
export function measureGroup(
  { setup, recorder, conventions }: GroupContext,
  index: number,
): { [K in (typeof LLC_COLUMNS)[number]]: number | null } {
  const { chains } = setup.options;
  const first = index * chains;
  const traces = recorder.traces(first, chains);
  const ess = measureEss(traces);
  const { nbeta } = setup.groups[index];
  const { mean, standardError } = estimate(traces, ess, nbeta, conventions[index]);
  let squares = 0;
  let draws = 0;
  for (let chain = first; chain < first + chains; chain++) {
    if (recorder.diverged[chain] !== null) continue;
    squares += recorder.sum('distance2', chain);
    draws += recorder.draws(chain);
  }
  return {
    llc: mean,
    llc_error: standardError,
    rhat: measureRhat(traces).value.value,
    ess: ess.bulk.value,
    acceptance: recorder.acceptance(first, chains),
    distance: draws > 0 ? Math.sqrt(squares / draws) : null,
  };
}

export function thermalOf({ target, options }: SamplingSetup, group: SamplingGroup): number | null {
  const { method, noiseLevel, weightDecay, box, mask, subspace } = options;
  if (box !== null || mask !== null || subspace !== null) return null;
  return target.thermal(group.point, { ...group, method, noiseLevel, weightDecay });
}

function estimate(traces: Traces, ess: Ess, nbeta: number, convention: string | null): LlcEstimate {
  const nothing = !traces.excess.some((value) => Number.isFinite(value));
  if (nothing || !traces.alive.some(Boolean)) {
    const none = { betweenChains: null, mcse: null, baseline: 0 };
    const perChain = new Array<null>(traces.chains).fill(null);
    return { mean: null, standardError: null, perChain, nbeta, convention, uncertainty: none };
  }
  const { mean, standardError, perChain, uncertainty } = estimateLlc(traces, nbeta, { ess });
  return { mean, standardError, perChain, nbeta, convention, uncertainty };
}

function diagnose(
  { setup, recorder, points, noise }: GroupContext,
  index: number,
  traces: Traces,
  { llc, ess }: { readonly llc: LlcEstimate; readonly ess: Ess },
): LlcDiagnostics {
  const { options, sampled } = setup;
  const group = setup.groups[index];
  const first = index * options.chains;
  const living = traces.alive.flatMap((alive, k) => (alive ? [first + k] : []));
  const draws = living.reduce((sum, chain) => sum + recorder.draws(chain), 0);
  const meanOf = (name: Summed): number =>
    draws > 0 ? living.reduce((sum, chain) => sum + recorder.sum(name, chain), 0) / draws : 0;
  const acceptance = recorder.acceptance(first, options.chains);
  const exact = options.method === 'mala' || options.method === 'hmc';
  const negative = negativeShares(traces);
  const diverged = recorder.diverged
    .slice(first, first + options.chains)
    .flatMap((step, chain) => (step === null ? [] : [{ chain, step }]));
  const momentum = options.method === 'sgnht' || options.method === 'sghmc';
  return {
    rhat: measureRhat(traces).value.value,
    ess: ess.bulk.value,
    tau: ess.autocorrelationTime.value,
    acceptance,
    stepBias:
      acceptance === null || exact ? null : impliedStepBias(acceptance, sampled).inflation.value,
    noiseRatio: noise ? noise[group.point] * group.lr * group.nbeta ** 2 : null,
    negative: negative?.draws ?? 0,
    negativeSteps: negative?.steps ?? 0,
    distance: Math.sqrt(meanOf('distance2')),
    updates: exact || draws === 0 ? null : decompose(meanOf),
    kinetic: momentum && draws > 0 ? meanOf('kinetic') : null,
    halves: halvesOf(traces, llc.nbeta),
    diverged,
    gradientNorm: points?.gradientNorm[group.point] ?? null,
  };
}

/** Root mean squares of the parts of a step, and the cosines between them, from mean squares and products. */
function decompose(meanOf: (name: Summed) => number): LlcDiagnostics['updates'] {
  const gradient = Math.sqrt(meanOf('gradient2'));
  const prior = Math.sqrt(meanOf('prior2'));
  const noise = Math.sqrt(meanOf('noise2'));
  const cosine = (product: number, a: number, b: number): number =>
    a > 0 && b > 0 ? product / (a * b) : 0;
  return {
    gradient,
    prior,
    noise,
    gradientPrior: cosine(meanOf('gradient_prior'), gradient, prior),
    gradientNoise: cosine(meanOf('gradient_noise'), gradient, noise),
    priorNoise: cosine(meanOf('prior_noise'), prior, noise),
  };
}

function halvesOf({ draws, chains, excess, alive }: Traces, nbeta: number): [number, number] {
  const half = Math.floor(draws / 2);
  const mean = (from: number, to: number): number => {
    let sum = 0;
    let count = 0;
    for (let k = from * chains; k < to * chains; k++) {
      if (!alive[k % chains] || !Number.isFinite(excess[k])) continue;
      sum += excess[k];
      count++;
    }
    return count > 0 ? (nbeta * sum) / count : 0;
  };
  return [mean(0, half), mean(half, draws)];
}

function gatherEvidence(
  { setup, recorder, observations, points }: GroupContext,
  index: number,
  traces: Traces,
  llc: LlcEstimate,
  diagnostics: LlcDiagnostics,
): Evidence {
  const { options, sampled, target } = setup;
  const group = setup.groups[index];
  const first = index * options.chains;
  const trend = measureTrend(traces);
  const significant = trend.rise.value !== null && trend.significance.value !== null;
  const [early, late] = recorder.distances(first, options.chains);
  const baseline = points?.baseline[group.point] ?? null;
  const lastLoss = observations.lastLoss(index);
  const fullBatch = options.batchSize === null;
  const finalExcess =
    lastLoss !== null && baseline !== null
      ? lastLoss - baseline
      : fullBatch
        ? lastMean(traces)
        : null;
  const { diverged } = diagnostics;
  const moved = diagnostics.distance > 0;
  const distances = recorder.squaredDistances(first, options.chains);
  return {
    llc: llc.mean === null ? null : { ...llc, mean: llc.mean },
    nbeta: group.nbeta,
    sampledParameters: sampled,
    rhat: diagnostics.rhat,
    ess: diagnostics.ess,
    trend: significant
      ? { rise: group.nbeta * trend.rise.value, significance: trend.significance.value }
      : null,
    acceptance: diagnostics.acceptance,
    exact: options.method === 'mala' || options.method === 'hmc',
    stepBias: diagnostics.stepBias,
    noiseRatio: diagnostics.noiseRatio,
    negative: { steps: diagnostics.negativeSteps },
    distance: diagnostics.distance,
    distanceGrowth: early > 0 ? Math.sqrt(late / early) : null,
    finalExcess,
    gradientNorm:
      target.points[group.point].baseline === null || fullBatch ? diagnostics.gradientNorm : null,
    localizationShare: moved
      ? localizationShare(group.localization, diagnostics.distance ** 2, sampled)
      : null,
    localizationSensitivity: distances
      ? localizationSensitivity(traces, distances, group.localization).value
      : null,
    diverged: {
      count: diverged.length,
      chains: options.chains,
      firstStep: diverged.length > 0 ? Math.min(...diverged.map(({ step }) => step)) : null,
    },
  };
}

/** Mean excess over chains of the last tenth of the draws. */
function lastMean({ draws, chains, excess, alive }: Traces): number | null {
  let sum = 0;
  let count = 0;
  for (let k = Math.floor(0.9 * draws) * chains; k < draws * chains; k++) {
    if (!alive[k % chains] || !Number.isFinite(excess[k])) continue;
    sum += excess[k];
    count++;
  }
  return count > 0 ? sum / count : null;
}
