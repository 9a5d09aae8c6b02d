/** The targets whose loss surface can be drawn: K(w) around w* in closed form, one or two parameters. */
import type { LlcConfig } from '../../src/lab/experiments/llc-schema';

export interface Surface {
  readonly dimensions: 1 | 2;
  /** K at w* + (x, y). */
  readonly excess: (x: number, y: number) => number;
  /** Half-width of a square around w* that holds nearly all of exp(−nβK − ½γ‖w − w*‖²). */
  readonly reach: number;
}

export interface Setting {
  readonly nbeta: number;
  readonly localization: number;
  /** Which of the target's points is w*. */
  readonly point: number;
}

/** Null for a target that has no picture of this kind. */
export function surfaceOf(config: LlcConfig, setting: Setting): Surface | null {
  const found = formulaOf(config.target, setting.point);
  if (found === null) return null;
  const { dimensions, excess } = found;
  return { dimensions, excess, reach: reachOf(excess, dimensions, setting) };
}

function formulaOf(
  target: LlcConfig['target'],
  point: number,
): Pick<Surface, 'dimensions' | 'excess'> | null {
  if (target.kind === 'quadratic') {
    const [first = 0, second = 0, more] = target.eigenvalues;
    if (more !== undefined) return null;
    return {
      dimensions: target.eigenvalues.length === 1 ? 1 : 2,
      excess: (x, y) => (first * x * x + second * y * y) / 2,
    };
  }
  if (target.kind !== 'potential') return null;
  const { terms, at } = target;
  const dimensions = terms[0]?.powers.length;
  if (dimensions !== 1 && dimensions !== 2) return null;
  const [cx = 0, cy = 0] = (at as readonly (readonly number[])[])[point] ?? [];
  const level = (x: number, y: number): number =>
    terms.reduce(
      (sum, { coefficient, powers: [p = 0, q = 0] }) => sum + coefficient * x ** p * y ** q,
      0,
    );
  const floor = level(cx, cy);
  return { dimensions, excess: (x, y) => level(cx + x, cy + y) - floor };
}

const cells = 160;

/** By weights on a grid, which is moved in until the density fills a good part of it; then a round number. */
function reachOf(excess: Surface['excess'], dimensions: 1 | 2, setting: Setting): number {
  const { nbeta, localization: gamma } = setting;
  let half = 4 / Math.sqrt(Math.max(gamma, 1e-3));
  for (let round = 0; round < 6; round++) {
    const share = shareHolding(0.97, half, dimensions, (x, y) =>
      Math.exp(-nbeta * excess(x, y) - (gamma / 2) * (x * x + y * y)),
    );
    if (share > 0.6) break;
    half *= Math.max(0.25, share * 1.3);
  }
  return roundHalf(half);
}

/** The smallest centred square, as a share of [−half, half]², that holds this much of the weight. */
function shareHolding(
  most: number,
  half: number,
  dimensions: 1 | 2,
  weight: (x: number, y: number) => number,
): number {
  // No cell lies on an axis: a floor thinner than a cell would weigh too much there.
  const place = (index: number): number => ((2 * index + 1) / cells - 1) * half;
  const shells = new Float64Array(cells / 2);
  let total = 0;
  for (let row = 0; row < (dimensions === 1 ? 1 : cells); row++) {
    const y = dimensions === 1 ? 0 : place(row);
    for (let column = 0; column < cells; column++) {
      const x = place(column);
      const shell = Math.floor((Math.max(Math.abs(x), Math.abs(y)) / half) * (cells / 2));
      const here = weight(x, y);
      shells[shell] = (shells[shell] ?? 0) + here;
      total += here;
    }
  }
  let held = 0;
  const shell = shells.findIndex((one) => (held += one) > most * total);
  return (Math.max(0, shell) + 1) / shells.length;
}

/** Up to 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8 × a power of ten. */
export function roundHalf(size: number): number {
  const power = 10 ** Math.floor(Math.log10(size));
  const digit = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((one) => one * power >= size * 0.999);
  return Number(((digit ?? 10) * power).toPrecision(3));
}
