/**
 * How much of λ̂ is made by the localisation γ instead of the loss. The sampled density exp(−nβ·L − (γ/2)‖w − w*‖²) has a
 * *thermal* value nβ·E[L − L(w*)] that falls as γ rises, far below λ when γ holds the chains (w⁴ at nβ = 1000: 0.23 at
 * γ = 1, 0.096 at γ = 100, λ = 0.25).
 */
import { requireCount, requirePositive } from './checks';
import { meanOf } from './moments';
import { known, unknown, type Quantity } from './quantity';
import { alignDraws, type Traces } from './traces';

/**
 * Share of the restoring force that the prior exerts: γ·E‖w − w*‖²/d. Equipartition (E[x·∇U] = d at stationarity, without a
 * box or decay) splits the d sampled parameters exactly: nβ·E[(w − w*)·∇L] + γ·E‖w − w*‖² = d. 1 − share of them are held
 * by the loss, 2λ̂/d of them if it is quadratic. Flat directions belong to γ rightly: a large share alone is a question,
 * `localizationSensitivity` is the answer. Throws BadConfig for γ or a distance that is negative or d below 1.
 */
export function localizationShare(gamma: number, meanSquaredDistance: number, d: number): number {
  requireCount('dimension', d, 1);
  if (gamma === 0 || meanSquaredDistance === 0) return 0;
  requirePositive('localization', gamma);
  requirePositive('meanSquaredDistance', meanSquaredDistance);
  return (gamma * meanSquaredDistance) / d;
}

/**
 * d ln λ̂/d ln γ = −γ·Cov(L, ‖w − w*‖²)/(2·E[L − L(w*)]), from the draws themselves, since ∂E[L]/∂γ = −Cov(L, ‖w − w*‖²/2).
 * 0: γ does not matter, flat directions included. −0.5: halving γ raises λ̂ by about 40 %. −1: γ alone sets λ̂.
 * `squaredDistance` is [draws, chains] like the excess. Null where the draws do not allow it. Both traces must be
 * stationary.
 */
export function localizationSensitivity(
  traces: Traces,
  squaredDistance: Float32Array | Float64Array,
  gamma: number,
): Quantity {
  if (gamma === 0) return known(0);
  requirePositive('localization', gamma);
  // A draw counts where both were recorded.
  const both = (own: ArrayLike<number>, other: ArrayLike<number>) =>
    Float64Array.from({ length: own.length }, (_, i) => (Number.isFinite(other[i]) ? own[i] : NaN));
  const losses = alignDraws({ ...traces, excess: both(traces.excess, squaredDistance) }).values;
  const squares = alignDraws({ ...traces, excess: both(squaredDistance, traces.excess) }).values;
  if (losses.length < 2) return unknown('too few draws');
  const loss = meanOf(losses);
  const square = meanOf(squares);
  if (loss === 0) return unknown('the excess loss is 0');
  const products = losses.reduce((sum, x, i) => sum + (x - loss) * (squares[i] - square), 0);
  return known((-gamma * products) / (losses.length - 1) / (2 * loss));
}

/**
 * Root mean square distance over the last fifth of a record divided by that over its first fifth: about 1 once chains
 * have settled, large when they leave. `squaredDistance` is [draws, chains]; with burn-in included it shows more. Null
 * for fewer than five recorded draws or chains that start at w* and stay.
 */
export function distanceGrowth(
  squaredDistance: Float32Array | Float64Array,
  alive: readonly boolean[],
): Quantity {
  const chains = alive.length;
  const rows: number[] = [];
  for (let at = 0; at + chains <= squaredDistance.length; at += chains) {
    const row = squaredDistance.subarray(at, at + chains);
    const living = Array.from(row).filter((value, c) => alive[c] && Number.isFinite(value));
    if (living.length > 0) rows.push(meanOf(living));
  }
  const fifth = Math.floor(rows.length / 5);
  if (fifth === 0) return unknown('fewer than 5 recorded draws');
  const start = meanOf(rows.slice(0, fifth));
  if (start === 0) return unknown('the chains do not move');
  return known(Math.sqrt(meanOf(rows.slice(-fifth)) / start));
}
