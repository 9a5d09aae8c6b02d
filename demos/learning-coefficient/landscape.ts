/**
 * Where the chains are: level lines of nβK with sampling paths and all chains over them. One parameter is drawn from the
 * side, as the valley's profile; a target of many parameters without its surface, along two fixed directions.
 */
import { createPicture, smallFont, type Picture } from '../shared/picture';
import { colour, theme } from '../shared/theme';
import { sayNumber } from '../shared/words';
import { paintCloud, paintPaths, type Chains, type View } from './chains';
import { paintSurface, type Label } from './level-lines';
import { roundHalf, type Surface } from './potential';

export interface Landscape extends Chains {
  readonly surface: Surface | null;
  readonly nbeta: number;
  /** What the axes are called. */
  readonly axes: readonly [string, string];
}

/** Painted once for a surface, a size and a theme. */
interface Base {
  readonly key: string;
  readonly surface: Surface;
  readonly sheet: HTMLCanvasElement;
  readonly labels: readonly Label[];
}

const [margin, foot] = [16, 22];

export function createLandscape(): Picture<Landscape> {
  let free = 0;
  let base: Base | null = null;

  function reachOf({ surface, cloud }: Landscape): number {
    if (surface !== null) return surface.reach;
    const sizes = Float32Array.from(cloud?.data ?? [], Math.abs)
      .filter(Number.isFinite)
      .sort();
    // Without a formula the range only grows, so that pictures can be compared from draw to draw.
    const most = 1.3 * (sizes[Math.floor(sizes.length * 0.98)] ?? 0);
    if (cloud === null || cloud.step === 0) free = 0;
    if (most > free) free = roundHalf(most);
    return free > 0 ? free : 1;
  }

  function baseFor(side: number, data: Landscape, surface: Surface): Base {
    const ratio = window.devicePixelRatio;
    const key = `${side} ${data.nbeta} ${theme.get()} ${ratio}`;
    if (base !== null && base.key === key && base.surface === surface) return base;
    const sheet = document.createElement('canvas');
    sheet.width = sheet.height = Math.round(side * ratio);
    const pen = sheet.getContext('2d');
    pen?.scale(ratio, ratio);
    const labels = pen === null ? [] : paintSurface(pen, side, data.nbeta, surface);
    base = { key, surface, sheet, labels };
    return base;
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
        const under = data.surface === null ? null : baseFor(side, data, data.surface);
        if (under === null) paintCross(view);
        else pen.drawImage(under.sheet, margin, 0, side, side);
        paintPaths(view, data);
        paintCloud(view, data);
        if (under !== null) paintLabels(view, under.labels);
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

/** Over everything else, beside their lines. */
function paintLabels({ pen, left }: View, labels: readonly Label[]): void {
  pen.font = smallFont;
  pen.textBaseline = 'middle';
  pen.textAlign = 'left';
  pen.lineWidth = 4;
  pen.lineJoin = 'round';
  pen.strokeStyle = colour('paper');
  for (const { x, y, level } of labels) {
    const text = level === 1 ? 'nβK = 1' : String(level).replace(/000$/, ',000');
    const at = [left + x + 5, y - 9] as const;
    pen.strokeText(text, ...at);
    pen.fillStyle = colour(level === 1 ? 'lambda-ink' : 'ink-soft');
    pen.fillText(text, ...at);
  }
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
