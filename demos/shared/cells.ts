/** A matrix as an image, a pixel a cell; drawn enlarged without smoothing. */
import type { Matrix } from './heatmap';

export function imageOf(
  { rows, columns, data }: Matrix,
  shade: (value: number) => readonly [number, number, number],
): HTMLCanvasElement {
  const image = new ImageData(columns, rows);
  for (let index = 0; index < rows * columns; index++) {
    const [red, green, blue] = shade(data[index] ?? 0);
    image.data.set([red, green, blue, 255], 4 * index);
  }
  const sheet = document.createElement('canvas');
  sheet.width = columns;
  sheet.height = rows;
  sheet.getContext('2d')?.putImageData(image, 0, 0);
  return sheet;
}
