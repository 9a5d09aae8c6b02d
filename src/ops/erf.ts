/** The error function in float64, for GELU of a constant and in the reference. */

/**
 * Normal distribution function (1 + erf(x/√2))/2 to about 1e-15. Series and continued fraction of Abramowitz and Stegun,
 * "Handbook of Mathematical Functions" (1964), 26.2.11 and 26.2.14.
 */
export function normalCdf(x: number): number {
  const a = Math.abs(x);
  const tail = a < 3 ? 0.5 - centralSeries(a) : upperTail(a);
  return x < 0 ? tail : 1 - tail;
}

export function normalDensity(x: number): number {
  return Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
}

/** Φ(x) − ½ = φ(x)·(x + x³/3 + x⁵/(3·5) + …): all terms of one sign, so nothing cancels. */
function centralSeries(x: number): number {
  let term = x;
  let sum = x;
  for (let odd = 3; term > sum * 1e-17; odd += 2) {
    term *= (x * x) / odd;
    sum += term;
  }
  return normalDensity(x) * sum;
}

/** 1 − Φ(x) = φ(x)/(x + 1/(x + 2/(x + 3/(x + …)))). */
function upperTail(x: number): number {
  let fraction = x;
  for (let k = 120; k > 0; k--) fraction = x + k / fraction;
  return normalDensity(x) / fraction;
}
