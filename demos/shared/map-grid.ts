/** Several small maps of one kind on one canvas, each with a line below it: neurons over (a, b), heads of attention. */
import { imageOf } from './cells';
import { sequential } from './colours';
import type { Matrix } from './heatmap';
import { createPicture, smallFont, type Picture } from './picture';
import { colour } from './theme';

export interface SmallMap {
  readonly matrix: Matrix;
  /** Ends of its colours: what is at or below the first, and at or above the second. */
  readonly range: readonly [number, number];
  readonly caption: string;
}

export interface MapGridOptions {
  readonly id: string;
  readonly name: string;
  /** Most in a row. */
  readonly across: number;
  /** Places drawn while there is nothing. */
  readonly places: number;
}

const [gap, foot, narrow] = [12, 26, 330];

export function createMapGrid(options: MapGridOptions): Picture<readonly SmallMap[]> {
  let count = options.places;
  const perRow = (width: number): number =>
    Math.min(count, width < narrow ? Math.ceil(options.across / 2) : options.across);
  const sideFor = (width: number): number => {
    const most = width < narrow ? Math.ceil(options.across / 2) : options.across;
    return (width - gap * (most - 1)) / most;
  };

  return createPicture<readonly SmallMap[]>({
    id: options.id,
    ratio: (width) => width / (Math.ceil(count / perRow(width)) * (sideFor(width) + foot)),
    paint(pen, width, _, maps) {
      const side = sideFor(width);
      pen.font = smallFont;
      for (let index = 0; index < count; index++) {
        const x = (index % perRow(width)) * (side + gap);
        const y = Math.floor(index / perRow(width)) * (side + foot);
        const map = maps?.[index];
        if (map === undefined) {
          pen.strokeStyle = colour('rule');
          pen.strokeRect(x + 0.5, y + 0.5, side - 1, side - 1);
          continue;
        }
        const [low, high] = map.range;
        const image = imageOf(map.matrix, (value) => sequential((value - low) / (high - low || 1)));
        pen.drawImage(image, x, y, side, side);
        pen.fillStyle = colour('ink-soft');
        pen.fillText(map.caption, x, y + side + 15, side);
      }
    },
    describe(maps) {
      count = maps === null ? options.places : Math.max(1, maps.length);
      if (maps === null) return `${options.name}: nothing yet.`;
      return `${options.name}: ${maps.map(({ caption }) => caption).join('; ')}.`;
    },
  });
}
