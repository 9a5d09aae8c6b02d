/**
 * The time cursor of a page: the step that all charts and views show. Hovering moves it for as long as it lasts; a pinned step is
 * what it comes back to; with neither it is null and everything shows the latest.
 */
import { createSignal, type Signal } from './signal';

export interface TimeCursor extends Signal<number | null> {
  /** The step to come back to; null follows the run. */
  readonly pinned: Signal<number | null>;
}

export function createTimeCursor(): TimeCursor {
  const pinned = createSignal<number | null>(null);
  const shown = createSignal<number | null>(null);
  let hovered: number | null = null;
  const settle = (): void => shown.set(hovered ?? pinned.get());
  pinned.watch(settle);
  return {
    pinned,
    get: shown.get,
    set(step) {
      hovered = step;
      settle();
    },
    watch: shown.watch,
  };
}
