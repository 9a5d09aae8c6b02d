/** The run of this page as a story: rows of the session, masks and spectra of its stages, weights of those that are over. */
import type { LlcEstimate } from '../../src/lab/experiments/llc-results';
import type { TicketsResults } from '../../src/lab/experiments/tickets-results';
import type { KeptStages } from '../shared/kept-stages';
import type { Session } from '../shared/session';
import type { StageViews } from '../shared/stage-views';
import { separate } from '../shared/staged-columns';
import { entrantsOf } from './entrants';
import type { Story } from './story';

export interface LiveParts {
  readonly session: Session;
  readonly views: StageViews;
  readonly kept: KeptStages;
  readonly results: () => TicketsResults | null;
}

/** Null before a run is open. */
export function liveStory({ session, views, kept, results }: LiveParts): Story | null {
  const { config, columns } = session.state;
  if (config === null) return null;
  const base = kept.done()[0]?.outcome ?? null;
  return {
    config,
    entrants: entrantsOf(config),
    columns: separate(columns),
    places: base?.layout.places ?? [],
    weights: (step) => base?.checkpoints.find((one) => one.step === step)?.parameters ?? null,
    mask(entry) {
      const mask = views.at('masks', entry, null)?.data ?? null;
      return mask !== null && mask.length === base?.layout.stride ? mask : null;
    },
    spectrum(entry) {
      const seen = views.at('spectrum', entry, null);
      if (seen === null) return null;
      const [neurons = 0, frequencies = 0] = seen.shape;
      return { step: seen.step, neurons, frequencies, data: seen.data };
    },
    left: (entry) => (entry === 0 ? 1 : (results()?.variants[entry - 1]?.density?.all ?? null)),
    llc(entry) {
      const found = results();
      const one = entry === 0 ? found?.base : found?.variants[entry - 1];
      const llc = (one?.llc ?? null) as LlcEstimate | null;
      return llc === null || llc.mean === null
        ? null
        : { mean: llc.mean, error: llc.standardError ?? NaN };
    },
    stored: false,
  };
}
