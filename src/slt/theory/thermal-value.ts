/** What thermal values are asked for with, and how they are answered. */
import { BadConfig } from '../../gpu/errors';

/** The sampled density e^{−nβ·L(w) − (γ/2)‖w − w*‖²}. */
export interface Density {
  /** nβ, above 0. */
  readonly nbeta: number;
  /** γ, at least 0. */
  readonly localization: number;
}

/** `error` estimates the absolute error of `value`; where there is none, `reason` is a sentence without its full stop. */
export type ThermalValue =
  | { readonly value: number; readonly error: number }
  | { readonly value: null; readonly error: null; readonly reason: string };

export function noThermal(reason: string): ThermalValue {
  return { value: null, error: null, reason };
}

/** Throws BadConfig naming `nbeta` or `localization`. */
export function checkDensity({ nbeta, localization }: Density): void {
  if (!Number.isFinite(nbeta) || nbeta <= 0) {
    throw new BadConfig('nbeta', {
      asked: `got ${nbeta}`,
      limit: 'must be a finite number above 0',
    });
  }
  if (!Number.isFinite(localization) || localization < 0) {
    throw new BadConfig('localization', {
      asked: `got ${localization}`,
      limit: 'must be a finite number of at least 0',
    });
  }
}
