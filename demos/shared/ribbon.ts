/**
 * The phase ribbon: a thin band under the time axis, one stretch per phase, filled in as its events happen. The same
 * on every page; before a run it shows the stored one in outline.
 */
import type { RunEvent } from '../../src/lab/record';
import { draw, make } from './dom';
import { sayCount } from './words';

export interface Phase {
  readonly name: string;
  /** Name of a custom property for its tint. */
  readonly colour: string;
  /** The event that ends it; the last phase ends with the run. */
  readonly until: string | null;
}

export interface Stretch {
  readonly phase: Phase;
  readonly from: number;
  readonly to: number;
  readonly over: boolean;
}

/** The stretches begun by `step`, in order; the last one is under way unless the run is finished. */
export function stretchesOf(
  phases: readonly Phase[],
  events: readonly RunEvent[],
  step: number,
  finished: boolean,
): Stretch[] {
  const stretches: Stretch[] = [];
  let from = 0;
  for (const phase of phases) {
    const end = events.find((event) => event.name === phase.until && event.replica === 0);
    const to = end === undefined ? step : Math.min(end.step, step);
    if (to > from || stretches.length === 0) {
      stretches.push({ phase, from, to, over: end !== undefined || finished });
    }
    if (end === undefined) break;
    from = to;
  }
  return stretches;
}

export interface Ribbon {
  readonly element: HTMLElement;
  update(state: RibbonState): void;
}

export interface RibbonState {
  /** In place of the ribbon's own, where a run is divided otherwise. */
  readonly phases?: readonly Phase[];
  readonly events: readonly RunEvent[];
  readonly step: number;
  readonly finished: boolean;
  /** True when these are the stored run's phases, drawn in outline. */
  readonly stored: boolean;
  readonly place: (step: number) => number;
  readonly area: { readonly left: number; readonly width: number };
}

const height = 34;
const band = 11;

export function createRibbon(phases: readonly Phase[]): Ribbon {
  const svg = draw('svg', { class: 'ribbon', height, width: '100%', role: 'img' });
  const element = make('div', { class: 'ribbon-box' });
  element.append(svg);

  function update(state: RibbonState): void {
    const { area, place, step, stored } = state;
    if (area.width === 0) return;
    const right = area.left + area.width;
    const rail = draw('rect', {
      class: 'rail',
      x: area.left,
      y: 0.5,
      width: area.width,
      height: band,
    });
    svg.replaceChildren(rail);
    const stretches =
      step > 0 ? stretchesOf(state.phases ?? phases, state.events, step, state.finished) : [];
    const label = stretches.map(({ phase, from, to, over }) =>
      over
        ? `${phase.name} from step ${sayCount(from)} to ${sayCount(to)}`
        : `${phase.name} since step ${sayCount(from)}`,
    );
    const who = stored ? 'Phases of the stored run' : 'Phases of this run';
    svg.setAttribute('aria-label', `${who}: ${label.join('; ') || 'not begun'}.`);
    let free = area.left;
    stretches.forEach(({ phase, from, to, over }, index) => {
      const left = Math.max(area.left, place(from));
      const end = Math.min(right, place(to));
      const rect = draw('rect', {
        class: `stretch tint-${phase.colour}${stored ? ` stored-${index % 2}` : ''}${over ? '' : ' under-way'}`,
        x: left,
        y: 0.5,
        width: Math.max(1, end - left),
        height: band,
      });
      const text = draw('text', { class: 'phase', x: left, y: height - 7 }, phase.name);
      svg.append(rect, text);
      const width = text.getComputedTextLength();
      const next = stretches[index + 1];
      const until = next === undefined ? right + 100 : Math.max(left, place(next.from));
      // A name longer than its stretch may start earlier, or be left to the label; it never runs into its neighbour.
      const start = Math.max(free, Math.min(left, right - width));
      if (next !== undefined && start + width > until + 40 && until - left < width * 0.5) {
        if (index > 0) text.remove();
      }
      text.setAttribute('x', String(start));
      if (text.isConnected) free = start + width + 12;
      if (index > 0) {
        svg.append(draw('line', { class: 'bound', x1: left, x2: left, y1: -1, y2: band + 4 }));
      }
    });
    if (!stored && step > 0 && !state.finished) {
      const at = Math.min(right, place(step));
      svg.append(draw('line', { class: 'now', x1: at, x2: at, y1: -1, y2: band + 4 }));
    }
  }

  return { element, update };
}
