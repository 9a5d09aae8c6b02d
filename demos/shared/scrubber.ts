/**
 * A bar at the foot of the window that moves the time cursor through a run while the pictures are in sight and the main chart is
 * not. It appears when that chart has been scrolled away.
 */
import { make } from './dom';
import { rowAt } from './series';
import type { TimeCursor } from './time-cursor';
import { sayCount } from './words';

export interface ScrubState {
  /** Steps that can be gone back to, ascending. */
  readonly steps: readonly number[];
  /** Whose they are: “this run”, “stored run”. */
  readonly whose: string;
  /** The name of what goes on at a step: a phase. */
  readonly nameAt: (step: number) => string;
}

export interface Scrubber {
  readonly element: HTMLElement;
  update(state: ScrubState): void;
}

/** `figure` is the chart that the bar stands in for. */
export function createScrubber(figure: HTMLElement, cursor: TimeCursor): Scrubber {
  const range = make('input', { type: 'range', id: 'scrub', min: 0, max: 0, step: 1 });
  const said = make('span', { class: 'scrub-said' });
  const latest = make('button', { type: 'button', class: 'quiet', id: 'scrub-latest' }, 'latest');
  const element = make(
    'div',
    { class: 'scrubber away', role: 'group', 'aria-label': 'Time cursor' },
    make('label', { for: 'scrub' }, 'Step'),
    range,
    said,
    latest,
  );
  let state: ScrubState = { steps: [], whose: '', nameAt: () => '' };

  function say(): void {
    const last = state.steps.length - 1;
    const at = cursor.get();
    const row = at === null ? last : Math.max(0, rowAt(state.steps, at));
    const step = state.steps[row] ?? 0;
    range.max = String(Math.max(0, last));
    range.value = String(row);
    const name = state.nameAt(step);
    const words = `${sayCount(step)}${name === '' ? '' : ` · ${name}`} · ${state.whose}`;
    if (said.textContent !== words) said.textContent = words;
    range.setAttribute('aria-valuetext', `step ${words}`);
    latest.disabled = cursor.pinned.get() === null;
  }

  range.addEventListener('input', () => {
    const row = Number(range.value);
    // The last place follows the run.
    cursor.pinned.set(row >= state.steps.length - 1 ? null : (state.steps[row] ?? null));
  });
  latest.addEventListener('click', () => cursor.pinned.set(null));
  cursor.watch(say);
  cursor.pinned.watch(say);
  new IntersectionObserver(([entry]) => {
    // Below the figure, not above it.
    const past = entry !== undefined && !entry.isIntersecting && entry.boundingClientRect.top < 0;
    // Unseen it keeps its place, or the foot of the page would move when it appears.
    element.classList.toggle('away', !past);
  }).observe(figure);
  return {
    element,
    update(next) {
      state = next;
      say();
    },
  };
}
