/**
 * S. Watanabe's widely applicable Bayesian information criterion (JMLR 14, 2013): WBIC = E_β[n·L_n(w)] at β = 1/ln n,
 * asymptotically n·L_n(w*) + λ·ln n, an estimate of the free energy from one temperature.
 */
import { requireCount, requirePositive } from './checks';
import { estimateLlc } from './llc';
import { known, unknown, type Quantity } from './quantity';
import { countOverLog } from './temperature';
import type { Traces } from './traces';

/** Relative difference of nβ from n/ln n that rounding of a typed number may make. */
const SAME = 1e-3;

export interface WbicSetting {
  readonly nbeta: number;
  /** n; null for a population loss. */
  readonly samples: number | null;
  /** L_n(w*), the mean loss of all samples: what the excess is counted from. */
  readonly baseline: number;
}

/**
 * WBIC in nats for n samples. Null with the reason at another temperature or for a population loss: it would be
 * another quantity.
 */
export function computeWbic(traces: Traces, { nbeta, samples, baseline }: WbicSetting): Quantity {
  requirePositive('nbeta', nbeta);
  if (samples === null) return unknown('a population loss has no number of samples');
  requireCount('samples', samples, 2);
  const wanted = countOverLog(samples);
  if (Math.abs(nbeta / wanted - 1) > SAME) {
    return unknown(
      `WBIC is defined at nβ = n/ln n = ${wanted.toPrecision(6)}; the chains sampled at ${nbeta.toPrecision(6)}`,
    );
  }
  const excess = estimateLlc(traces, nbeta).mean / nbeta;
  return known(samples * (baseline + excess));
}
