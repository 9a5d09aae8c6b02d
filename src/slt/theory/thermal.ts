/**
 * Exact thermal values: nβ·E[L − L0] under p(w) ∝ e^{−nβ·L(w) − (γ/2)‖w − w*‖²}, which is what a faultless sampler
 * returns at finite nβ, by quadrature. As nβ → ∞ it tends to λ, for γ fixed.
 *
 * Variables that share no monomial are independent, so that a sum over many variables is a sum of values; a block may
 * have one variable or two.
 */
import { averageOnLine } from './line-average';
import { averageOnPlane } from './plane-average';
import { expandPotential, splitBlocks, toTerms } from './polynomial';
import type { Polynomial, PotentialTerm } from './polynomial';
import { checkDensity, noThermal, type Density, type ThermalValue } from './thermal-value';

export { tanhThermal } from './tanh-thermal';

const RESOLUTIONS = [4, 8, 16, 32];
/** Relative: where two resolutions agree so well, the finer one is taken. */
const ENOUGH = 1e-5;
/** Relative: beyond this the number is not given. */
const WORST = 1e-4;

/** nβ·E[K − K(at)] for K = Σ terms. Throws BadConfig naming `terms`, `at`, `nbeta` or `localization`. */
export function potentialThermal(
  terms: readonly PotentialTerm[],
  at: readonly number[],
  density: Density,
): ThermalValue {
  checkDensity(density);
  let [value, error] = [0, 0];
  for (const block of splitBlocks(expandPotential(terms, at))) {
    const part = solveBlock(block, density);
    if (part.value === null) return part;
    value += part.value;
    error += part.error;
  }
  return { value, error };
}

function solveBlock(block: Polynomial, density: Density): ThermalValue {
  const { nbeta, localization } = density;
  const terms = toTerms(block);
  if (terms.length === 0) {
    return localization > 0
      ? { value: 0, error: 0 }
      : noThermal(
          'without localisation a variable that the potential does not hold has no density',
        );
  }
  if (block.variables === 1) {
    const K: number[] = [];
    for (const { coefficient, powers } of terms) {
      while (K.length <= powers[0]) K.push(0);
      K[powers[0]] = coefficient;
    }
    return refine((resolution) => {
      const average = averageOnLine(K, nbeta, localization, resolution);
      return average && nbeta * average.mean;
    });
  }
  if (block.variables > 2) {
    return noThermal(
      `${block.variables} variables meet in the potential; quadrature is made for 1 or 2`,
    );
  }
  const [first, second] = ([0, 1] as const).map((outer) =>
    refine((resolution) => {
      const mean = averageOnPlane(terms, outer, density, resolution);
      return mean === null ? null : nbeta * mean;
    }),
  );
  return reconcile(first, second);
}

/** Finer until two agree. */
function refine(solve: (resolution: number) => number | null): ThermalValue {
  let before = NaN;
  let error = Infinity;
  for (const resolution of RESOLUTIONS) {
    const value = solve(resolution);
    if (value === null || !Number.isFinite(value)) return noThermal(NO_INTEGRAL);
    error = Math.abs(value - before);
    before = value;
    if (error <= ENOUGH * Math.abs(value)) break;
  }
  return { value: before, error };
}

const NO_INTEGRAL =
  'the integral does not exist, or its tail is too heavy for float64: the potential does not grow enough for this localisation';

/** The better of two orders of integration, where the other does not contradict it. */
function reconcile(first: ThermalValue, second: ThermalValue): ThermalValue {
  if (first.value === null) return first;
  if (second.value === null) return second;
  const better = first.error <= second.error ? first : second;
  const gap = Math.abs(first.value - second.value);
  const allowed = Math.max(WORST * Math.abs(better.value), 10 * (first.error + second.error));
  if (gap > allowed || better.error > WORST * Math.abs(better.value)) {
    return noThermal(
      `the quadrature did not settle: ${first.value.toPrecision(4)} in one order of integration, ${second.value.toPrecision(4)} in the other`,
    );
  }
  return better;
}
