/** Level lines of a function on a square grid by marching squares, as segments in grid coordinates. */

/** Values at the (size + 1)² corners, row by row. */
export interface Grid {
  readonly size: number;
  readonly values: Float64Array;
}

/** Samples `height` over [−half, half]², the first row at the top (y = half). */
export function sampleGrid(
  size: number,
  half: number,
  height: (x: number, y: number) => number,
): Grid {
  const values = new Float64Array((size + 1) ** 2);
  for (let row = 0; row <= size; row++) {
    for (let column = 0; column <= size; column++) {
      const x = ((2 * column) / size - 1) * half;
      const y = (1 - (2 * row) / size) * half;
      values[row * (size + 1) + column] = height(x, y);
    }
  }
  return { size, values };
}

/** Segments [x1, y1, x2, y2], in cells from the top left corner; a saddle cell is split by its mean. */
export function levelLines({ size, values }: Grid, level: number): number[][] {
  const segments: number[][] = [];
  const stride = size + 1;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const at = row * stride + column;
      const corners = [at, at + 1, at + stride + 1, at + stride].map((i) => values[i] ?? 0);
      const [a = 0, b = 0, c = 0, d = 0] = corners;
      const kind = corners.reduce((bits, value, i) => bits | (value > level ? 1 << i : 0), 0);
      if (kind === 0 || kind === 15) continue;
      const part = (from: number, to: number): number => (level - from) / (to - from);
      const edges: Record<string, readonly [number, number]> = {
        top: [column + part(a, b), row],
        right: [column + 1, row + part(b, c)],
        bottom: [column + part(d, c), row + 1],
        left: [column, row + part(a, d)],
      };
      const middle = (a + b + c + d) / 4 > level;
      for (const [from, to] of pairs(kind, middle)) {
        segments.push([...(edges[from] ?? []), ...(edges[to] ?? [])]);
      }
    }
  }
  return segments;
}

type Edge = 'top' | 'right' | 'bottom' | 'left';

/** Which edges a line joins; bit 0 is the top left corner, clockwise. */
function pairs(kind: number, middle: boolean): readonly (readonly [Edge, Edge])[] {
  const low = kind > 7 ? 15 - kind : kind;
  switch (low) {
    case 1:
      return [['left', 'top']];
    case 2:
      return [['top', 'right']];
    case 3:
      return [['left', 'right']];
    case 4:
      return [['right', 'bottom']];
    case 6:
      return [['top', 'bottom']];
    case 7:
      return [['left', 'bottom']];
    default: {
      // 5: top left and bottom right are of one kind; the middle says whether they are joined.
      const joined = middle === (kind === 5);
      return joined
        ? [
            ['top', 'right'],
            ['left', 'bottom'],
          ]
        : [
            ['left', 'top'],
            ['right', 'bottom'],
          ];
    }
  }
}
