/** A dot per neuron: its frequency across, the fraction of its variance that this explains up, the cluster's size above. */
import { createPicture, smallFont, type Picture } from '../shared/picture';
import { colour } from '../shared/theme';

export interface NeuronCloud {
  /** Of each neuron, 1 … highest. */
  readonly frequencies: readonly number[];
  readonly fractions: readonly number[];
  readonly highest: number;
  readonly keys: readonly number[];
}

/** From here on a neuron counts as explained (Nanda et al.). */
export const explained = 0.85;

const [left, top, bottom, height] = [46, 24, 24, 240];

export function createNeuronCloud(id: string): Picture<NeuronCloud> {
  return createPicture<NeuronCloud>({
    id,
    ratio: (width) => width / height,
    paint(pen, width, _, cloud) {
      const [across, up] = [width - left, height - top - bottom];
      const y = (fraction: number): number => top + up * (1 - fraction);
      pen.font = smallFont;
      pen.textAlign = 'right';
      pen.textBaseline = 'middle';
      for (const tick of [0, 0.5, 1]) {
        pen.fillStyle = colour('grid');
        pen.fillRect(left, Math.round(y(tick)), across, 1);
        pen.fillStyle = colour('ink-soft');
        pen.fillText(`${tick * 100} %`, left - 8, y(tick));
      }
      pen.strokeStyle = colour('marker');
      pen.setLineDash([2, 3]);
      pen.beginPath();
      pen.moveTo(left, Math.round(y(explained)) + 0.5);
      pen.lineTo(width, Math.round(y(explained)) + 0.5);
      pen.stroke();
      pen.setLineDash([]);
      pen.fillStyle = colour('ink-soft');
      pen.fillText('85 %', left - 8, y(explained));
      pen.fillStyle = colour('rule');
      pen.fillRect(left, Math.round(y(0)), across, 1);
      if (cloud === null || cloud.highest === 0) return;
      const pitch = across / cloud.highest;
      const x = (frequency: number): number => left + pitch * (frequency - 0.5);
      paintDots(pen, cloud, { x, y, pitch });
      paintNames(pen, cloud, { x, pitch });
    },
    describe(cloud) {
      if (cloud === null) return 'Neurons by frequency: nothing yet.';
      const sizes = [...sizesOf(cloud)].sort(([a], [b]) => a - b);
      const named = sizes.map(([frequency, count]) => `${count} at frequency ${frequency}`);
      return `Neurons more than 85 % of whose variance one frequency explains: ${named.join(', ') || 'none'}; ${cloud.frequencies.length} neurons in all.`;
    },
  });
}

/** Explained neurons at each frequency. */
function sizesOf({ frequencies, fractions }: NeuronCloud): Map<number, number> {
  const sizes = new Map<number, number>();
  frequencies.forEach((frequency, n) => {
    if ((fractions[n] ?? 0) <= explained) return;
    sizes.set(frequency, (sizes.get(frequency) ?? 0) + 1);
  });
  return sizes;
}

interface Places {
  readonly x: (frequency: number) => number;
  readonly y: (fraction: number) => number;
  readonly pitch: number;
}

/** Neurons of one frequency stand side by side, in the order of their numbers, so that none hides another. */
function paintDots(
  pen: CanvasRenderingContext2D,
  cloud: NeuronCloud,
  { x, y, pitch }: Places,
): void {
  const counts = new Map<number, number>();
  for (const frequency of cloud.frequencies) {
    counts.set(frequency, (counts.get(frequency) ?? 0) + 1);
  }
  const seen = new Map<number, number>();
  const radius = cloud.frequencies.length > 150 ? 1.5 : 2.5;
  pen.globalAlpha = 0.75;
  cloud.frequencies.forEach((frequency, n) => {
    const [count, index] = [counts.get(frequency) ?? 1, seen.get(frequency) ?? 0];
    seen.set(frequency, index + 1);
    const shift = ((index + 0.5) / count - 0.5) * Math.min(pitch * 0.7, 3 * count);
    const fraction = cloud.fractions[n] ?? 0;
    pen.fillStyle = colour(fraction > explained ? 'accent' : 'stored');
    pen.beginPath();
    pen.arc(x(frequency) + shift, y(Math.max(0, Math.min(1, fraction))), radius, 0, 2 * Math.PI);
    pen.fill();
  });
  pen.globalAlpha = 1;
}

/** The frequency below, key ones in colour; the number of explained neurons above. */
function paintNames(
  pen: CanvasRenderingContext2D,
  cloud: NeuronCloud,
  { x, pitch }: Pick<Places, 'x' | 'pitch'>,
): void {
  const sizes = sizesOf(cloud);
  pen.textAlign = 'center';
  pen.textBaseline = 'alphabetic';
  const every = pitch < 18 ? 5 : 1;
  for (let frequency = 1; frequency <= cloud.highest; frequency++) {
    const key = cloud.keys.includes(frequency);
    const near = cloud.keys.some(
      (one) => one !== frequency && Math.abs(one - frequency) * pitch < 18,
    );
    if (key || (!near && (frequency === 1 || frequency % every === 0))) {
      pen.fillStyle = colour(key ? 'accent-ink' : 'ink-soft');
      pen.fillText(String(frequency), x(frequency), height - 6);
    }
    const size = sizes.get(frequency);
    pen.fillStyle = colour('accent-ink');
    if (size !== undefined) pen.fillText(String(size), x(frequency), 12);
  }
}
