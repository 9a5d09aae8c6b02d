/** What is looked at: the run under way or the stored one, its configuration, its results and one group of chains. */
import type { LlcConfig } from '../../src/lab/experiments/llc-schema';
import type { LlcGroup, LlcResults } from '../../src/lab/experiments/llc-results';
import { resolveTemperature } from '../../src/slt/estimate/temperature';
import type { Session } from '../shared/session';
import type { Snapshot } from '../shared/session-state';
import type { StoredRun } from '../shared/stored';
import { groupsOf, isResults, type Results } from './results';
import { readConfig } from './setup';

/** The experiment's defaults stand in for what it would refuse; the worker says why. */
function readOr(config: object): LlcConfig {
  try {
    return readConfig(config);
  } catch {
    return readConfig({});
  }
}

export interface Setting {
  readonly config: LlcConfig;
  readonly results: LlcResults | null;
  readonly group: LlcGroup | null;
  readonly index: number;
  /** True when this is the stored run, because nothing has run yet. */
  readonly old: boolean;
  readonly nbeta: number;
  readonly localization: number;
  /** The latest snapshot of a view of this group. */
  readonly view: (name: string) => Snapshot | null;
}

export function settingOf(
  session: Session,
  asked: object,
  results: Results,
  stored: StoredRun | null,
): Setting {
  const { state } = session;
  const old = state.step === 0 && stored !== null;
  const config = readOr(old ? stored.config : (state.config ?? asked));
  const found = old ? (isResults(stored.results) ? stored.results : null) : results.current();
  const index = results.group.get();
  const group = found === null ? null : (groupsOf(found)[index] ?? null);
  return {
    config,
    results: found,
    group,
    index,
    old,
    nbeta: group?.nbeta ?? nbetaOf(config),
    localization:
      group?.localization ?? firstOf(config.sweep.localization, config.sampler.localization),
    view(name) {
      const full = index === 0 ? name : `${name}:${index}`;
      if (old) return stored.views.get(full) ?? null;
      const list = state.views.get(full) ?? [];
      return state.step > 0 || name === 'cloud' ? (list.at(-1) ?? null) : null;
    },
  };
}

/** As views are asked for. */
export function viewNames(index: number): string[] {
  return ['traces', 'estimate', 'paths', 'cloud'].map((name) =>
    index === 0 ? name : `${name}:${index}`,
  );
}

/** The nβ asked for, before the run says what it is; 1,000 where it depends on what the worker knows. */
function nbetaOf(config: LlcConfig): number {
  const asked = firstOf<number | string>(config.sweep.nbeta, config.sampler.nbeta);
  if (typeof asked === 'number') return asked;
  const samples = 'samples' in config.target ? config.target.samples : null;
  if (samples === null) return 1000;
  const convention = asked === 'n/log(n)' ? 'n/log(n)' : 'batch/log(batch)';
  return resolveTemperature(convention, { samples, batch: config.sampler.batchSize }).nbeta;
}

function firstOf<T>(list: readonly T[], otherwise: T): T {
  return list[0] ?? otherwise;
}

/** Draws in all, burn-in included, and how far a run has got with them. */
export function drawsOf(
  config: LlcConfig,
  step: number,
  total: number,
): { now: number; all: number } {
  const all = config.sampler.burnin + config.sampler.draws;
  return { all, now: total > 0 ? Math.round((all * step) / total) : 0 };
}

/** Sampler steps of a whole run, as the worker counts them. */
export function stepsOf(config: object): number {
  const { sampler } = readOr(config);
  const gradients = sampler.method === 'hmc' ? sampler.leapfrog : 1;
  return (sampler.burnin + sampler.draws * sampler.thin) * gradients;
}
