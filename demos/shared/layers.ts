/** What the charts draw besides the lines of the plot: the stored run underneath, phase markers, labels at line ends. */
import type { Plot } from './plot';
import { colour } from './theme';

export interface Marker {
  readonly step: number;
  readonly label: string;
}

export interface Path {
  readonly steps: readonly number[];
  readonly values: readonly (number | null)[];
  readonly dash: readonly number[];
}

export interface EndLabel {
  readonly step: number;
  readonly value: number;
  readonly text: string;
  readonly colour: string;
}

const font = (ratio: number): string =>
  `${12.5 * ratio}px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif`;

export interface PathStyle {
  /** Name of a custom property. */
  readonly colour: string;
  readonly width: number;
  readonly opacity: number;
}

export const storedStyle: PathStyle = { colour: 'stored', width: 1.25, opacity: 1 };

/** A stretch that does not count, shaded from top to bottom. */
export function drawShade(plot: Plot, [from, to]: readonly [number, number]): void {
  const { ctx, box } = plot;
  const left = Math.max(box.left, plot.place(from, 'x', true));
  const right = Math.min(box.left + box.width, plot.place(to, 'x', true));
  if (!(right > left)) return;
  ctx.save();
  ctx.fillStyle = colour('raised');
  ctx.fillRect(left, box.top, right - left, box.height);
  ctx.restore();
}

/** Thin lines under everything that is alive: a stored run in grey, the replicas of this one. */
export function drawPaths(
  plot: Plot,
  paths: readonly Path[],
  ratio: number,
  style: PathStyle = storedStyle,
): void {
  const { ctx } = plot;
  ctx.save();
  clip(plot);
  ctx.strokeStyle = colour(style.colour);
  ctx.globalAlpha = style.opacity;
  ctx.lineWidth = style.width * ratio;
  ctx.lineJoin = 'round';
  for (const { steps, values, dash } of paths) {
    ctx.setLineDash(dash.map((length) => length * ratio));
    ctx.beginPath();
    let pen = false;
    steps.forEach((step, row) => {
      const value = values[row];
      if (value === null || value === undefined) return;
      const x = plot.place(step, 'x', true);
      const y = plot.place(value, 'y', true);
      if (!Number.isFinite(x) || !Number.isFinite(y)) return;
      if (pen) ctx.lineTo(x, y);
      else ctx.moveTo(x, y);
      pen = true;
    });
    ctx.stroke();
  }
  ctx.restore();
}

/** Vertical hair lines at phases and milestones, labelled above the plot; a label that would collide drops a line. */
export function drawMarkers(
  plot: Plot,
  markers: readonly Marker[],
  ratio: number,
  strength: 'stored' | 'live',
): void {
  const { ctx, box } = plot;
  ctx.save();
  ctx.font = font(ratio);
  ctx.textAlign = 'left';
  ctx.textBaseline = 'bottom';
  ctx.lineWidth = ratio;
  const ends: number[] = [];
  for (const { step, label } of [...markers].sort((a, b) => a.step - b.step)) {
    const x = Math.round(plot.place(step, 'x', true)) + 0.5;
    if (!Number.isFinite(x) || x < box.left || x > box.left + box.width) continue;
    ctx.strokeStyle = colour(strength === 'live' ? 'marker' : 'stored-faint');
    ctx.setLineDash([2 * ratio, 3 * ratio]);
    ctx.beginPath();
    ctx.moveTo(x, box.top);
    ctx.lineTo(x, box.top + box.height);
    ctx.stroke();
    if (label === '') continue;
    const width = ctx.measureText(label).width;
    const left = Math.max(box.left, Math.min(x - 2 * ratio, ctx.canvas.width - width));
    let row = 0;
    while ((ends[row] ?? -Infinity) > left - 8 * ratio) row++;
    ends[row] = left + width;
    ctx.fillStyle = colour(strength === 'live' ? 'ink-soft' : 'stored-ink');
    ctx.fillText(label, left, box.top - 3 * ratio + row * 17 * ratio);
  }
  ctx.restore();
}

/** Labels this close across may run into each other. */
const near = 120;

/** A line's name at its end, in its colour, instead of a legend; labels that would overlap are pushed apart. */
export function drawEndLabels(plot: Plot, labels: readonly EndLabel[], ratio: number): void {
  const { ctx, box } = plot;
  ctx.save();
  ctx.font = font(ratio);
  ctx.textAlign = 'left';
  ctx.textBaseline = 'middle';
  const line = 15 * ratio;
  const placed = labels
    .map((label) => ({
      ...label,
      x: plot.place(label.step, 'x', true) + 7 * ratio,
      y: plot.place(label.value, 'y', true),
    }))
    .filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y))
    .sort((a, b) => a.y - b.y);
  const beside = (a: { x: number }, b: { x: number }): boolean =>
    Math.abs(a.x - b.x) < near * ratio;
  placed.forEach((label, index) => {
    const above = placed.slice(0, index).findLast((other) => beside(other, label));
    if (above !== undefined) label.y = Math.max(label.y, above.y + line);
  });
  const bottom = box.top + box.height;
  for (let index = placed.length - 1; index >= 0; index--) {
    const label = placed[index] as (typeof placed)[number];
    const below = placed.slice(index + 1).find((other) => beside(other, label));
    label.y = Math.min(label.y, below === undefined ? bottom - line / 3 : below.y - line);
  }
  const paper = colour('paper');
  for (const { x, y, text, colour: name } of placed) {
    ctx.lineWidth = 4 * ratio;
    ctx.lineJoin = 'round';
    ctx.strokeStyle = paper;
    ctx.strokeText(text, x, y);
    ctx.fillStyle = colour(name);
    ctx.fillText(text, x, y);
  }
  ctx.restore();
}

function clip({ ctx, box }: Plot): void {
  ctx.beginPath();
  ctx.rect(box.left, box.top, box.width, box.height);
  ctx.clip();
}
