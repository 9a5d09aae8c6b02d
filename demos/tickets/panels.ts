/** Small multiples: a panel per network, its test accuracy in colour over that of the base in grey, on one logarithmic axis of steps. */
import { createPicture, smallFont, type Picture } from '../shared/picture';
import { logTicks } from '../shared/scales';
import { colour } from '../shared/theme';
import { sayPower } from '../shared/words';

export interface Trace {
  readonly steps: readonly number[];
  readonly values: readonly number[];
}

export interface Panel {
  readonly label: string;
  /** Below the label: when it got there, or how far. */
  readonly note: string;
  readonly trace: Trace;
  /** Name of a custom property. */
  readonly colour: string;
}

export interface Panels {
  readonly base: Trace;
  readonly panels: readonly Panel[];
  /** Ends of the axis of steps. */
  readonly range: readonly [number, number];
}

export interface PanelsOptions {
  readonly id: string;
  readonly name: string;
  readonly across: number;
  /** Places drawn while there is nothing. */
  readonly places: number;
}

const [gap, head, foot] = [16, 36, 20];

export function createPanels({ id, name, across, places }: PanelsOptions): Picture<Panels> {
  let count = places;
  const perRow = (width: number): number => (width < 420 ? 2 : width < 640 ? 3 : across);
  const sizeOf = (width: number): readonly [number, number] => {
    const wide = (width - gap * (perRow(width) - 1)) / perRow(width);
    return [wide, Math.round(wide * 0.62)];
  };
  return createPicture<Panels>({
    id,
    ratio(width) {
      const rows = Math.ceil(count / perRow(width));
      return width / (rows * (head + sizeOf(width)[1] + foot) + (rows - 1) * gap);
    },
    paint(pen, width, _, data) {
      const [wide, tall] = sizeOf(width);
      for (let k = 0; k < count; k++) {
        pen.save();
        pen.translate(
          (k % perRow(width)) * (wide + gap),
          Math.floor(k / perRow(width)) * (head + tall + foot + gap),
        );
        paintPanel(pen, wide, tall, data, data?.panels[k]);
        pen.restore();
      }
    },
    describe(data) {
      count = data === null ? places : Math.max(1, data.panels.length);
      return data === null
        ? `${name}: nothing yet.`
        : `${name}: ${data.panels.map(({ label, note }) => `${label}, ${note}`).join('; ')}.`;
    },
  });
}

function paintPanel(
  pen: CanvasRenderingContext2D,
  wide: number,
  tall: number,
  data: Panels | null,
  panel: Panel | undefined,
): void {
  pen.font = smallFont;
  const [low, high] = data?.range ?? [1, 10];
  const x = (step: number): number =>
    (wide * Math.log(Math.max(step, low) / low)) / Math.log(high / low);
  const y = (share: number): number => head + tall * (1 - Math.min(1, Math.max(0, share)));
  pen.fillStyle = colour('grid');
  for (const share of [0.5, 1]) pen.fillRect(0, Math.round(y(share)), wide, 1);
  pen.fillStyle = colour('rule');
  pen.fillRect(0, Math.round(y(0)), wide, 1);
  if (data === null || panel === undefined) return;
  pen.fillStyle = colour('ink-soft');
  pen.textAlign = 'center';
  for (const tick of logTicks(low, high, 4).filter((one) => Number.isInteger(Math.log10(one)))) {
    const at = x(tick);
    if (at < 8 || at > wide - 8) continue;
    pen.fillText(sayPower(Math.round(Math.log10(tick))), at, head + tall + 15);
    pen.fillRect(Math.round(at), head + tall, 1, 4);
  }
  pen.textAlign = 'left';
  pen.fillStyle = colour('ink');
  pen.fillText(panel.label, 0, 12, wide);
  pen.fillStyle = colour(`${panel.colour}-ink`);
  pen.fillText(panel.note, 0, 27, wide);
  strokeTrace(pen, data.base, x, y, { ink: colour('stored'), width: 1.25 });
  strokeTrace(pen, panel.trace, x, y, { ink: colour(panel.colour), width: 1.75 });
}

function strokeTrace(
  pen: CanvasRenderingContext2D,
  { steps, values }: Trace,
  x: (step: number) => number,
  y: (share: number) => number,
  { ink, width }: { readonly ink: string; readonly width: number },
): void {
  pen.strokeStyle = ink;
  pen.lineWidth = width;
  pen.beginPath();
  steps.forEach((step, k) => {
    if (step > 0) pen.lineTo(x(step), y(values[k] ?? 0));
  });
  pen.stroke();
}
