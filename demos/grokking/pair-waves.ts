/**
 * Which frequency a map over (a, b) has, and how much of its variance that explains. The eight terms of frequency k (cos and sin
 * of ka and kb, and their four products) are the waves of frequency k in the means over rows, columns, equal sums and equal
 * differences, because products of waves of a and b are waves of a + b and a − b.
 */
import type { Matrix } from '../shared/heatmap';

export interface PairWave {
  readonly frequency: number;
  /** Fraction of variance explained. */
  readonly fraction: number;
}

/** `matrix` is p × p with p odd. Null where nothing varies. */
export function dominantWave({ rows: p, data }: Matrix): PairWave | null {
  const marginals = Array.from({ length: 4 }, () => new Float64Array(p));
  let [total, squares] = [0, 0];
  for (let a = 0; a < p; a++) {
    for (let b = 0; b < p; b++) {
      const value = data[a * p + b] ?? 0;
      total += value;
      squares += value * value;
      [a, b, (a + b) % p, (a - b + p) % p].forEach((place, which) => {
        const own = marginals[which] as Float64Array;
        own[place] = (own[place] ?? 0) + value / p;
      });
    }
  }
  const variance = squares - total ** 2 / p ** 2;
  if (!(variance > 1e-9 * squares)) return null;
  let best: PairWave = { frequency: 1, fraction: 0 };
  for (let frequency = 1; frequency <= (p - 1) / 2; frequency++) {
    const power = marginals.reduce((sum, own) => sum + wavePower(own, frequency), 0);
    if (power / variance > best.fraction) best = { frequency, fraction: power / variance };
  }
  return best;
}

/** Squared length, over all p² cells, of the wave of frequency k in a marginal: p · (2/p) · (c² + s²). */
function wavePower(values: Float64Array, frequency: number): number {
  const p = values.length;
  let [cosine, sine] = [0, 0];
  values.forEach((value, n) => {
    const angle = (2 * Math.PI * ((frequency * n) % p)) / p;
    cosine += value * Math.cos(angle);
    sine += value * Math.sin(angle);
  });
  return 2 * (cosine ** 2 + sine ** 2);
}
