/**
 * Experiments fetched when they are first asked for, so that a page loads only the one it runs, and of that only what its configuration
 * needs: the samplers of λ̂ where it has `llc`, transformers and trained networks where it names them.
 */
import { nameOf } from './names';
import type { Experiment } from './types';

/** What tells the parts apart in a raw configuration, which has not been parsed yet. */
interface Raw {
  readonly llc?: unknown;
  readonly network?: { readonly kind?: unknown } | null;
  readonly target?: { readonly kind?: unknown } | null;
}

interface Loader {
  /** The experiment with everything. */
  readonly whole: () => Promise<unknown>;
  /** With less, and for which configurations that will do. */
  readonly plain?: () => Promise<unknown>;
  readonly isPlain?: (config: Raw) => boolean;
}

/** Stands where the samplers would; a configuration without `llc` never calls it. */
function absent(): never {
  throw new Error('λ̂ is not loaded; load the experiment with the configuration that asks for it');
}

const hasNoLlc = ({ llc }: Raw): boolean => (llc ?? null) === null;
/** An MLP unless it says otherwise. */
const isMlp = ({ network }: Raw): boolean => (network?.kind ?? 'mlp') === 'mlp';

/** Bundlers make a file of each of these imports. */
const loaders: Readonly<Record<string, Loader>> = {
  'modular-addition': {
    whole: () => import('./modular-addition').then((own) => own.modularAddition),
    plain: () =>
      Promise.all([import('./modular-training'), import('./modular-mlp')]).then(
        ([{ modularExperiment }, { buildMlp }]) =>
          modularExperiment({ through: absent, buildNetwork: buildMlp }),
      ),
    isPlain: (config) => hasNoLlc(config) && isMlp(config),
  },
  llc: {
    whole: () => import('./llc').then((own) => own.llc),
    plain: () =>
      Promise.all([import('./llc-chains'), import('./llc-made-target')]).then(
        ([{ llcExperiment }, { makeTarget }]) => llcExperiment(makeTarget),
      ),
    isPlain: ({ target }) => target?.kind !== 'run',
  },
  'progress-measures': {
    whole: () => import('./progress-measures').then((own) => own.progressMeasures),
  },
  tickets: {
    whole: () => import('./tickets').then((own) => own.tickets),
    plain: () =>
      Promise.all([import('./tickets-race'), import('./modular-mlp')]).then(
        ([{ ticketsExperiment }, { buildMlp }]) =>
          ticketsExperiment({ llcStepsOf: absent, sampleNetwork: absent, buildNetwork: buildMlp }),
      ),
    isPlain: (config) => hasNoLlc(config) && isMlp(config),
  },
  lottery: {
    whole: () => import('./lottery').then((own) => own.lottery),
    plain: () =>
      import('./lottery-rounds').then((own) =>
        own.lotteryExperiment({ llcStepsOf: absent, sampleClassifier: absent }),
      ),
    isPlain: hasNoLlc,
  },
};

export const loadable: readonly string[] = Object.keys(loaders);

/** As `findExperiment`, for this configuration only. Rejects with BadConfig. */
export async function loadExperiment(config: unknown): Promise<Experiment> {
  const { whole, plain = whole, isPlain } = loaders[nameOf(config, loadable)];
  // A configuration only ever reaches the experiment that parsed it.
  return (await (isPlain?.(config as Raw) ? plain() : whole())) as Experiment;
}
