/**
 * The inverse temperature nβ: what multiplies the *mean* loss in the sampled density exp(−nβ·L_n(w) − …). Libraries
 * have different defaults, and estimates at different nβ are not comparable, so the name of the convention stays
 * with the number.
 */
import { BadConfig } from '../../gpu/errors';
import { TEMPERATURE_CONVENTIONS, type TemperatureConvention } from './conventions';

export interface Temperature {
  readonly nbeta: number;
  /** The convention asked for; null when nβ was given as a number. */
  readonly convention: TemperatureConvention | null;
}

export interface TemperatureSizes {
  /** Training samples n; null for a population loss, which has none. */
  readonly samples?: number | null;
  /** Samples of a minibatch; null when each step takes the whole batch. */
  readonly batch?: number | null;
}

/** m/ln m for a whole m ≥ 2: 1000 → 144.76. */
export function countOverLog(count: number): number {
  return count / Math.log(count);
}

/**
 * nβ from a number or a convention; `path` names the field in errors. A full-batch sampler's batch is n. Throws
 * BadConfig for a number that is not positive and finite, for a convention without its count, and for a count below
 * 2, whose m/ln m is infinite or negative (devinterp takes nβ = 1 there, silently).
 */
export function resolveTemperature(
  asked: number | TemperatureConvention,
  { samples = null, batch = null }: TemperatureSizes = {},
  path = 'nbeta',
): Temperature {
  if (typeof asked === 'number') {
    if (!(asked > 0) || !Number.isFinite(asked)) {
      throw new BadConfig(path, {
        asked: `got ${asked}`,
        limit: 'must be positive and finite',
        remedy: `Give a number such as 1000, or one of ${TEMPERATURE_CONVENTIONS.join(', ')}`,
      });
    }
    return { nbeta: asked, convention: null };
  }
  if (!TEMPERATURE_CONVENTIONS.includes(asked)) {
    throw new BadConfig(path, {
      asked: `got "${String(asked)}"`,
      limit: `must be a number or one of ${TEMPERATURE_CONVENTIONS.join(', ')}`,
      remedy: 'Choose one',
    });
  }
  const ofBatch = asked === 'batch/log(batch)';
  const count = ofBatch ? (batch ?? samples) : samples;
  const name = ofBatch ? 'batch' : 'n';
  if (count === null) {
    throw new BadConfig(path, {
      asked: `"${asked}"`,
      limit: `this target has no ${ofBatch ? 'minibatch and no samples' : 'samples to count'}`,
      remedy: 'Give nβ as a number',
    });
  }
  if (!Number.isInteger(count) || count < 2) {
    throw new BadConfig(path, {
      asked: `"${asked}" with ${name} = ${count}`,
      limit: `${name} must be a whole number of at least 2, since ln 1 = 0`,
      remedy: 'Give nβ as a number',
    });
  }
  return { nbeta: countOverLog(count), convention: asked };
}
