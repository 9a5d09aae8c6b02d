/** A matrix as coloured cells with its range printed: attention patterns, maps of logits. */
import { imageOf } from './cells';
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
  /** Rows and columns named at the edges in place of the axes' names, where there are any. */
  readonly ticks?: () => readonly MapTick[];
}

export interface MapTick {
  /** In rows from the top, and in columns from the left. */
  readonly at: number;
  readonly text: string;
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
      const high = options.high();
      const image = imageOf(matrix, (value) => shade(value / high));
      pen.drawImage(image, left, 0, side, side);
    }
    pen.fillStyle = colour('ink-soft');
    pen.textBaseline = 'alphabetic';
    const ticks = matrix === null ? [] : (options.ticks?.() ?? []);
    if (matrix !== null) drawTicks(pen, ticks, side / matrix.rows, side);
    drawKey(pen, side);
    if (ticks.length > 0) return;
    pen.textAlign = 'left';
    pen.fillText(options.axes[1], left, side + 14);
    pen.save();
    pen.translate(left - 8, side);
    pen.rotate(-Math.PI / 2);
    pen.fillText(options.axes[0], 0, 0);
    pen.restore();
  }

  /** Names that would run into the one before are left out. */
  function drawTicks(
    pen: CanvasRenderingContext2D,
    ticks: readonly MapTick[],
    cell: number,
    side: number,
  ): void {
    let [across, down] = [-Infinity, -Infinity];
    for (const { at, text } of ticks) {
      const place = at * cell;
      const width = pen.measureText(text).width;
      if (place - width / 2 > across + 4) {
        pen.textAlign = 'center';
        pen.fillText(text, left + place, side + 14);
        across = place + width / 2;
      }
      if (place > down + 13) {
        pen.textAlign = 'right';
        pen.fillText(text, left - 5, place + 4);
        down = place;
      }
    }
    pen.textAlign = 'left';
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
