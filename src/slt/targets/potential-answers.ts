/** What theory says of polynomial potentials and of quadratics. */
import { BadConfig } from '../../gpu/errors';
import type { Term } from '../../chip/types';
import { potentialCoefficient } from '../theory/potential';
import { quadraticThermal as continuousQuadratic, solveQuadratic } from '../theory/quadratic';
import { potentialThermal } from '../theory/thermal';
import { atTemperature, isPlain, theoryOf } from './answers';
import type { Theory, ThermalSetting } from './types';

export function potentialTheory(terms: readonly Term[], at: readonly number[]): Theory | null {
  return theoryOf(potentialCoefficient(terms, at));
}

export function thermalPotential(
  terms: readonly Term[],
  at: readonly number[],
  setting: ThermalSetting,
): number | null {
  if (!isPlain(setting)) return null;
  return potentialThermal(terms, at, atTemperature(setting)).value;
}

/** Of plain SGLD what the discretised chain does, ε and gradient noise included; of others the limit ε → 0. */
export function quadraticThermal(
  eigenvalues: readonly number[],
  gradientNoise: number,
  setting: ThermalSetting,
): number | null {
  const { method, nbeta, localization, lr, noiseLevel, weightDecay } = setting;
  const pull = localization + weightDecay;
  if (method !== 'sgld') {
    const exact = noiseLevel === 1 && gradientNoise === 0;
    return exact ? continuousQuadratic(eigenvalues, nbeta, pull) : null;
  }
  try {
    const settings = { eigenvalues, nbeta, localization: pull, lr, noiseLevel, gradientNoise };
    return solveQuadratic(settings).llc;
  } catch (error) {
    if (error instanceof BadConfig) return null; // unstable: no stationary value
    throw error;
  }
}
