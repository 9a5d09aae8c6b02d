/**
 * Draws below the loss at w*, and whether the trace still moves. At a minimum the excess loss of a full batch is never
 * negative; a share of negative draws says that w* is no minimum, that the baseline is noisy, or that minibatches are.
 */
import { requirePositive } from './checks';
import { studentTwoSided } from './distributions';
import { measureEss } from './ess';
import { errorOfMean, meanOf } from './moments';
import { known, unknown, type Quantity } from './quantity';
import { drawsByChain, type Traces } from './traces';

export interface NegativeShares {
  /** Share of draws below L(w*). */
  readonly draws: number;
  /** Share of recorded steps at which the mean over chains is below L(w*): 0 when healthy. */
  readonly steps: number;
  /** Share of draws below L(w*) by more than `threshold` times the noise; null without a noise. */
  readonly beyondNoise: number | null;
  /** (mean loss − L(w*))/noise; null without a noise. */
  readonly zScore: number | null;
}

export interface NegativeOptions {
  /** Standard deviation of the loss of a minibatch at w*, in the units of the excess; none for a full batch. */
  readonly noise?: number | null;
  /** In units of the noise; default 2. */
  readonly threshold?: number;
}

/** Null when no living chain has a draw. Throws BadConfig for a noise or a threshold that is not positive. */
export function negativeShares(
  traces: Traces,
  { noise = null, threshold = 2 }: NegativeOptions = {},
): NegativeShares | null {
  if (noise !== null) requirePositive('noise', noise);
  requirePositive('threshold', threshold);
  const rows = drawsByChain(traces);
  const total = rows.reduce((sum, row) => sum + row.length, 0);
  if (total === 0) return null;
  const below = (limit: number) =>
    rows.reduce((sum, row) => sum + row.filter((value) => value < limit).length, 0) / total;
  const mean = rows.reduce((sum, row) => sum + row.reduce((a, b) => a + b, 0), 0) / total;
  return {
    draws: below(0),
    steps: negativeSteps(traces),
    beyondNoise: noise === null ? null : below(-threshold * noise),
    zScore: noise === null ? null : mean / noise,
  };
}

/** Share of the steps with a draw whose mean over living chains is negative. */
function negativeSteps({ chains, draws, excess, alive }: Traces): number {
  let recorded = 0;
  let negative = 0;
  for (let draw = 0; draw < draws; draw++) {
    let sum = 0;
    let count = 0;
    for (let chain = 0; chain < chains; chain++) {
      const value = excess[draw * chains + chain];
      if (!alive[chain] || !Number.isFinite(value)) continue;
      sum += value;
      count++;
    }
    if (count > 0) recorded++;
    if (count > 0 && sum < 0) negative++;
  }
  return negative / recorded;
}

/** Change of a trace from its first to its last draw along the straight line that fits it best. */
export interface Trend {
  /** Change over the whole trace, in the units of the trace, not per draw; null with the reason. */
  readonly rise: Quantity;
  readonly standardError: Quantity;
  /** Probability of so large a rise either way in a trace without trend. */
  readonly significance: Quantity;
}

/** Least-squares slope of evenly spaced values, times the number of steps between first and last. */
function riseOf(values: Float64Array): number {
  const middle = (values.length - 1) / 2;
  let products = 0;
  let squares = 0;
  for (let t = 0; t < values.length; t++) {
    products += (t - middle) * values[t];
    squares += (t - middle) ** 2;
  }
  return (products / squares) * (values.length - 1);
}

/**
 * The trend of the excess loss. With several chains each has its own slope, independent of the others, so the standard
 * error holds whatever the autocorrelation within (Student's t, chains − 1 degrees of freedom). One chain: the error of
 * least squares widened by √τ_int, against as many degrees of freedom as effective draws.
 */
export function measureTrend(traces: Traces): Trend {
  const rows = drawsByChain(traces).filter((row) => row.length >= 3);
  if (rows.length === 0) return noTrend('no living chain has 3 draws');
  const rises = rows.map(riseOf);
  const rise = meanOf(rises);
  if (rows.length > 1) return trendOf(rise, errorOfMean(rises), rows.length - 1);
  return trendOfOne(rows[0], rise);
}

function trendOfOne(row: Float64Array, rise: number): Trend {
  const centre = meanOf(row);
  const middle = (row.length - 1) / 2;
  const slope = rise / (row.length - 1);
  // τ_int of what the line leaves over: of the trace itself it would count the trend as autocorrelation.
  const residuals = row.map((x, t) => x - centre - slope * (t - middle));
  const { mean, autocorrelationTime } = measureEss({
    chains: 1,
    draws: row.length,
    excess: residuals,
    alive: [true],
  });
  if (mean.value === null || autocorrelationTime.value === null) {
    return noTrend(mean.reason ?? 'no autocorrelation time');
  }
  const squares = residuals.reduce((sum, x) => sum + x * x, 0);
  const spread = row.reduce((sum, _, t) => sum + (t - middle) ** 2, 0);
  const variance = (squares / (row.length - 2) / spread) * Math.max(1, autocorrelationTime.value);
  return trendOf(rise, Math.sqrt(variance) * (row.length - 1), Math.max(1, mean.value - 2));
}

function trendOf(rise: number, error: number, freedom: number): Trend {
  const significance = error === 0 ? (rise === 0 ? 1 : 0) : studentTwoSided(rise / error, freedom);
  return { rise: known(rise), standardError: known(error), significance: known(significance) };
}

function noTrend(reason: string): Trend {
  const none = unknown(reason);
  return { rise: none, standardError: none, significance: none };
}
