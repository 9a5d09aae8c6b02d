/** The journey of a target with several points, fetched when there is one. */
import { make } from '../shared/dom';
import { once, tellMissing } from '../shared/near';
import type { Signal } from '../shared/signal';
import type { Journey, JourneyState } from './journey';

export function createJourneyLater(id: string, chosen: Signal<number>): Journey {
  const element = make('div');
  let journey: Journey | null = null;
  let latest: JourneyState | null = null;
  const fetched = once(async () => {
    const { createJourney } = await import('./journey');
    journey = createJourney(id, chosen);
    element.append(journey.element);
    if (latest !== null) journey.update(latest);
  });
  return {
    element,
    update(state) {
      latest = state;
      journey?.update(state);
      if (journey !== null || (state.results?.checkpoints.length ?? 0) < 2) return;
      fetched().catch(() => {
        if (element.childElementCount === 0) tellMissing(element);
      });
    },
  };
}
