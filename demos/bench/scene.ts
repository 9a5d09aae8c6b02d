/** What a figure on two logarithmic axes shows, before it is painted. */

export interface Axis {
  readonly range: readonly [number, number];
  readonly label: string;
}

/** Who did the work, which decides the colour: our kernel as programs get it, our other variants, other libraries, the CPU. */
export type Kind = 'kernel' | 'variant' | 'library' | 'cpu';

export interface Mark {
  readonly x: number;
  readonly y: number;
  /** Ends of the quartiles. */
  readonly spread?: readonly [number, number];
  readonly kind: Kind;
  /** Said when the mark is pointed at or reached by keys. */
  readonly said: string;
  /** Written beside it where there is room. */
  readonly label?: string;
}

export interface Line {
  readonly points: readonly (readonly [number, number])[];
  /** A colour of the stylesheet. */
  readonly colour: string;
  readonly dash?: readonly number[];
  /** Written at its end. */
  readonly label?: string;
}

/** Words along a line, or at a place. */
export interface Note {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  /** Rises as a line of slope 1 does. */
  readonly rising?: boolean;
}

export interface Scene {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly lines: readonly Line[];
  readonly marks: readonly Mark[];
  readonly notes: readonly Note[];
  /** A line up, with words at its top. */
  readonly crossing?: { readonly x: number; readonly text: string };
  /** A stretch of the horizontal axis that is not measured on it. */
  readonly aside?: { readonly to: number; readonly text: string };
  /** One sentence for those who do not see it. */
  readonly described: string;
}

/** Places of numbers in pixels inside a frame. */
export interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  x(value: number): number;
  y(value: number): number;
}

/** Room for ticks on the left and below, for labels of lines on the right. */
export function frameOf(
  { x, y }: Pick<Scene, 'x' | 'y'>,
  width: number,
  height: number,
  room: number,
): Frame {
  const [left, right, top, bottom] = [52, width - room, 20, height - 42];
  const share = ([low, high]: readonly [number, number], value: number): number =>
    Math.log(value / low) / Math.log(high / low);
  return {
    ...{ left, right, top, bottom },
    x: (value) => left + (right - left) * share(x.range, value),
    y: (value) => bottom - (bottom - top) * share(y.range, value),
  };
}

/** Index of the mark nearest to a place, within `reach` pixels; null where there is none. */
export function nearestMark(
  marks: readonly Mark[],
  frame: Frame,
  [x, y]: readonly [number, number],
  reach: number,
): number | null {
  let [best, least] = [-1, reach];
  marks.forEach((mark, index) => {
    const away = Math.hypot(frame.x(mark.x) - x, frame.y(mark.y) - y);
    if (away <= least) [best, least] = [index, away];
  });
  return best === -1 ? null : best;
}
