/** The loss surface under the chains: a tint where nβK is small, level lines in units of 1/nβ, and where their names go. */
import { levelLines, sampleGrid } from '../shared/contours';
import { colour } from '../shared/theme';
import type { Surface } from './potential';

export interface Label {
  readonly x: number;
  readonly y: number;
  readonly level: number;
}

const gridSize = 180;
/** Level lines at these multiples of 1/nβ: chains live where nβK is of order one. */
const levels = [1, 10, 100, 1000, 10_000];

/** Paints a square of `side` pixels; the names are returned, since chains are painted before them. */
export function paintSurface(
  pen: CanvasRenderingContext2D,
  side: number,
  nbeta: number,
  surface: Surface,
): Label[] {
  const grid = sampleGrid(gridSize, surface.reach, surface.excess);
  const cell = side / gridSize;
  const image = new ImageData(gridSize + 1, gridSize + 1);
  const [red, green, blue] = channels(colour('lambda'));
  grid.values.forEach((value, index) => {
    const level = Math.max(nbeta * value, 0.1);
    // Deepest where nβK < 0.1, gone at nβK = 30.
    const alpha = Math.max(0, 1 - (Math.log10(level) + 1) / 2.5) * 0.3;
    image.data.set([red, green, blue, Math.round(255 * alpha)], 4 * index);
  });
  const tint = document.createElement('canvas');
  tint.width = tint.height = gridSize + 1;
  tint.getContext('2d')?.putImageData(image, 0, 0);
  pen.imageSmoothingEnabled = true;
  pen.drawImage(tint, -cell / 2, -cell / 2, side + cell, side + cell);
  const labels: Label[] = [];
  for (const level of levels) {
    const lines = levelLines(grid, level / nbeta);
    pen.strokeStyle = colour(level === 1 ? 'lambda' : 'rule');
    pen.lineWidth = 1;
    pen.beginPath();
    for (const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] of lines) {
      pen.moveTo(x1 * cell, y1 * cell);
      pen.lineTo(x2 * cell, y2 * cell);
    }
    pen.stroke();
    const spot = labelSpot(lines, cell, side);
    if (spot === null || labels.some(({ x, y }) => Math.hypot(x - spot.x, y - spot.y) < 24)) {
      continue;
    }
    labels.push({ ...spot, level });
  }
  return labels;
}

/** On the ray up and to the right, the point of a level line that lies closest to it and well inside. */
function labelSpot(
  lines: readonly number[][],
  cell: number,
  side: number,
): { x: number; y: number } | null {
  let best: { x: number; y: number } | null = null;
  let closest = 0.14;
  for (const [x1 = 0, y1 = 0] of lines) {
    const [x, y] = [x1 * cell, y1 * cell];
    const [right, up] = [x - side / 2, side / 2 - y];
    if (right < 0 || up < 0 || x > side - 28 || y < 14) continue;
    const off = Math.abs(Math.atan2(up, right) - 0.8);
    if (off < closest) {
      closest = off;
      best = { x, y };
    }
  }
  return best;
}

/** `#rrggbb` as numbers. */
function channels(hex: string): [number, number, number] {
  const value = Number.parseInt(hex.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}
