/** A canvas that fits its box, its pixels and the theme, repainted at most once per frame and only while it is in sight. */
import { make } from './dom';
import { coalesce } from './signal';
import { theme } from './theme';

export interface Picture<T> {
  readonly element: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  update(data: T | null): void;
}

export interface PictureOptions<T> {
  readonly id: string;
  /** Width over height, or how it follows from the width. */
  readonly ratio: number | ((width: number) => number);
  /** Paints in CSS pixels on a cleared canvas; null means that there is nothing yet. */
  readonly paint: (
    pen: CanvasRenderingContext2D,
    width: number,
    height: number,
    data: T | null,
  ) => void;
  /** One sentence for those who do not see it. */
  readonly describe: (data: T | null) => string;
}

export function createPicture<T>(options: PictureOptions<T>): Picture<T> {
  const canvas = make('canvas', { id: options.id, role: 'img' });
  const element = make('div', { class: 'picture' }, canvas);
  let data: T | null = null;
  let inSight = false;
  let stale = true;
  canvas.setAttribute('aria-label', options.describe(null));

  const paint = coalesce(() => {
    const width = element.clientWidth;
    if (width === 0) return;
    // First, for a picture of many parts counts them there.
    const words = options.describe(data);
    const shape = typeof options.ratio === 'number' ? options.ratio : options.ratio(width);
    const height = Math.round(width / shape);
    const seen = canvas.style.height !== '';
    canvas.style.height = `${height}px`;
    canvas.setAttribute('aria-label', words);
    // Out of sight it takes its place and keeps what it shows, but an empty one is painted wherever it is.
    stale = !inSight;
    if (stale && data !== null && seen) return;
    const ratio = window.devicePixelRatio;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    const pen = canvas.getContext('2d');
    if (pen === null) return;
    pen.scale(ratio, ratio);
    pen.imageSmoothingEnabled = false;
    options.paint(pen, width, height, data);
  });

  new ResizeObserver(paint).observe(element);
  new IntersectionObserver(
    ([entry]) => {
      inSight = entry?.isIntersecting ?? true;
      if (inSight && stale) paint();
    },
    { rootMargin: '200px' },
  ).observe(element);
  theme.watch(paint);
  return {
    element,
    canvas,
    update(next) {
      data = next;
      paint();
    },
  };
}

export const smallFont = '12px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';
