/**
 * The thermal value of one tanh unit, K(a, b) = E (a·tanh(bx))² with x ~ U[−2, 2], at w* = 0. The mean over x is
 * T(b) = 1 − tanh(2b)/(2b) and the density is Gaussian in a, so one integral over b is left:
 *
 *     nβ·E[K] = ∫ w(b)·nβT/(2nβT + γ) db / ∫ w(b) db,    w = e^{−γb²/2}/√(2nβT + γ)
 */
import { NEGLIGIBLE } from './line-average';
import { tanhSinh } from './quadrature';
import { checkDensity, noThermal, type Density, type ThermalValue } from './thermal-value';

/** H hidden units; a value only for one. Throws BadConfig naming `nbeta` or `localization`. */
export function tanhThermal(hidden: number, density: Density): ThermalValue {
  checkDensity(density);
  if (hidden !== 1) return noThermal(`${2 * hidden} weights are too many for quadrature`);
  if (density.localization === 0) {
    return noThermal('without localisation the weights of a tanh unit have no density');
  }
  const [coarse, fine] = [32, 64].map((resolution) => integrate(density, resolution));
  return { value: fine, error: Math.abs(fine - coarse) };
}

function integrate({ nbeta, localization }: Density, resolution: number): number {
  const reach = Math.sqrt((2 * NEGLIGIBLE) / localization);
  const { fromStart, weights } = tanhSinh(resolution);
  let [mass, moment] = [0, 0];
  for (let i = 0; i < weights.length; i++) {
    const b = reach * fromStart[i];
    const heat = nbeta * meanSquare(b);
    const stiffness = 2 * heat + localization;
    const share = (weights[i] * Math.exp((-localization / 2) * b * b)) / Math.sqrt(stiffness);
    mass += share;
    moment += (share * heat) / stiffness;
  }
  return moment / mass;
}

/** E tanh²(bx) over x ~ U[−2, 2]: 1 − tanh(z)/z with z = 2b; its series where that cancels. */
function meanSquare(b: number): number {
  const z = 2 * b;
  if (Math.abs(z) > 0.05) return 1 - Math.tanh(z) / z;
  const y = z * z;
  return y / 3 - (2 * y * y) / 15 + (17 * y ** 3) / 315 - (62 * y ** 4) / 2835;
}
