/** A drawing that is made anew for each width of its place, so that its words keep their size on narrow screens. */
import { make } from './dom';

export function createFitted(drawFor: (width: number) => SVGSVGElement): HTMLElement {
  const host = make('div', { class: 'fitted' });
  let drawn = 0;
  new ResizeObserver(() => {
    const width = Math.round(host.clientWidth);
    if (width === 0 || width === drawn) return;
    drawn = width;
    host.replaceChildren(drawFor(width));
  }).observe(host);
  return host;
}
