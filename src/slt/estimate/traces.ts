/** What sampling leaves behind for the estimators, and the two ways to read it: ragged and aligned. */
import { BadConfig } from '../../gpu/errors';

/** What the chains of one estimate recorded: all share target and settings. Post burn-in draws only unless said. */
export interface Traces {
  readonly chains: number;
  readonly draws: number;
  /**
   * [draws, chains], excess loss L_B(w_t) − L_B(w*) (paired baseline) or against the full-batch loss at w*; NaN where
   * a step recorded no draw or the chain was dead.
   */
  readonly excess: Float32Array | Float64Array;
  /** Per chain: false once quarantined (its draws are left out of everything). */
  readonly alive: readonly boolean[];
}

/** Chains of equal length, chain after chain, without a gap: what R̂ and ESS are defined on. */
export interface AlignedDraws {
  readonly chains: number;
  readonly draws: number;
  /** [chains, draws] */
  readonly values: Float64Array;
}

/** Throws BadConfig when the counts and the lengths of the arrays do not agree. */
export function checkTraces({ chains, draws, excess, alive }: Traces): void {
  const whole = Number.isInteger(chains) && Number.isInteger(draws) && chains >= 0 && draws >= 0;
  if (!whole || excess.length !== chains * draws || alive.length !== chains) {
    throw new BadConfig('traces', {
      asked: `${chains} chains × ${draws} draws with ${excess.length} losses and ${alive.length} flags`,
      limit: 'the losses must be draws × chains and the flags one per chain',
      remedy: 'Pass the traces as recorded',
    });
  }
}

/** The finite draws of each chain, in order; none for a chain that is not alive. */
export function drawsByChain(traces: Traces): Float64Array[] {
  checkTraces(traces);
  const { chains, draws, excess, alive } = traces;
  return Array.from({ length: chains }, (_, chain) => {
    if (!alive[chain]) return new Float64Array(0);
    const kept = new Float64Array(draws);
    let count = 0;
    for (let draw = 0; draw < draws; draw++) {
      const value = excess[draw * chains + chain];
      if (Number.isFinite(value)) kept[count++] = value;
    }
    return kept.subarray(0, count);
  });
}

/**
 * The draws at which every living chain recorded a finite value. A living chain that never did counts as dead here:
 * it would empty the table for all.
 */
export function alignDraws(traces: Traces): AlignedDraws {
  const { chains, draws, excess } = traces;
  const living = drawsByChain(traces).flatMap((kept, chain) => (kept.length > 0 ? [chain] : []));
  const rows: number[] = [];
  for (let draw = 0; draw < draws; draw++) {
    if (living.every((chain) => Number.isFinite(excess[draw * chains + chain]))) rows.push(draw);
  }
  const length = living.length > 0 ? rows.length : 0;
  const values = new Float64Array(living.length * length);
  living.forEach((chain, at) => {
    for (let i = 0; i < length; i++) values[at * length + i] = excess[rows[i] * chains + chain];
  });
  return { chains: living.length, draws: length, values };
}

/**
 * Each chain as two chains, its first and its second half (the middle draw of an odd count is left out): a chain that
 * drifts then disagrees with itself.
 */
export function splitHalves({ chains, draws, values }: AlignedDraws): AlignedDraws {
  const half = Math.floor(draws / 2);
  const split = new Float64Array(2 * chains * half);
  for (let chain = 0; chain < chains; chain++) {
    const row = values.subarray(chain * draws, (chain + 1) * draws);
    split.set(row.subarray(0, half), 2 * chain * half);
    split.set(row.subarray(draws - half), (2 * chain + 1) * half);
  }
  return { chains: 2 * chains, draws: half, values: split };
}
