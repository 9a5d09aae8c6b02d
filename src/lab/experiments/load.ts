/**
 * Experiments fetched when they are first asked for, so that a page loads only the one it runs, and the samplers of λ̂ only where
 * its configuration has `llc`.
 */
import { nameOf } from './names';
import type { Experiment } from './types';

interface Loader {
  /** The experiment with everything. */
  readonly whole: () => Promise<unknown>;
  /** Without what only `llc` needs, where that is much. */
  readonly plain?: () => Promise<unknown>;
}

/** Stands where the samplers would; a configuration without `llc` never calls it. */
function absent(): never {
  throw new Error('λ̂ is not loaded; load the experiment with the configuration that asks for it');
}

/** Bundlers make a file of each of these imports. */
const loaders: Readonly<Record<string, Loader>> = {
  'modular-addition': {
    whole: () => import('./modular-addition').then((own) => own.modularAddition),
    plain: () => import('./modular-training').then((own) => own.modularExperiment(absent)),
  },
  llc: { whole: () => import('./llc').then((own) => own.llc) },
  'progress-measures': {
    whole: () => import('./progress-measures').then((own) => own.progressMeasures),
  },
  tickets: {
    whole: () => import('./tickets').then((own) => own.tickets),
    plain: () =>
      import('./tickets-race').then((own) =>
        own.ticketsExperiment({ llcStepsOf: absent, sampleNetwork: absent }),
      ),
  },
  lottery: {
    whole: () => import('./lottery').then((own) => own.lottery),
    plain: () =>
      import('./lottery-rounds').then((own) =>
        own.lotteryExperiment({ llcStepsOf: absent, sampleClassifier: absent }),
      ),
  },
};

export const loadable: readonly string[] = Object.keys(loaders);

/** As `findExperiment`, for this configuration only. Rejects with BadConfig. */
export async function loadExperiment(config: unknown): Promise<Experiment> {
  const { whole, plain = whole } = loaders[nameOf(config, loadable)];
  const asked = (config as { readonly llc?: unknown }).llc ?? null;
  // A configuration only ever reaches the experiment that parsed it.
  return (await (asked === null ? plain() : whole())) as Experiment;
}
