/** Tokens of an embedding in the planes of Fourier frequencies, where a network that adds puts them on circles. */
import { css, sequential } from './colours';
import { circleOf, type Embedding } from './fourier';
import { createPicture, smallFont, type Picture } from './picture';
import { colour } from './theme';
import { sayNumber } from './words';

export interface Planes {
  readonly embedding: Embedding;
  readonly frequencies: readonly number[];
}

/** Small planes, one per frequency; a hair line joins the tokens in the order of the circle. */
export function createPlanes(id: string, planes: number): Picture<Planes> {
  const gap = 12;
  const across = (width: number): number => (width > 520 ? planes : planes / 2);
  const sideFor = (width: number): number => (width - gap * (across(width) - 1)) / across(width);
  return createPicture<Planes>({
    id,
    ratio: (width) => width / ((planes / across(width)) * (sideFor(width) + 24)),
    paint(pen, width, _, shown) {
      const side = sideFor(width);
      for (let panel = 0; panel < planes; panel++) {
        const row = Math.floor(panel / across(width));
        pen.save();
        pen.translate((panel % across(width)) * (side + gap), row * (side + 24));
        paintPlane(pen, side, shown?.embedding ?? null, shown?.frequencies[panel]);
        pen.restore();
      }
    },
    describe(shown) {
      if (shown === null) return 'Tokens in Fourier planes: nothing yet.';
      const { embedding, frequencies } = shown;
      const sizes = frequencies.map((frequency) => {
        const points = circleOf(embedding, frequency);
        const radius = points.reduce((sum, { x, y }) => sum + Math.hypot(x, y), 0) / points.length;
        return `frequency ${frequency}, mean radius ${sayNumber(radius)}`;
      });
      return `${embedding.count} tokens in the planes of frequencies: ${sizes.join('; ')}.`;
    },
  });
}

/** Edge of a plane in units of the root mean square norm of a token. */
const edge = 0.5;

function paintPlane(
  pen: CanvasRenderingContext2D,
  side: number,
  embedding: Embedding | null,
  frequency: number | undefined,
): void {
  // Fewer frequencies than places leave the rest blank.
  if (embedding !== null && frequency === undefined) return;
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
