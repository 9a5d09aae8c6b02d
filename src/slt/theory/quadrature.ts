/** Rules of quadrature in float64: Gauss–Legendre, and the double-exponential rule that takes sharp ends. */

export interface Quadrature {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

/**
 * The n-point Gauss–Legendre rule on [a, b], exact for polynomials up to degree 2n − 1; nodes ascend and the
 * weights sum to b − a. Newton's iteration on the three-term recurrence of P_n, from the estimate
 * cos(π(i − 1/4)/(n + 1/2)) (Abramowitz & Stegun 22.16.6). n from 1 to 1000, RangeError beyond.
 */
export function gaussLegendre(n: number, a: number, b: number): Quadrature {
  if (!Number.isInteger(n) || n < 1 || n > 1000) {
    throw new RangeError(`gaussLegendre: ${n} points, must be a whole number from 1 to 1000`);
  }
  const nodes = new Float64Array(n);
  const weights = new Float64Array(n);
  const [middle, half] = [(a + b) / 2, (b - a) / 2];
  for (let i = 0; i < Math.ceil(n / 2); i++) {
    let x = 2 * i + 1 === n ? 0 : Math.cos((Math.PI * (i + 0.75)) / (n + 0.5));
    let slope = 0;
    for (let round = 0; round < 20; round++) {
      let [before, value] = [0, 1];
      for (let k = 1; k <= n; k++) {
        [before, value] = [value, ((2 * k - 1) * x * value - (k - 1) * before) / k];
      }
      slope = (n * (before - x * value)) / (1 - x * x);
      const step = value / slope;
      x -= step;
      if (Math.abs(step) < 1e-15) break;
    }
    const weight = (2 / ((1 - x * x) * slope * slope)) * half;
    nodes[i] = middle - half * x;
    nodes[n - 1 - i] = middle + half * x;
    weights[i] = weights[n - 1 - i] = weight;
  }
  return { nodes, weights };
}

/** A rule on [0, 1] whose nodes crowd towards both ends: `fromStart` and `fromEnd` are both exact to rounding. */
export interface EndRule {
  readonly fromStart: Float64Array;
  readonly fromEnd: Float64Array;
  readonly weights: Float64Array;
}

const EXTENT = 3.6; // nodes down to e^(−π sinh 3.6) = 1e-25 of the segment from its ends
const rules = new Map<number, EndRule>();

/**
 * The tanh-sinh rule (Takahasi & Mori 1974) with `density` nodes per unit of its variable t:
 * x = 1/(1 + e^(−π sinh t)), dx/dt = π cosh t · x(1 − x). Near an end nodes are spread over the logarithm of
 * the distance, so that a peak of any width at an end, 1 or 1e-6 of the segment, is resolved alike.
 */
export function tanhSinh(density: number): EndRule {
  const known = rules.get(density);
  if (known) return known;
  const reach = Math.ceil(EXTENT * density);
  const count = 2 * reach + 1;
  const rule = {
    fromStart: new Float64Array(count),
    fromEnd: new Float64Array(count),
    weights: new Float64Array(count),
  };
  for (let i = 0; i < count; i++) {
    const t = (i - reach) / density;
    const decay = Math.exp(-Math.PI * Math.sinh(t));
    rule.fromStart[i] = 1 / (1 + decay);
    rule.fromEnd[i] = decay / (1 + decay);
    rule.weights[i] = (Math.PI * Math.cosh(t) * rule.fromStart[i] * rule.fromEnd[i]) / density;
  }
  rules.set(density, rule);
  return rule;
}
