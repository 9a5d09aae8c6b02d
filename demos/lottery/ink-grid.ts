/** Small squares of ink on paper, each with a line below it: digits, masks. */
import { imageOf } from '../shared/cells';
import { createPicture, smallFont, type Picture } from '../shared/picture';
import { colour, theme } from '../shared/theme';

export interface InkCell {
  readonly side: number;
  /** side², 0 for paper to 1 for ink. */
  readonly data: ArrayLike<number>;
  /** For those who do not see it. */
  readonly name: string;
  readonly caption: string;
}

export interface InkGridOptions {
  readonly id: string;
  readonly name: string;
  readonly across: number;
  readonly places: number;
  /** Is there room for a line below each? */
  readonly captions: boolean;
}

const [gap, foot] = [8, 20];

/** A fixed number of places, empty while there is nothing. */
export function createInkGrid(options: InkGridOptions): Picture<readonly InkCell[]> {
  const { across, places } = options;
  const below = options.captions ? foot : 0;
  const rows = Math.ceil(places / across);
  const sideFor = (width: number): number => (width - gap * (across - 1)) / across;

  return createPicture<readonly InkCell[]>({
    id: options.id,
    ratio: (width) => width / (rows * (sideFor(width) + below + gap) - gap),
    paint(pen, width, _, cells) {
      const side = sideFor(width);
      const dark = theme.get() === 'dark';
      // From a shade off the paper to a shade off the ink.
      const [paper, ink] = dark ? [36, 214] : [243, 34];
      pen.font = smallFont;
      for (let k = 0; k < places; k++) {
        const [x, y] = [(k % across) * (side + gap), Math.floor(k / across) * (side + below + gap)];
        const cell = cells?.[k];
        if (cell === undefined) {
          pen.strokeStyle = colour('rule');
          pen.strokeRect(x + 0.5, y + 0.5, side - 1, side - 1);
          continue;
        }
        const image = imageOf({ rows: cell.side, columns: cell.side, data: cell.data }, (value) => {
          const level = paper + (ink - paper) * value;
          return [level, level, level];
        });
        pen.drawImage(image, x, y, side, side);
        pen.fillStyle = colour('ink-soft');
        pen.fillText(cell.caption, x, y + side + 14, side);
      }
    },
    describe(cells) {
      if (cells === null) return `${options.name}: nothing yet.`;
      return `${options.name}: ${cells.map(({ name }) => name).join(', ')}.`;
    },
  });
}
