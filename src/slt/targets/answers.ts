/** What theory says of a target, in the form targets want it: an answer, or null where there is none. */
import { BadConfig } from '../../gpu/errors';
import type { Term } from '../../chip/types';
import type { LearningCoefficient, Undecided } from '../theory/coefficient';
import { linearNetworkCoefficient } from '../theory/linear-network';
import { potentialCoefficient } from '../theory/potential';
import { quadraticThermal as continuousQuadratic, solveQuadratic } from '../theory/quadratic';
import { tanhCoefficient } from '../theory/tanh';
import { tanhThermal } from '../theory/tanh-thermal';
import { potentialThermal } from '../theory/thermal';
import type { Theory, ThermalSetting } from './types';

/** Null where no rule decides. */
export function theoryOf(answer: LearningCoefficient | Undecided): Theory | null {
  return answer.lambda === null
    ? null
    : { lambda: answer.lambda, multiplicity: answer.multiplicity };
}

export function potentialTheory(terms: readonly Term[], at: readonly number[]): Theory | null {
  return theoryOf(potentialCoefficient(terms, at));
}

export function linearNetworkTheory(widths: readonly number[], rank: number): Theory | null {
  return theoryOf(linearNetworkCoefficient(widths, rank));
}

export function tanhTheory(hidden: number): Theory | null {
  return theoryOf(tanhCoefficient(hidden));
}

/** Plain sampling at temperature 1: what the quadrature is of. */
function isPlain({ noiseLevel, weightDecay }: ThermalSetting): boolean {
  return noiseLevel === 1 && weightDecay === 0;
}

export function thermalPotential(
  terms: readonly Term[],
  at: readonly number[],
  setting: ThermalSetting,
): number | null {
  if (!isPlain(setting)) return null;
  return potentialThermal(terms, at, pick(setting)).value;
}

export function thermalTanh(setting: ThermalSetting): number | null {
  return isPlain(setting) ? tanhThermal(1, pick(setting)).value : null;
}

function pick({ nbeta, localization }: ThermalSetting) {
  return { nbeta, localization };
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
