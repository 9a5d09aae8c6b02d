/** Real roots of a polynomial in float64, to place the joints of a quadrature: [constant, linear, …]. */

/** c₀ + c₁x + … by Horner's rule. */
export function evaluate(coefficients: ArrayLike<number>, x: number): number {
  let value = 0;
  for (let i = coefficients.length - 1; i >= 0; i--) value = value * x + coefficients[i];
  return value;
}

export function differentiate(coefficients: readonly number[]): number[] {
  return coefficients.slice(1).map((c, i) => c * (i + 1));
}

/** Without trailing zeros. */
export function trim(coefficients: readonly number[]): number[] {
  let length = coefficients.length;
  while (length > 0 && coefficients[length - 1] === 0) length--;
  return coefficients.slice(0, length);
}

/**
 * The real roots where the sign changes, ascending, to about 1e-12 of their size, and 0 whatever its order. Between
 * neighbouring roots of the derivative there is at most one; roots of even order elsewhere may be missed (they
 * are roots of the derivative).
 */
export function realRoots(coefficients: readonly number[]): number[] {
  const p = trim(coefficients);
  if (p.length < 2) return [];
  const order = p.findIndex((c) => c !== 0);
  if (order > 0) return [...realRoots(p.slice(order)), 0].sort((a, b) => a - b);
  if (p.length === 2) return [-p[0] / p[1]];
  const bound = rootBound(p);
  const joints = [-bound, ...realRoots(differentiate(p)).filter((x) => Math.abs(x) < bound), bound];
  return joints.slice(1).flatMap((right, i) => {
    const left = joints[i];
    return evaluate(p, left) > 0 === evaluate(p, right) > 0 ? [] : [findRoot(p, left, right)];
  });
}

/** Fujiwara 1916: all roots are smaller than 2·max |c_{n−k}/c_n|^{1/k}. */
function rootBound(p: readonly number[]): number {
  const n = p.length - 1;
  let bound = 0;
  for (let k = 1; k <= n; k++) bound = Math.max(bound, Math.abs(p[n - k] / p[n]) ** (1 / k));
  return Math.min(2.01 * bound, 1e100);
}

/** Newton's iteration within a bracket that halves where Newton would leave it or is slow. */
function findRoot(p: readonly number[], left: number, right: number): number {
  const slope = differentiate(p);
  const rising = evaluate(p, right) > 0;
  let [low, high] = [left, right];
  let x = (low + high) / 2;
  for (let round = 0; round < 300; round++) {
    const value = evaluate(p, x);
    if (value === 0) return x;
    if (value > 0 === rising) high = x;
    else low = x;
    const newton = x - value / evaluate(slope, x);
    const inside = newton > low && newton < high && round % 3 !== 2;
    const next = inside ? newton : (low + high) / 2;
    if (Math.abs(next - x) <= 1e-12 * Math.abs(x)) return next;
    x = next;
  }
  return x;
}
