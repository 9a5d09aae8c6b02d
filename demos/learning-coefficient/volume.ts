/** What λ counts, in closed form: the share of the square |x|, |y| < 1 in which a loss is below ε, for four losses. */
import { draw } from '../shared/dom';

interface Valley {
  readonly name: string;
  readonly slope: string;
  readonly share: (epsilon: number) => number;
}

/** ∫₀¹ √(1 − t⁴) dt, the area that x² + y⁴ < 1 fills of its quarter. */
const quarter = 0.874019;

const valleys: readonly Valley[] = [
  { name: 'x² + y²', slope: 'λ = 1', share: (e) => (Math.PI / 4) * e },
  { name: 'x² + y⁴', slope: 'λ = 3/4', share: (e) => quarter * e ** 0.75 },
  // |xy| < √ε: the logarithm is the multiplicity m = 2.
  { name: 'x²y²', slope: 'λ = 1/2, m = 2', share: (e) => Math.sqrt(e) * (1 - Math.log(e) / 2) },
  { name: 'x⁴', slope: 'λ = 1/4', share: (e) => e ** 0.25 },
];

const [left, top, bottom, decades] = [46, 8, 34, 6];
/** The axis of shares goes a little further than that of ε, so that the steepest line ends inside. */
const depth = 6.4;
const [height, room] = [300, 150];

export function drawVolumes(width: number): SVGSVGElement {
  const svg = draw('svg', {
    width,
    height,
    class: 'volumes',
    role: 'img',
    'aria-label':
      'Share of the unit square where the loss is below ε, over ε, both logarithmic: ' +
      valleys.map(({ name, slope }) => `${name} falls with slope ${slope}`).join('; '),
  });
  const [right, low] = [width - room, height - bottom];
  const x = (power: number): number => left + ((right - left) * power) / decades;
  const y = (share: number): number => top + ((low - top) * -Math.log10(share)) / depth;
  for (let power = 0; power <= decades; power += 2) {
    svg.append(
      draw('line', {
        class: 'grid-line',
        x1: left,
        x2: right,
        y1: y(10 ** -power),
        y2: y(10 ** -power),
      }),
      draw(
        'text',
        { class: 'text-norm', x: left - 8, y: y(10 ** -power) + 4, 'text-anchor': 'end' },
        tick(power),
      ),
      draw(
        'text',
        { class: 'text-norm', x: x(power), y: low + 18, 'text-anchor': 'middle' },
        tick(power),
      ),
    );
  }
  svg.append(
    draw('line', { class: 'axis-line', x1: left, x2: right, y1: low, y2: low }),
    draw('text', { class: 'text-norm', x: right - 34, y: low + 18 }, 'ε'),
  );
  for (const { name, slope, share } of valleys) {
    const points = Array.from({ length: 61 }, (_, index) => {
      const power = (decades * index) / 60;
      return `${x(power).toFixed(1)},${y(Math.min(1, share(10 ** -power))).toFixed(1)}`;
    });
    const end = y(share(10 ** -decades));
    svg.append(
      draw('polyline', { class: 'line-lambda', points: points.join(' ') }),
      draw('text', { class: 'text-lambda', x: right + 10, y: end + 4 }, `${name}: ${slope}`),
    );
  }
  return svg;
}

function tick(power: number): string {
  return power === 0 ? '1' : `10⁻${'⁰¹²³⁴⁵⁶⁷⁸⁹'.charAt(power)}`;
}
