/** Checks of numbers that callers pass. */
import { BadConfig } from '../../gpu/errors';

/** Throws BadConfig for a number that is not positive and finite. */
export function requirePositive(path: string, value: number): void {
  if (!(value > 0) || !Number.isFinite(value)) {
    throw new BadConfig(path, {
      asked: `got ${value}`,
      limit: 'must be positive and finite',
      remedy: 'Choose a number above 0',
    });
  }
}

/** Throws BadConfig unless `value` is a whole number of at least `least`. */
export function requireCount(path: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value < least) {
    throw new BadConfig(path, {
      asked: `got ${value}`,
      limit: `must be a whole number of at least ${least}`,
      remedy: 'Choose a larger one',
    });
  }
}
