/**
 * Where the chains are: level lines of nβK with sampling paths and all chains over them. One parameter is drawn from the
 * side, as the valley's profile; a target of many parameters without its surface, along two fixed directions.
 */
import { levelLines, sampleGrid } from '../shared/contours';
import { createPicture, smallFont, type Picture } from '../shared/picture';
import type { Snapshot } from '../shared/session-state';
import { colour, theme } from '../shared/theme';
import { roundUp } from '../shared/scales';
import { sayNumber } from '../shared/words';
import type { Surface } from './potential';

export interface Landscape {
  readonly surface: Surface | null;
  readonly nbeta: number;
  /** [chains, 2], where all chains are. */
  readonly cloud: Snapshot | null;
  /** [chains, n, 2], the last draws of some. */
  readonly paths: Snapshot | null;
  /** True for the stored run, which is drawn in grey. */
  readonly old: boolean;
  /** What the axes are called. */
  readonly axes: readonly [string, string];
}

interface View {
  readonly pen: CanvasRenderingContext2D;
  readonly left: number;
  readonly side: number;
  readonly reach: number;
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
}

const gridSize = 180;
const [margin, foot] = [16, 22];
/** Level lines at these multiples of 1/nβ: chains live where nβK is of order one. */
const levels = [1, 10, 100, 1000, 10_000];
/** Of each chain only so much of its past, and only of a few chains, or there is no seeing through it. */
const [mostPaths, mostPast] = [7, 90];

export function createLandscape(): Picture<Landscape> {
  let free = 0;
  let base: { key: string; surface: Surface | null; sheet: HTMLCanvasElement } | null = null;

  function reachOf({ surface, cloud }: Landscape): number {
    if (surface !== null) return surface.reach;
    const sizes = Float32Array.from(cloud?.data ?? [], Math.abs)
      .filter(Number.isFinite)
      .sort();
    // Without a formula the range only grows, so that pictures can be compared from draw to draw.
    const most = sizes[Math.floor(sizes.length * 0.98)] ?? 0;
    free = cloud === null || cloud.step === 0 ? roundUp(most) : Math.max(free, roundUp(most));
    return free > 0 ? free : 1;
  }

  /** Tint and level lines change only with the target, the size and the theme: painted once. */
  function surfaceSheet(side: number, data: Landscape, surface: Surface): HTMLCanvasElement {
    const key = `${side} ${data.nbeta} ${theme.get()} ${window.devicePixelRatio}`;
    if (base !== null && base.key === key && base.surface === surface) return base.sheet;
    const sheet = document.createElement('canvas');
    sheet.width = sheet.height = Math.round(side * window.devicePixelRatio);
    const pen = sheet.getContext('2d');
    if (pen !== null) {
      pen.scale(window.devicePixelRatio, window.devicePixelRatio);
      paintSurface(pen, side, data.nbeta, surface);
    }
    base = { key, surface, sheet };
    return sheet;
  }

  return createPicture<Landscape>({
    id: 'landscape',
    ratio: (width) => width / (width - margin + foot),
    paint(pen, width, _, data) {
      if (data === null) return;
      const side = width - margin;
      const reach = reachOf(data);
      const half = side / 2;
      const view: View = {
        pen,
        left: margin,
        side,
        reach,
        x: (value) => margin + half + (value / reach) * half,
        y: (value) => half - (value / reach) * half,
      };
      pen.save();
      pen.beginPath();
      pen.rect(margin, 0, side, side);
      pen.clip();
      if (data.surface?.dimensions === 1) paintProfile(view, data, data.surface);
      else {
        if (data.surface !== null) {
          pen.drawImage(surfaceSheet(side, data, data.surface), margin, 0, side, side);
        } else paintCross(view);
        paintPaths(view, data);
        paintCloud(view, data);
      }
      pen.restore();
      paintAxes(view, data);
    },
    describe: (data) => {
      if (data?.cloud === null || data === null) return 'Where the chains are: nothing yet.';
      const count = data.cloud.shape[0] ?? 0;
      return (
        `${count} chains at step ${data.cloud.step}${data.old ? ' of the stored run' : ''}, ` +
        `over ${data.axes[0]} and ${data.axes[1]}.`
      );
    },
  });
}

function paintSurface(
  pen: CanvasRenderingContext2D,
  side: number,
  nbeta: number,
  surface: Surface,
): void {
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
  pen.font = smallFont;
  pen.textBaseline = 'middle';
  pen.textAlign = 'center';
  const placed: { x: number; y: number }[] = [];
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
    if (spot === null || placed.some(({ x, y }) => Math.hypot(x - spot.x, y - spot.y) < 22)) {
      continue;
    }
    placed.push(spot);
    const text = level === 1 ? 'nβK = 1' : String(level).replace(/000$/, ',000');
    pen.lineWidth = 4;
    pen.strokeStyle = colour('paper');
    pen.strokeText(text, spot.x, spot.y);
    pen.fillStyle = colour(level === 1 ? 'lambda-ink' : 'ink-soft');
    pen.fillText(text, spot.x, spot.y);
  }
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

function paintCross({ pen, left, side }: View): void {
  pen.strokeStyle = colour('grid');
  pen.lineWidth = 1;
  pen.beginPath();
  pen.moveTo(left + side / 2, 0);
  pen.lineTo(left + side / 2, side);
  pen.moveTo(left, side / 2);
  pen.lineTo(left + side, side / 2);
  pen.stroke();
}

