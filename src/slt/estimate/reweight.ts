/**
 * λ̂ without a baseline: E_β[n·L_n] ≈ n·L_n(w*) + λ/β, so the slope of the mean loss against 1/β over several temperatures
 * is λ. The draws of one temperature serve for its neighbours by weights exp(−(β' − β)·n·L_n(w_t)); the five β' are those
 * of validating_lambdahat (Lau et al.): β·(1 + k/√(2·ln n)), k = −1, −½, 0, ½, 1. Also a check of the plain estimate:
 * where the loss is locally quadratic the two agree, whatever L_n(w*) is.
 */
import { requireCount, requirePositive } from './checks';
import { known, unknown, type Quantity } from './quantity';
import { drawsByChain, type Traces } from './traces';

const SPREAD = [-1, -0.5, 0, 0.5, 1];
/** Below this share of draws that still count, the weights rest on too few. */
export const COLLAPSE = 0.1;

export interface ReweightedLlc {
  /** The slope. Only differences of the loss enter, so the baseline cancels. */
  readonly value: Quantity;
  /** By the jackknife over chains, so autocorrelation within a chain is included; null with one chain. */
  readonly standardError: Quantity;
  /** The least over the temperatures of Kish's (Σw)²/Σw², as if draws were independent; and as a share of the draws. */
  readonly effectiveDraws: number;
  readonly effectiveShare: number;
  /** True when the share is below a tenth: do not trust the value, sample at several temperatures instead. */
  readonly collapsed: boolean;
  readonly temperatures: readonly { readonly nbeta: number; readonly meanExcess: number }[];
}

/** Σw, Σw², Σw·x of one chain at one temperature. */
type Sums = readonly [number, number, number];

function sumWeights(draws: Float64Array, difference: number, least: number): Sums {
  let weights = 0;
  let squares = 0;
  let losses = 0;
  for (const x of draws) {
    const weight = Math.exp(-difference * (x - least));
    weights += weight;
    squares += weight * weight;
    losses += weight * x;
  }
  return [weights, squares, losses];
}

function add(sums: readonly Sums[]): Sums {
  return sums.reduce(
    (total, sum): Sums => [total[0] + sum[0], total[1] + sum[1], total[2] + sum[2]],
    [0, 0, 0],
  );
}

/** Least-squares slope of y over x. */
function slopeOf(x: readonly number[], y: readonly number[]): number {
  const centre = x.reduce((a, b) => a + b, 0) / x.length;
  const squares = x.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  return x.reduce((sum, value, i) => sum + (value - centre) * y[i], 0) / squares;
}

/**
 * `samples` is n, which sets the spread of temperatures; for a population loss, take the n whose n/ln n is nβ. Throws
 * BadConfig for nβ that is not positive or n below 3.
 */
export function reweightLlc(traces: Traces, nbeta: number, samples: number): ReweightedLlc {
  requirePositive('nbeta', nbeta);
  requireCount('samples', samples, 3);
  const rows = drawsByChain(traces).filter((row) => row.length > 0);
  const count = rows.reduce((sum, row) => sum + row.length, 0);
  if (count === 0) {
    const none = unknown('no living chain has draws');
    return {
      value: none,
      standardError: none,
      effectiveDraws: 0,
      effectiveShare: 0,
      collapsed: true,
      temperatures: [],
    };
  }
  const nbetas = SPREAD.map((k) => nbeta * (1 + k / Math.sqrt(2 * Math.log(samples))));
  // The draw of the largest weight at each temperature, common to all chains, so that no exponential overflows.
  let lowest = Infinity;
  let highest = -Infinity;
  for (const row of rows) {
    for (const x of row) {
      lowest = Math.min(lowest, x);
      highest = Math.max(highest, x);
    }
  }
  const table = rows.map((row) =>
    nbetas.map((other) => sumWeights(row, other - nbeta, other >= nbeta ? lowest : highest)),
  );
  const inverse = nbetas.map((value) => 1 / value);
  const meansWithout = (left: number | null) =>
    nbetas.map((_, k) => {
      const [weights, , losses] = add(table.filter((__, c) => c !== left).map((row) => row[k]));
      return losses / weights;
    });
  const means = meansWithout(null);
  const effectiveDraws = Math.min(
    ...nbetas.map((_, k) => {
      const [weights, squares] = add(table.map((row) => row[k]));
      return weights ** 2 / squares;
    }),
  );
  return {
    value: known(slopeOf(inverse, means)),
    standardError: jackknife(rows.length, (left) => slopeOf(inverse, meansWithout(left))),
    effectiveDraws,
    effectiveShare: effectiveDraws / count,
    collapsed: effectiveDraws / count < COLLAPSE,
    temperatures: nbetas.map((value, k) => ({ nbeta: value, meanExcess: means[k] })),
  };
}

/** √((C − 1)/C·Σ(θ₋c − θ̄)²) of a statistic of chains, each left out in turn. */
function jackknife(chains: number, statistic: (left: number) => number): Quantity {
  if (chains < 2) return unknown('one chain has no spread between chains');
  const values = Array.from({ length: chains }, (_, left) => statistic(left));
  const mean = values.reduce((a, b) => a + b, 0) / chains;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return known(Math.sqrt((squares * (chains - 1)) / chains));
}
