/** What theory says of a target, in the form targets want it: an answer, or null where there is none. */
import type { LearningCoefficient, Undecided } from '../theory/coefficient';
import type { Theory, ThermalSetting } from './types';

/** Null where no rule decides. */
export function theoryOf(answer: LearningCoefficient | Undecided): Theory | null {
  return answer.lambda === null
    ? null
    : { lambda: answer.lambda, multiplicity: answer.multiplicity };
}

/** Plain sampling at temperature 1: what the quadrature is of. */
export function isPlain({ noiseLevel, weightDecay }: ThermalSetting): boolean {
  return noiseLevel === 1 && weightDecay === 0;
}

export function atTemperature({ nbeta, localization }: ThermalSetting) {
  return { nbeta, localization };
}
