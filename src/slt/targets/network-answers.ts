/** What theory says of linear networks and of tanh networks. */
import { linearNetworkCoefficient } from '../theory/linear-network';
import { tanhCoefficient } from '../theory/tanh';
import { tanhThermal } from '../theory/tanh-thermal';
import { atTemperature, isPlain, theoryOf } from './answers';
import type { Theory, ThermalSetting } from './types';

export function linearNetworkTheory(widths: readonly number[], rank: number): Theory | null {
  return theoryOf(linearNetworkCoefficient(widths, rank));
}

export function tanhTheory(hidden: number): Theory | null {
  return theoryOf(tanhCoefficient(hidden));
}

export function thermalTanh(setting: ThermalSetting): number | null {
  return isPlain(setting) ? tanhThermal(1, atTemperature(setting)).value : null;
}
