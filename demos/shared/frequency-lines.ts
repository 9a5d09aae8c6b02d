/** A line per frequency over training steps, the key ones in colour and named at their ends, the rest as hair lines. */
import { createPicture, smallFont, type Picture } from './picture';
import { linearRange, linearTicks, logRange, logTicks } from './scales';
import { rowAt } from './series';
import type { Signal } from './signal';
import { colour } from './theme';
import { sayCount, sayNumber, sayPower } from './words';

export interface FrequencyHistory {
  readonly steps: readonly number[];
  /** At each of the steps, entry 0 being frequency 1. */
  readonly values: readonly ArrayLike<number>[];
  readonly marked: readonly number[];
  /** End of the time axis. */
  readonly last: number;
  /** Of a stored run, drawn in grey. */
  readonly old: boolean;
}

export interface FrequencyLinesOptions {
  readonly id: string;
  readonly name: string;
  /** Smallest number that a logarithmic axis shows; null for a linear axis. */
  readonly floor: number | null;
  readonly height: number;
}

const [left, right, top, bottom] = [46, 40, 8, 26];

export function createFrequencyLines(
  options: FrequencyLinesOptions,
  cursor: Signal<number | null>,
): Picture<FrequencyHistory> {
  const { floor } = options;
  let shown: FrequencyHistory | null = null;

  const picture = createPicture<FrequencyHistory>({
    id: options.id,
    ratio: (width) => width / options.height,
    paint(pen, width, height, history) {
      shown = history;
      pen.font = smallFont;
      const [across, up] = [width - left - right, height - top - bottom];
      const all = history?.values.flatMap((row) => Array.from(row)) ?? [];
      const [low, high] = floor === null ? linearRange(all) : logRange(all, floor);
      const share = (value: number): number =>
        floor === null
          ? (value - low) / (high - low)
          : Math.log(Math.max(value, low) / low) / Math.log(high / low);
      const y = (value: number): number => top + up * (1 - share(value));
      const x = (step: number): number => left + (across * step) / Math.max(1, history?.last ?? 1);
      drawAxes(pen, { low, high, y, x, across, base: top + up, last: history?.last ?? 0 });
      if (history === null) return;
      const line = (index: number): void => {
        pen.beginPath();
        history.values.forEach((row, at) => {
          pen.lineTo(x(history.steps[at] ?? 0), y(row[index] ?? NaN));
        });
        pen.stroke();
      };
      pen.lineJoin = 'round';
      pen.lineWidth = 0.75;
      pen.strokeStyle = colour('stored-faint');
      const count = history.values[0]?.length ?? 0;
      for (let index = 0; index < count; index++) {
        if (!history.marked.includes(index + 1)) line(index);
      }
      pen.lineWidth = 1.5;
      pen.strokeStyle = colour(history.old ? 'stored' : 'accent');
      for (const frequency of history.marked) line(frequency - 1);
      drawNames(pen, history, x, y);
      const at = cursor.get();
      if (at === null || at > history.last) return;
      pen.fillStyle = colour('marker');
      pen.fillRect(Math.round(x(at)), top, 1, up);
    },
    describe(history) {
      if (history === null || history.steps.length === 0) return `${options.name}: nothing yet.`;
      const at = history.values.at(-1);
      const named = history.marked.map((k) => `${k} (${sayNumber(at?.[k - 1] ?? NaN)})`);
      return `${options.name} over ${history.steps.length} steps; at the last, key frequencies: ${named.join(', ') || 'none'}.`;
    },
  });

  function drawAxes(
    pen: CanvasRenderingContext2D,
    axes: {
      low: number;
      high: number;
      y: (value: number) => number;
      x: (step: number) => number;
      across: number;
      base: number;
      last: number;
    },
  ): void {
    const { low, high, y, x, across, base, last } = axes;
    pen.textAlign = 'right';
    pen.textBaseline = 'middle';
    for (const tick of floor === null ? linearTicks(low, high, 4) : logTicks(low, high, 4)) {
      pen.fillStyle = colour('grid');
      pen.fillRect(left, Math.round(y(tick)), across, 1);
      pen.fillStyle = colour('ink-soft');
      const exponent = Math.log10(tick);
      const power = floor !== null && Math.abs(exponent - Math.round(exponent)) < 1e-6;
      pen.fillText(power ? sayPower(Math.round(exponent)) : sayNumber(tick), left - 8, y(tick));
    }
    pen.fillStyle = colour('rule');
    pen.fillRect(left, Math.round(base), across, 1);
    pen.textAlign = 'center';
    pen.textBaseline = 'alphabetic';
    pen.fillStyle = colour('ink-soft');
    if (last <= 0) return;
    for (const tick of linearTicks(0, last, across < 360 ? 3 : 6)) {
      pen.fillText(sayCount(tick), x(tick), base + 18);
    }
  }

  /** At the lines' ends, moved apart where they would overlap. */
  function drawNames(
    pen: CanvasRenderingContext2D,
    history: FrequencyHistory,
    x: (step: number) => number,
    y: (value: number) => number,
  ): void {
    const end = history.values.at(-1);
    const names = history.marked
      .map((frequency) => ({ frequency, at: y(end?.[frequency - 1] ?? NaN) }))
      .filter(({ at }) => Number.isFinite(at))
      .sort((a, b) => a.at - b.at);
    names.forEach((name, index) => {
      const above = names[index - 1];
      if (above !== undefined) name.at = Math.max(name.at, above.at + 13);
    });
    pen.textAlign = 'left';
    pen.textBaseline = 'middle';
    pen.fillStyle = colour(history.old ? 'stored-ink' : 'accent-ink');
    for (const { frequency, at } of names) {
      pen.fillText(String(frequency), x(history.steps.at(-1) ?? 0) + 6, at);
    }
  }

  /** Nearest measured step under the pointer. */
  picture.canvas.addEventListener('pointermove', ({ offsetX }) => {
    if (shown === null) return;
    const across = picture.canvas.clientWidth - left - right;
    const step = Math.round((shown.last * (offsetX - left)) / across);
    const row = rowAt(shown.steps, step);
    cursor.set(row < 0 ? null : (shown.steps[row] ?? null));
  });
  picture.canvas.addEventListener('pointerleave', () => cursor.set(null));
  return picture;
}
