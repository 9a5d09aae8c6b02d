/** Chains as a model of the lab: opens their program, records what it brings, sums it up. */
import type { Advance } from '../../graph/program';
import { openSampling, type PathChoice, type Sampling } from '../../slt/sampling/open';
import { createRecorder } from '../../slt/sampling/recorder';
import { OBSERVE, type SamplingSetup } from '../../slt/sampling/setup';
import { measureGroup, thermalOf, type GroupContext } from './llc-group';
import { createObservations } from './llc-observations';
import { LLC_COLUMNS } from './llc-results';
import { summarizeLlc } from './llc-summary';
import { viewOf } from './llc-views';
import type { SamplingModel } from './types';

export interface SamplingSpec {
  readonly config: object;
  readonly setup: SamplingSetup;
  readonly conventions: readonly (string | null)[];
  /** Several settings at each point. */
  readonly swept: boolean;
  readonly prefer: PathChoice;
}

/** Rows of the metric table in a run. */
const TABLE_ROWS = 40;
/** Losses of one look at all samples of all chains, in floats: beyond this ν̂ and WAIC are not offered. */
const MOST_OBSERVED = 2 ** 22;
/** Draws × chains whose distances are kept: 64 MiB. */
const MOST_DISTANCES = 2 ** 24;
/** Chains of each group whose paths are kept, and groups that keep them. */
const PATHS = 16;
const PATH_GROUPS = 64;

export function samplingModel(spec: SamplingSpec): SamplingModel {
  const { setup, swept } = spec;
  const { options, groups, target, keys, every, rows } = setup;
  const { chains, burnin } = options;
  const observing = target.samples !== null && target.samples * keys.length <= MOST_OBSERVED;
  const recorder = createRecorder({
    chains: keys.length,
    rows,
    burnin,
    every,
    heldEvery: options.batchSize === null ? 0 : setup.acceptanceEvery,
    keepDistances: rows * keys.length <= MOST_DISTANCES,
    pathChains: groups
      .slice(0, PATH_GROUPS)
      .flatMap((_, g) =>
        Array.from({ length: Math.min(PATHS, chains) }, (__, c) => g * chains + c),
      ),
  });
  const observations = createObservations(groups.length, chains, observing ? target.samples : null);
  const thermals = new Map<number, number | null>();
  const thermal = (index: number): number | null => {
    let value = thermals.get(index);
    if (value === undefined) {
      value = thermalOf(setup, groups[index]);
      thermals.set(index, value);
    }
    return value;
  };
  let sampling: Sampling | null = null;
  let noise: readonly number[] | null = null;
  const context = (): GroupContext => ({
    setup,
    recorder,
    observations,
    points: sampling?.points ?? null,
    noise,
    conventions: spec.conventions,
    thermal,
  });
  const alive = (chain: number): boolean => recorder.diverged[chain] === null;
  const reported = new Set<number>();

  return {
    experiment: 'llc',
    config: spec.config,
    seed: options.seed,
    replicas: groups.length,
    steps: setup.steps,
    evaluateEvery: every * Math.max(1, Math.round(rows / TABLE_ROWS)),
    columns: LLC_COLUMNS,
    async open(gpu, onKernel) {
      if (options.batchSize !== null && noise === null) {
        const { measureNoise } = await import('../../slt/sampling/noise');
        noise = await measureNoise(gpu, setup);
      }
      sampling = await openSampling(gpu, setup, {
        prefer: spec.prefer,
        observe: observing,
        onKernel,
      });
      const { program, bytes, path } = sampling;
      const evaluation = observing && path === 'general' ? OBSERVE : undefined;
      return { program, bytes, evaluation, warnings: warningsOf(spec, observing, path) };
    },
    take(batch: Advance) {
      const { firstStep, count, outputs } = batch;
      const rowEvery = sampling?.rowEvery ?? 1;
      const first = Math.ceil(firstStep / rowEvery);
      const taken = Math.ceil((firstStep + count) / rowEvery) - first;
      recorder.take(firstStep, rowEvery, taken, batch.rows);
      const losses = outputs?.['losses'];
      if (losses) observations.take(losses, alive, firstStep + count >= burnin * every);
      return recorder.diverged.flatMap((step, chain) => {
        if (step === null || reported.has(chain)) return [];
        reported.add(chain);
        return [{ chain, step }];
      });
    },
    row() {
      const all = groups.map((_, index) => measureGroup(context(), index));
      return Object.fromEntries(
        LLC_COLUMNS.map((name) => {
          const values = all.map((group) => group[name]);
          // Nothing is measured before the burn-in is over.
          const none = values.every((value) => value === null);
          return [name, none ? [] : values.map((value) => value ?? NaN)];
        }),
      );
    },
    view: (name) => viewOf(name, setup, recorder),
    mark(step) {
      recorder.mark(step);
      observations.mark();
    },
    async files() {
      const [recorded, observed] = [recorder.save(), observations.save()];
      const { writeTraces } = await import('./llc-files');
      return writeTraces(recorded, observed, {
        chains: keys.length,
        burnin,
        groups: groups.map((group, index) => ({ ...group, firstChain: index * chains, chains })),
      });
    },
    async restore(files, step) {
      const { readTraces } = await import('./llc-files');
      const { state, observed } = readTraces(files, keys.length);
      recorder.restore(state, step);
      observations.restore(observed);
      recorder.diverged.forEach((when, chain) => when !== null && reported.add(chain));
    },
    truncate(step) {
      recorder.truncate(step);
      observations.rewind();
      for (const chain of [...reported]) if (alive(chain)) reported.delete(chain);
    },
    summarize: () => summarizeLlc(context(), sampling, swept),
  };
}

function warningsOf({ setup }: SamplingSpec, observing: boolean, path: string): string[] {
  const { samples } = setup.target;
  if (samples === null) return [];
  if (path === 'on-chip') {
    return [
      'WAIC, ν̂ and Bayes losses need the losses of every sample: set sampler.path to general',
    ];
  }
  return observing
    ? []
    : ['too many samples × chains for WAIC, ν̂ and Bayes losses; use fewer chains for those'];
}
