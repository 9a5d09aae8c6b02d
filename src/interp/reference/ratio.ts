/** x/y, and 0 of nothing. */
export function ratio(x: number, y: number): number {
  return y > 0 ? x / y : 0;
}

export function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

/** Population standard deviation. */
export function deviationOf(values: ArrayLike<number>): number {
  const mean = meanOf(values);
  return Math.sqrt(meanOf(Array.from(values, (x) => (x - mean) ** 2)));
}
