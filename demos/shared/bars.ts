/** Bars over the frequencies 1 … K of a cyclic group; the marked ones stand out and are named. */
import { createPicture, smallFont, type Picture } from './picture';
import { linearTicks, roundUp } from './scales';
import { colour } from './theme';
import { sayNumber } from './words';

export interface Bars {
  /** Entry 0 is frequency 1. */
  readonly values: ArrayLike<number>;
  /** Frequencies that stand out. */
  readonly marked: readonly number[];
}

export interface BarsOptions {
  readonly id: string;
  /** What a bar is, for those who do not see it. */
  readonly name: string;
  /** Smallest end of the axis. */
  readonly least: number;
  readonly height: number;
}

const [left, top, bottom] = [46, 18, 22];

export function createBars(options: BarsOptions): Picture<Bars> {
  let high = options.least;
  let low = 0;
  return createPicture<Bars>({
    id: options.id,
    ratio: (width) => width / options.height,
    paint(pen, width, height, bars) {
      const values = Array.from(bars?.values ?? []);
      // The range only ever grows, so that bars can be compared from step to step.
      high = Math.max(high, roundUp(Math.max(0, ...values)));
      if (Math.min(0, ...values) < 0) low = Math.min(low, -roundUp(-Math.min(...values)));
      const [across, up] = [width - left, height - top - bottom];
      const y = (value: number): number => top + (up * (high - value)) / (high - low);
      pen.font = smallFont;
      pen.textAlign = 'right';
      pen.textBaseline = 'middle';
      for (const tick of linearTicks(low, high, 3)) {
        pen.fillStyle = colour('grid');
        pen.fillRect(left, Math.round(y(tick)), across, 1);
        pen.fillStyle = colour('ink-soft');
        pen.fillText(sayNumber(tick), left - 8, y(tick));
      }
      pen.textAlign = 'center';
      pen.textBaseline = 'alphabetic';
      const pitch = across / Math.max(1, values.length);
      const every = pitch < 12 ? 10 : 5;
      values.forEach((value, index) => {
        const frequency = index + 1;
        const marked = bars?.marked.includes(frequency) === true;
        const x = left + pitch * (index + 0.5);
        const bar = Math.max(1, Math.min(9, pitch * 0.6));
        pen.fillStyle = colour(marked ? 'accent' : 'stored');
        pen.fillRect(x - bar / 2, Math.min(y(0), y(value)), bar, Math.abs(y(value) - y(0)));
        pen.fillStyle = colour(marked ? 'accent-ink' : 'ink-soft');
        if (marked) pen.fillText(String(frequency), x, Math.min(y(0), y(value)) - 5);
        if (frequency === 1 || frequency % every === 0) {
          pen.fillStyle = colour('ink-soft');
          pen.fillText(String(frequency), x, height - 5);
        }
      });
      pen.fillStyle = colour('rule');
      pen.fillRect(left, Math.round(y(0)), across, 1);
    },
    describe(bars) {
      if (bars === null) return `${options.name}: nothing yet.`;
      const named = bars.marked.map(
        (frequency) => `${frequency} (${sayNumber(bars.values[frequency - 1] ?? NaN)})`,
      );
      return `${options.name} over ${bars.values.length} frequencies; key frequencies are ${named.join(', ') || 'none'}.`;
    },
  });
}
