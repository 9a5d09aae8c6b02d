/** The pinned step in a chart: a hair line where it is, and the ways to pin one: a click, or Enter where the arrows stand. */
import type { Chart } from './chart';
import { make } from './dom';
import type { TimeCursor } from './time-cursor';

export function drawTimeLine(chart: Chart, cursor: TimeCursor): void {
  const plot = chart.element.querySelector<HTMLElement>('.plot');
  if (plot === null) return;
  const line = make('div', { class: 'time-line', hidden: true });
  plot.append(line);

  const place = (): void => {
    const step = cursor.pinned.get();
    const { left, width } = chart.area();
    const at = step === null ? -1 : chart.placeOf(step);
    line.hidden = step === null || at < left || at > left + width + 1;
    line.style.left = `${at}px`;
    // A chart that is built anew puts its own canvas last.
    if (line.parentElement !== plot || plot.lastElementChild !== line) plot.append(line);
  };
  const pin = (): void => {
    const step = cursor.get();
    if (step !== null) cursor.pinned.set(step);
  };
  plot.addEventListener('click', pin);
  plot.addEventListener('keydown', ({ key }) => {
    if (key === 'Enter') pin();
    if (key === 'Escape') cursor.pinned.set(null);
  });
  cursor.pinned.watch(place);
  chart.onLayout(place);
}
