/** Masks of a network's tensors, one below the other: a pixel a weight, ink where it stays. */
import { imageOf } from '../shared/cells';
import { createPicture, smallFont, type Picture } from '../shared/picture';
import { colour, theme } from '../shared/theme';

export interface MaskStrip {
  readonly caption: string;
  readonly rows: number;
  readonly columns: number;
  /** 0 or 1, row by row. */
  readonly bits: ArrayLike<number>;
}

const [head, gap, empty] = [20, 14, 260];
/** Square tensors would fill the screen. */
const tallest = 180;

/** Tall tensors lie down, so that every strip is as wide as the sheet. */
export function lay({ caption, rows, columns, bits }: MaskStrip): MaskStrip {
  if (rows <= columns) return { caption, rows, columns, bits };
  const turned = new Uint8Array(rows * columns);
  for (let k = 0; k < turned.length; k++) {
    turned[(k % columns) * rows + Math.floor(k / columns)] = bits[k] === 0 ? 0 : 1;
  }
  return { caption, rows: columns, columns: rows, bits: turned };
}

export function createMaskSheet(id: string): Picture<readonly MaskStrip[]> {
  let strips: readonly MaskStrip[] = [];
  const widthOf = ({ rows, columns }: MaskStrip, width: number): number =>
    Math.min(width, (tallest * columns) / rows);
  const heightOf = (strip: MaskStrip, width: number): number =>
    (widthOf(strip, width) * strip.rows) / strip.columns;
  return createPicture<readonly MaskStrip[]>({
    id,
    ratio: (width) =>
      width /
      (strips.length === 0
        ? empty
        : strips.reduce((sum, strip) => sum + head + heightOf(strip, width) + gap, -gap)),
    paint(pen, width, height) {
      if (strips.length === 0) {
        pen.strokeStyle = colour('rule');
        pen.strokeRect(0.5, 0.5, width - 1, height - 1);
        return;
      }
      const dark = theme.get() === 'dark';
      // From a shade off the paper to a shade off the ink.
      const [paper, ink] = dark ? [36, 214] : [238, 40];
      pen.font = smallFont;
      let y = 0;
      for (const strip of strips) {
        const [wide, tall] = [widthOf(strip, width), heightOf(strip, width)];
        pen.fillStyle = colour('ink-soft');
        pen.fillText(strip.caption, 0, y + 13, width);
        const { rows, columns, bits } = strip;
        const image = imageOf({ rows, columns, data: bits }, (bit) => {
          const level = bit === 0 ? paper : ink;
          return [level, level, level];
        });
        // Few device pixels a weight would alias.
        pen.imageSmoothingEnabled = (wide * window.devicePixelRatio) / columns < 3;
        pen.drawImage(image, 0, y + head, wide, tall);
        y += head + tall + gap;
      }
    },
    describe(next) {
      strips = (next ?? []).map(lay);
      return strips.length === 0
        ? 'Masks: nothing yet.'
        : `Masks: ${strips.map(({ caption }) => caption).join('; ')}.`;
    },
  });
}