/** The recent past of a few chains, fading backwards. */
function paintPaths({ pen, x, y }: View, { paths, old }: Landscape): void {
  const [chains = 0, draws = 0] = paths?.shape ?? [];
  if (paths === null) return;
  pen.strokeStyle = colour(old ? 'stored' : 'lambda');
  pen.lineWidth = 0.9;
  pen.lineJoin = 'round';
  const past = Math.min(draws, mostPast);
  const pieces = 6;
  for (let chain = 0; chain < Math.min(chains, mostPaths); chain++) {
    for (let piece = 0; piece < pieces; piece++) {
      const from = draws - past + Math.floor((past * piece) / pieces);
      const to = draws - past + Math.floor((past * (piece + 1)) / pieces);
      pen.globalAlpha = 0.12 + (0.55 * (piece + 1)) / pieces;
      pen.beginPath();
      for (let draw = from; draw <= Math.min(to, draws - 1); draw++) {
        const at = 2 * (chain * draws + draw);
        const [px, py] = [paths.data[at] ?? NaN, paths.data[at + 1] ?? NaN];
        if (Number.isFinite(px) && Number.isFinite(py)) pen.lineTo(x(px), y(py));
      }
      pen.stroke();
    }
  }
  pen.globalAlpha = 1;
}

function paintCloud(view: View, { cloud, old }: Landscape): void {
  const { pen, x, y } = view;
  const chains = cloud?.shape[0] ?? 0;
  const radius = chains > 300 ? 1.4 : 2.2;
  pen.fillStyle = colour(old ? 'stored-ink' : 'ink');
  pen.strokeStyle = colour('paper');
  pen.lineWidth = 0.8;
  pen.globalAlpha = chains > 300 ? 0.6 : 0.9;
  for (let chain = 0; chain < chains; chain++) {
    const [px, py] = [cloud?.data[2 * chain] ?? NaN, cloud?.data[2 * chain + 1] ?? NaN];
    if (!Number.isFinite(px) || !Number.isFinite(py)) continue;
    pen.beginPath();
    pen.arc(x(px), y(py), radius, 0, 2 * Math.PI);
    pen.fill();
    if (radius > 2) pen.stroke();
  }
  pen.globalAlpha = 1;
  // w* itself: a small ring that stays visible under a crowd.
  pen.strokeStyle = colour('accent-ink');
  pen.lineWidth = 1.5;
  pen.beginPath();
  pen.arc(x(0), y(0), 4.5, 0, 2 * Math.PI);
  pen.stroke();
}

/** One parameter: the curve nβK(w) from below, chains as dots on it. */
function paintProfile(view: View, data: Landscape, surface: Surface): void {
  const { pen, side, x, reach, left } = view;
  const top = 8;
  const height = (w: number): number =>
    side - 12 - ((side - 28) * data.nbeta * surface.excess(w, 0)) / top;
  pen.strokeStyle = colour('grid');
  pen.font = smallFont;
  pen.textBaseline = 'bottom';
  for (const level of [0, 1, 2, 4, 6]) {
    const at = Math.round(side - 12 - ((side - 28) * level) / top) + 0.5;
    pen.beginPath();
    pen.moveTo(left, at);
    pen.lineTo(left + side, at);
    pen.stroke();
    pen.fillStyle = colour('ink-soft');
    pen.fillText(level === 1 ? 'nβK = 1' : String(level), left + 4, at - 2);
  }
  pen.strokeStyle = colour('norm');
  pen.lineWidth = 1.25;
  pen.beginPath();
  for (let step = -200; step <= 200; step++) {
    const w = (step / 200) * reach;
    pen.lineTo(x(w), height(w));
  }
  pen.stroke();
  const chains = data.cloud?.shape[0] ?? 0;
  pen.fillStyle = colour(data.old ? 'stored' : 'lambda');
  pen.globalAlpha = 0.75;
  for (let chain = 0; chain < chains; chain++) {
    const w = data.cloud?.data[2 * chain] ?? NaN;
    if (!Number.isFinite(w)) continue;
    pen.beginPath();
    pen.arc(x(w), height(w), 3, 0, 2 * Math.PI);
    pen.fill();
  }
  pen.globalAlpha = 1;
}

function paintAxes({ pen, left, side, reach }: View, { axes, surface }: Landscape): void {
  pen.font = smallFont;
  pen.fillStyle = colour('ink-soft');
  pen.textBaseline = 'alphabetic';
  const [low, high] = [sayNumber(-reach), sayNumber(reach)];
  pen.textAlign = 'left';
  pen.fillText(low, left, side + 16);
  pen.textAlign = 'right';
  pen.fillText(high, left + side, side + 16);
  pen.textAlign = 'center';
  pen.fillText(axes[0], left + side / 2, side + 16);
  if (surface?.dimensions === 1) return;
  pen.save();
  pen.translate(left - 6, side / 2);
  pen.rotate(-Math.PI / 2);
  pen.fillText(axes[1], 0, 0);
  pen.textAlign = 'left';
  pen.fillText(low, -side / 2, 0);
  pen.textAlign = 'right';
  pen.fillText(high, side / 2, 0);
  pen.restore();
  pen.textAlign = 'left';
}

/** `#rrggbb` as numbers. */
function channels(hex: string): [number, number, number] {
  const value = Number.parseInt(hex.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}
