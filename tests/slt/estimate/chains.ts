/** Chains with known properties for the tests of the estimators. */
import { createRandom } from '../../../src/random/random';
import { streams } from '../../../src/random/streams';
import type { Traces } from '../../../src/slt/estimate/traces';

/** Traces from a table of rows by chain. */
export function tracesOf(rows: readonly ArrayLike<number>[], alive?: readonly boolean[]): Traces {
  const chains = rows.length;
  const draws = rows[0]?.length ?? 0;
  const excess = new Float64Array(draws * chains);
  rows.forEach((row, chain) => {
    for (let t = 0; t < draws; t++) excess[t * chains + chain] = row[t];
  });
  return { chains, draws, excess, alive: alive ?? rows.map(() => true) };
}

/**
 * Chains that any language can repeat: x_t = ρ·x_{t−1} + u_t − ½ from x = 0, u from the minimal standard generator
 * s ← 16807·s mod (2³¹ − 1) from 1, chain c moved by c·offset.
 */
export function repeatableChains(
  chains: number,
  draws: number,
  rho: number,
  offset: number,
): Float64Array[] {
  let state = 1;
  return Array.from({ length: chains }, (_, chain) => {
    let x = 0;
    return Float64Array.from({ length: draws }, () => {
      state = (state * 16807) % 2147483647;
      x = rho * x + (state / 2147483647 - 0.5);
      return x + offset * chain;
    });
  });
}

/** Stationary AR(1) chains of unit variance: τ_int = (1 + ρ)/(1 − ρ). */
export function autoregressive(
  chains: number,
  draws: number,
  rho: number,
  seed: number,
): Float64Array[] {
  const step = Math.sqrt(1 - rho * rho);
  return Array.from({ length: chains }, (_, chain) => {
    const random = createRandom(seed, chain, streams.probe);
    let x = random.normal();
    return Float64Array.from({ length: draws }, () => {
      const now = x;
      x = rho * x + step * random.normal();
      return now;
    });
  });
}

/**
 * Independent draws of the excess loss of a quadratic at inverse temperature nβ: ½·χ²_d/nβ, whose λ is d/2 exactly.
 */
export function quadraticExcess(
  chains: number,
  draws: number,
  dimension: number,
  nbeta: number,
  seed: number,
): Float64Array[] {
  return Array.from({ length: chains }, (_, chain) => {
    const random = createRandom(seed, chain, streams.probe);
    return Float64Array.from({ length: draws }, () => {
      let squares = 0;
      for (let i = 0; i < dimension; i++) squares += random.normal() ** 2;
      return squares / (2 * nbeta);
    });
  });
}
