/** What stands below the experiment: the map of a sweep, the ladder of polygons, λ̂ through training. */
import { find } from '../shared/dom';
import { createSignal, type Signal } from '../shared/signal';
import { loadStored } from '../shared/stored';
import { createJourney } from './journey';
import { createLadder } from './ladder';
import { isResults } from './results';
import type { Setting } from './setting';
import { createSweep } from './sweep';

export interface Below {
  update(setting: Setting): void;
}

/** Fills the places of the page. `choose` is told a state of polygons; `onChange` that a stored run has come. */
export function createBelow(
  chosen: Signal<number>,
  choose: (state: string) => void,
  onChange: () => void,
): Below {
  const sweep = createSweep(chosen);
  const ladder = createLadder(choose);
  const journey = createJourney('training-run', createSignal(-1));
  let stored: Parameters<typeof sweep.update>[1] = null;
  find('map').append(sweep.element);
  find('ladder').append(ladder.element);
  find('training-place').append(journey.element);

  /** Finished runs of a sweep and through training, shown until the visitor has one. */
  async function fetchExamples(): Promise<void> {
    const [swept, trained] = await Promise.all([
      loadStored(new URL('./reference-sweep.json', import.meta.url)),
      loadStored(new URL('./reference-training.json', import.meta.url)),
    ]);
    stored = isResults(swept?.results) ? swept.results : null;
    const results = isResults(trained?.results) ? trained.results : null;
    journey.update({ results, loss: null, old: true });
    onChange();
  }

  void fetchExamples();
  return {
    update(setting) {
      const { target } = setting.config;
      sweep.update(setting, stored);
      ladder.update(target.kind === 'superposition' ? target.state : null);
    },
  };
}
