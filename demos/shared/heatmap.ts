/** A matrix as coloured cells with its range printed: attention patterns, maps of logits. */
import { css, sequential, signed } from './colours';
import { createPicture, smallFont, type Picture } from './picture';
import { colour, theme } from './theme';
import { sayNumber } from './words';

export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  /** Row-major. */
  readonly data: ArrayLike<number>;
}

export interface HeatmapOptions {
  readonly id: string;
  readonly name: string;
  /** What runs down and across, printed at the edges. */
  readonly axes: readonly [string, string];
  readonly map: 'sequential' | 'signed';
  /** Fixed range: [0, high] or [−high, high]. */
  readonly high: () => number;
}

const left = 22;
const bottom = 34;

export function createHeatmap(options: HeatmapOptions): Picture<Matrix> {
  const shade = (share: number): readonly [number, number, number] =>
    options.map === 'signed' ? signed(share, theme.get()) : sequential(share);

  function paint(
    pen: CanvasRenderingContext2D,
    width: number,
    height: number,
    matrix: Matrix | null,
  ): void {
    const side = Math.min(width - left, height - bottom);
    pen.font = smallFont;
    if (matrix === null) {
      pen.strokeStyle = colour('rule');
      pen.strokeRect(left + 0.5, 0.5, side - 1, side - 1);
    } else {
      pen.drawImage(cells(matrix), left, 0, side, side);
    }
    pen.fillStyle = colour('ink-soft');
    pen.textBaseline = 'alphabetic';
    pen.fillText(options.axes[1], left, side + 14);
    pen.save();
    pen.translate(left - 8, side);
    pen.rotate(-Math.PI / 2);
    pen.fillText(options.axes[0], 0, 0);
    pen.restore();
    drawKey(pen, side);
  }

  function cells({ rows, columns, data }: Matrix): HTMLCanvasElement {
    const image = new ImageData(columns, rows);
    const high = options.high();
    for (let index = 0; index < rows * columns; index++) {
      const [red, green, blue] = shade((data[index] ?? 0) / high);
      image.data.set([red, green, blue, 255], 4 * index);
    }
    const sheet = document.createElement('canvas');
    sheet.width = columns;
    sheet.height = rows;
    sheet.getContext('2d')?.putImageData(image, 0, 0);
    return sheet;
  }

  /** The range, right below the map: its ends in numbers and the colours between them. */
  function drawKey(pen: CanvasRenderingContext2D, side: number): void {
    const high = options.high();
    const low = options.map === 'signed' ? -high : 0;
    const length = Math.min(80, side * 0.4);
    const [from, to] = [sayNumber(low), sayNumber(high)];
    const right = left + side - pen.measureText(to).width;
    const start = right - 6 - length;
    for (let x = 0; x < length; x++) {
      const share = x / (length - 1);
      pen.fillStyle = css(shade(options.map === 'signed' ? 2 * share - 1 : share));
      pen.fillRect(start + x, side + 21, 1.5, 7);
    }
    pen.fillStyle = colour('ink-soft');
    pen.fillText(to, right, side + 28.5);
    pen.fillText(from, start - 6 - pen.measureText(from).width, side + 28.5);
  }

  return createPicture<Matrix>({
    id: options.id,
    ratio: 0.98,
    paint,
    describe: (matrix) =>
      matrix === null
        ? `${options.name}: nothing yet.`
        : `${options.name}: ${matrix.rows} by ${matrix.columns} cells, down ${options.axes[0]}, ` +
          `across ${options.axes[1]}; range to ${sayNumber(options.high())}.`,
  });
}
