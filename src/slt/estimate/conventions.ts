/** The conventions by which a temperature is named; temperature.ts computes it. */

/**
 * `n/log(n)`: β* = 1/ln n of Watanabe's WBIC (2013) and of Lau et al. (2308.12108), n the number of training samples.
 * `batch/log(batch)`: devinterp's default, of the minibatch. Logarithms are natural.
 */
export type TemperatureConvention = 'n/log(n)' | 'batch/log(batch)';

export const TEMPERATURE_CONVENTIONS: readonly TemperatureConvention[] = [
  'n/log(n)',
  'batch/log(batch)',
];
