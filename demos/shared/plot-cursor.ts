/** The cursor of a plot: a hair line and a dot on each line, at the pointer's place in all plots of a group at once. */
import { make } from './dom';
import type { Plot } from './plot';
import { colour } from './theme';

export interface PlotCursor {
  /** Row under the cursor, or null. */
  row(): number | null;
  point(row: number | null): void;
  /** To be called when the plot was drawn anew. */
  update(): void;
  destroy(): void;
}

/** Shows a cursor at a share of the width, null for none. */
type Show = (share: number | null) => void;

const groups = new WeakMap<object, Set<Show>>();
const DOT = 7;

export function createPlotCursor(plot: Plot, area: HTMLElement): PlotCursor {
  const line = make('div', { class: 'plot-cursor' });
  const dots = plot.options.lines.map(() => make('div', { class: 'plot-dot' }));
  const over = make('div', { class: 'plot-over' }, line, ...dots);
  const { group } = plot.options;
  const members = groups.get(group) ?? new Set();
  groups.set(group, members);
  let share: number | null = null;
  let row: number | null = null;

  /** The row whose step lies nearest to the cursor. */
  function nearest(): number | null {
    const { steps } = plot.data;
    if (share === null || steps.length === 0) return null;
    const left = share * (plot.box.width / plot.ratio);
    let best = 0;
    let least = Infinity;
    steps.forEach((step, k) => {
      const distance = Math.abs(plot.place(step, 'x') - left);
      if (distance >= least) return;
      least = distance;
      best = k;
    });
    return best;
  }

  function show(at: number | null): void {
    share = at;
    row = nearest();
    const { box, ratio, data, options } = plot;
    const { style } = over;
    style.left = `${box.left / ratio}px`;
    style.top = `${box.top / ratio}px`;
    style.width = `${box.width / ratio}px`;
    style.height = `${box.height / ratio}px`;
    line.hidden = share === null;
    line.style.left = `${((share ?? 0) * box.width) / ratio}px`;
    dots.forEach((dot, k) => {
      const value = row === null ? null : (data.values[k].middle[row] ?? null);
      dot.hidden = value === null;
      if (value === null || row === null) return;
      dot.style.left = `${plot.place(data.steps[row], 'x') - DOT / 2}px`;
      dot.style.top = `${plot.place(value, 'y') - DOT / 2}px`;
      dot.style.background = colour(options.lines[k].colour);
    });
  }

  /** The visitor's own move: the other plots follow, the page is told. */
  function move(at: number | null): void {
    for (const one of members) one(at);
    plot.options.moved(row);
  }

  over.addEventListener('mousemove', ({ clientX }) => {
    const { left, width } = over.getBoundingClientRect();
    move(Math.min(1, Math.max(0, (clientX - left) / width)));
  });
  over.addEventListener('mouseleave', () => move(null));
  members.add(show);
  area.append(over);

  return {
    row: () => row,
    point(to) {
      const width = plot.box.width / plot.ratio;
      move(to === null ? null : plot.place(plot.data.steps[to], 'x') / width);
    },
    update() {
      const before = row;
      show(share);
      // Under a pointer at rest a run goes on.
      if (row !== before && share !== null) plot.options.moved(row);
    },
    destroy: () => void members.delete(show),
  };
}
