/** Chains on a picture: the recent past of a few as fading paths, and where all of them are now. */
import type { Snapshot } from '../shared/session-state';
import { colour } from '../shared/theme';

export interface Chains {
  /** [chains, 2], where all chains are. */
  readonly cloud: Snapshot | null;
  /** [chains, n, 2], the last draws of some. */
  readonly paths: Snapshot | null;
  /** True for the stored run, which is drawn in grey. */
  readonly old: boolean;
}

/** A square of a canvas, and where coordinates around w* lie on it. */
export interface View {
  readonly pen: CanvasRenderingContext2D;
  readonly left: number;
  readonly side: number;
  readonly reach: number;
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
}

/** Only of a few chains, and of each so much of its past as stretches over a few pictures, or there is no seeing through. */
const [mostPaths, mostPast, leastPast, stretch] = [7, 90, 12, 9];

/** The recent past of a few chains, fading backwards. */
export function paintPaths({ pen, x, y, reach }: View, { paths, old }: Chains): void {
  const [chains = 0, draws = 0] = paths?.shape ?? [];
  if (paths === null) return;
  pen.strokeStyle = colour(old ? 'stored' : 'lambda');
  pen.lineWidth = 0.9;
  pen.lineJoin = 'round';
  const jump = meanJump(paths);
  const wanted = jump > 0 ? Math.round((stretch * reach) / jump) : mostPast;
  const past = Math.min(draws, mostPast, Math.max(leastPast, wanted));
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

/** Mean distance between draws of the first chains. */
function meanJump({ shape, data }: Snapshot): number {
  const draws = shape[1] ?? 0;
  let sum = 0;
  let count = 0;
  for (let at = 2; at < Math.min(data.length, 2 * draws * mostPaths); at += 2) {
    if ((at / 2) % draws === 0) continue;
    const jump = Math.hypot(
      (data[at] ?? 0) - (data[at - 2] ?? 0),
      (data[at + 1] ?? 0) - (data[at - 1] ?? 0),
    );
    if (!Number.isFinite(jump)) continue;
    sum += jump;
    count++;
  }
  return count === 0 ? 0 : sum / count;
}

export function paintCloud(view: View, { cloud, old }: Chains): void {
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
