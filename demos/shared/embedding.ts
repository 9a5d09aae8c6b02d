/** Two pictures of an embedding: the norm of each Fourier frequency, and tokens in the planes of the strongest. */
import { css, sequential } from './colours';
import { circleOf, keyFrequencies, spectrumOf, type Embedding } from './fourier';
import { createPicture, smallFont, type Picture } from './picture';
import { roundUp, linearTicks } from './scales';
import { colour } from './theme';
import { sayNumber } from './words';

const planes = 6;

/** Bars over the frequencies 1 … (p − 1)/2; the strongest, those shown as circles, are named. */
export function createSpectrum(id: string): Picture<Embedding> {
  let high = 1;
  return createPicture<Embedding>({
    id,
    ratio: (width) => (width > 520 ? 3.6 : 1.8),
    paint(pen, width, height, embedding) {
      const [left, bottom] = [30, 24];
      const [across, up] = [width - left, height - bottom - 16];
      pen.font = smallFont;
      pen.fillStyle = colour('ink-soft');
      const norms = embedding === null ? new Float64Array(26) : spectrumOf(embedding);
      // The range only ever grows, so that bars can be compared from step to step.
      high = Math.max(high, roundUp(Math.max(...norms)));
      const y = (norm: number): number => 16 + up * (1 - norm / high);
      const key = embedding === null ? [] : strongFrequencies(norms);
      pen.textAlign = 'right';
      pen.textBaseline = 'middle';
      for (const tick of linearTicks(0, high, 3)) {
        pen.fillStyle = colour('grid');
        pen.fillRect(left, Math.round(y(tick)), across, 1);
        pen.fillStyle = colour('ink-soft');
        pen.fillText(sayNumber(tick), left - 8, y(tick));
      }
      pen.textAlign = 'center';
      pen.textBaseline = 'alphabetic';
      const pitch = across / norms.length;
      norms.forEach((norm, index) => {
        const frequency = index + 1;
        const x = left + pitch * (index + 0.5);
        const bar = Math.max(1, Math.min(9, pitch * 0.6));
        const strong = key.includes(frequency);
        pen.fillStyle = colour(strong ? 'accent' : 'stored');
        if (embedding !== null) pen.fillRect(x - bar / 2, y(norm), bar, y(0) - y(norm));
        pen.fillStyle = colour(strong ? 'accent-ink' : 'ink-soft');
        if (strong) pen.fillText(String(frequency), x, y(norm) - 5);
        if (frequency === 1 || frequency % 5 === 0) {
          pen.fillStyle = colour('ink-soft');
          if (norms.length < 40 || frequency % 10 === 0)
            pen.fillText(String(frequency), x, y(0) + 17);
        }
      });
      pen.fillStyle = colour('rule');
      pen.fillRect(left, Math.round(y(0)), across, 1);
    },
    describe(embedding) {
      if (embedding === null) return 'Fourier norms of the embedding: nothing yet.';
      const norms = spectrumOf(embedding);
      const named = strongFrequencies(norms).map(
        (frequency) => `${frequency} (${sayNumber(norms[frequency - 1] ?? 0)})`,
      );
      return `Fourier norms of the embedding; the strongest frequencies are ${named.join(', ')}.`;
    },
  });
}

/** Small planes, one per strong frequency; a hair line joins the tokens in the order of the circle. */
export function createPlanes(id: string): Picture<Embedding> {
  const gap = 12;
  const across = (width: number): number => (width > 520 ? planes : planes / 2);
  const sideFor = (width: number): number => (width - gap * (across(width) - 1)) / across(width);
  return createPicture<Embedding>({
    id,
    ratio: (width) => width / ((planes / across(width)) * (sideFor(width) + 24)),
    paint(pen, width, _, embedding) {
      const side = sideFor(width);
      const key = embedding === null ? [] : keyFrequencies(spectrumOf(embedding), planes);
      for (let panel = 0; panel < planes; panel++) {
        const row = Math.floor(panel / across(width));
        pen.save();
        pen.translate((panel % across(width)) * (side + gap), row * (side + 24));
        paintPlane(pen, side, embedding, key[panel]);
        pen.restore();
      }
    },
    describe(embedding) {
      if (embedding === null) return 'Tokens in Fourier planes: nothing yet.';
      const sizes = keyFrequencies(spectrumOf(embedding), planes).map((frequency) => {
        const points = circleOf(embedding, frequency);
        const radius = points.reduce((sum, { x, y }) => sum + Math.hypot(x, y), 0) / points.length;
        return `frequency ${frequency}, mean radius ${sayNumber(radius)}`;
      });
      return `${embedding.count} tokens in the planes of strong frequencies: ${sizes.join('; ')}.`;
    },
  });
}

/** Of the frequencies shown as planes those that stand out: more than twice the median norm. */
function strongFrequencies(norms: Float64Array): number[] {
  const middle = [...norms].sort((a, b) => a - b)[norms.length >> 1] ?? 0;
  return keyFrequencies(norms, planes).filter(
    (frequency) => (norms[frequency - 1] ?? 0) > 2 * middle,
  );
}

/** Edge of a plane in units of the root mean square norm of a token. */
const edge = 0.5;

function paintPlane(
  pen: CanvasRenderingContext2D,
  side: number,
  embedding: Embedding | null,
  frequency: number | undefined,
): void {
  const centre = side / 2;
  const scale = (side / 2 - 4) / edge;
  pen.strokeStyle = colour('grid');
  pen.lineWidth = 1;
  pen.beginPath();
  pen.moveTo(centre, 4);
  pen.lineTo(centre, side - 4);
  pen.moveTo(4, centre);
  pen.lineTo(side - 4, centre);
  pen.stroke();
  if (embedding === null || frequency === undefined) return;
  const points = circleOf(embedding, frequency).map(({ x, y }) => ({
    x: centre + scale * x,
    y: centre - scale * y,
  }));
  const { count } = embedding;
  // Neighbours on the circle of frequency k are tokens n and n + k⁻¹ (mod p): walk it in that order.
  const order = Array.from({ length: count }, (_, token) => token).sort(
    (a, b) => ((a * frequency) % count) - ((b * frequency) % count),
  );
  pen.strokeStyle = colour('rule');
  pen.beginPath();
  for (const token of [...order, order[0] ?? 0]) {
    const point = points[token];
    if (point !== undefined) pen.lineTo(point.x, point.y);
  }
  pen.stroke();
  points.forEach(({ x, y }, token) => {
    pen.fillStyle = css(sequential((token / count) * 0.92));
    pen.beginPath();
    pen.arc(x, y, side > 130 ? 3 : 2.4, 0, 2 * Math.PI);
    pen.fill();
  });
  pen.font = smallFont;
  pen.fillStyle = colour('ink-soft');
  pen.textAlign = 'center';
  pen.fillText(`k = ${frequency}`, centre, side + 14);
}
