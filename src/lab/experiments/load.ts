/**
 * Experiments fetched when they are first asked for, so that a page loads only the one it runs, and of that only what its configuration
 * needs: the samplers of λ̂ where it has `llc`, transformers, SGD and trained networks where it names them.
 */
import { nameOf } from './names';
import type { Experiment } from './types';

/** What tells the parts apart in a raw configuration, which has not been parsed yet. */
interface Raw {
  readonly llc?: unknown;
  readonly network?: { readonly kind?: unknown } | null;
  readonly optimizer?: { readonly kind?: unknown } | null;
  readonly target?: { readonly kind?: unknown } | null;
}

/** Stands where the samplers would; a configuration without `llc` never calls it. */
function absent(): never {
  throw new Error('λ̂ is not loaded; load the experiment with the configuration that asks for it');
}

/** An MLP trained by AdamW, unless it says otherwise, and no λ̂. */
const isPlain = ({ network, optimizer, llc }: Raw): boolean =>
  (network?.kind ?? 'mlp') === 'mlp' && optimizer?.kind !== 'sgd' && (llc ?? null) === null;

/** Each with what such a configuration needs. Bundlers make files of these imports. */
const loaders: Readonly<Record<string, (config: Raw) => Promise<unknown>>> = {
  async 'modular-addition'(config) {
    if (!isPlain(config)) return (await import('./modular-addition')).modularAddition;
    const [{ modularExperiment }, { buildMlp }, { buildAdam }] = await Promise.all([
      import('./modular-training'),
      import('./modular-mlp'),
      import('./modular-adam'),
    ]);
    return modularExperiment({ through: absent, buildNetwork: buildMlp, buildUpdate: buildAdam });
  },
  async llc({ target }) {
    const kind = target?.kind ?? 'potential';
    if (kind === 'run') return (await import('./llc')).llc;
    const chains = import('./llc-chains');
    if (kind !== 'potential' && kind !== 'quadratic') {
      const [{ llcExperiment }, { makeTarget }] = await Promise.all([
        chains,
        import('./llc-made-target'),
      ]);
      return llcExperiment(makeTarget);
    }
    const [{ llcExperiment }, { makePotential }] = await Promise.all([
      chains,
      import('./llc-potential'),
    ]);
    return llcExperiment(({ target: parsed }) => makePotential(parsed));
  },
  'progress-measures': async () => (await import('./progress-measures')).progressMeasures,
  async tickets(config) {
    if (!isPlain(config)) return (await import('./tickets')).tickets;
    const [{ ticketsExperiment }, { buildMlp }, { buildAdam }] = await Promise.all([
      import('./tickets-race'),
      import('./modular-mlp'),
      import('./modular-adam'),
    ]);
    return ticketsExperiment({
      ...{ llcStepsOf: absent, sampleNetwork: absent },
      ...{ buildNetwork: buildMlp, buildUpdate: buildAdam },
    });
  },
  async lottery(config) {
    if ((config.llc ?? null) !== null) return (await import('./lottery')).lottery;
    const { lotteryExperiment } = await import('./lottery-rounds');
    return lotteryExperiment({ llcStepsOf: absent, sampleClassifier: absent });
  },
};

export const loadable: readonly string[] = Object.keys(loaders);

/** As `findExperiment`, for this configuration only. Rejects with BadConfig. */
export async function loadExperiment(config: unknown): Promise<Experiment> {
  // A configuration only ever reaches the experiment that parsed it.
  return (await loaders[nameOf(config, loadable)](config as Raw)) as Experiment;
}
