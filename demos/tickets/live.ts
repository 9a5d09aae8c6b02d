/** The run of this page as a story: rows of the session, masks and spectra of its stages, weights of those that are over. */
import type { LlcEstimate } from '../../src/lab/experiments/llc-results';
import type { TicketsResults } from '../../src/lab/experiments/tickets-results';
import type { KeptStages } from '../shared/kept-stages';
import type { Session } from '../shared/session';
import type { StageViews } from '../shared/stage-views';
import { separate } from '../shared/staged-columns';
import { entrantsOf } from './entrants';
import { spectrumFrom } from './spectrum';
import type { Spectrum, Story } from './story';

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
      if (seen !== null) {
        const [neurons = 0, frequencies = 0] = seen.shape;
        return { step: seen.step, neurons, frequencies, data: seen.data };
      }
      return entry === 0 ? spectrumOfBase(kept) : null;
    },
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

let computed: { of: object; spectrum: Spectrum | null } | null = null;

/** A base that was taken over sends no views: its spectrum comes from its last weights. */
function spectrumOfBase(kept: KeptStages): Spectrum | null {
  const base = kept.done()[0]?.outcome;
  const last = base?.checkpoints.at(-1);
  if (base === undefined || last === undefined) return null;
  if (computed?.of !== last) {
    computed = { of: last, spectrum: spectrumFrom(last.parameters, base.layout.places, last.step) };
  }
  return computed.spectrum;
}
