/** Ranges and ticks that hold for any data: zeros, gaps and single values on log axes included. */

/**
 * Range of a log axis over these numbers: whole decades, at least one, nothing below `floor`. Zeros, negatives, nulls
 * and non-finite numbers do not count; without any number left, from the floor to 1.
 */
export function logRange(values: Iterable<number | null>, floor: number): [number, number] {
  let low = Infinity;
  let high = 0;
  for (const value of values) {
    if (value === null || !Number.isFinite(value) || value <= 0) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (high === 0) return [floor, Math.max(1, floor * 10)];
  const from = Math.floor(Math.log10(Math.max(low, floor)) + 1e-9);
  const to = Math.ceil(Math.log10(Math.max(high, floor)) - 1e-9);
  return [10 ** from, 10 ** Math.max(to, from + 1)];
}

/** Range of a linear axis: from zero, or from below it, with a little air above. */
export function linearRange(values: Iterable<number | null>): [number, number] {
  let low = 0;
  let high = 0;
  for (const value of values) {
    if (value === null || !Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low === high) return [0, 1];
  const air = (high - low) * 0.06;
  return [low < 0 ? low - air : 0, high + air];
}

/** Range of a linear axis around the numbers alone. */
export function tightRange(values: Iterable<number | null>): [number, number] {
  const found = [...values].filter((value): value is number => Number.isFinite(value));
  if (found.length === 0) return [0, 1];
  const [low, high] = [Math.min(...found), Math.max(...found)];
  const air = (high - low) * 0.08 || Math.abs(high) * 0.05 || 1;
  return [low - air, high + air];
}

/** The same in ratios, for a log axis. */
export function tightLogRange(values: Iterable<number | null>, floor: number): [number, number] {
  const found = [...values].filter((value): value is number => value !== null && value > floor);
  const [low, high] = tightRange(found.map(Math.log));
  return found.length === 0 ? [floor, Math.max(1, floor * 10)] : [Math.exp(low), Math.exp(high)];
}

/** Decades inside a range, thinned out to at most `most`; 2 and 5 join them when they are few. */
export function logTicks(from: number, to: number, most: number): number[] {
  const first = Math.ceil(Math.log10(from) - 1e-9);
  const last = Math.floor(Math.log10(to) + 1e-9);
  const decades = last - first + 1;
  if (decades <= 2) {
    const ticks: number[] = [];
    for (let exponent = first - 1; exponent <= last; exponent++) {
      for (const digit of [1, 2, 5]) {
        const tick = digit * 10 ** exponent;
        if (tick >= from * (1 - 1e-9) && tick <= to * (1 + 1e-9)) ticks.push(tick);
      }
    }
    return ticks;
  }
  const every = Math.ceil(decades / Math.max(1, most));
  const ticks: number[] = [];
  for (let exponent = first; exponent <= last; exponent++) {
    if (exponent % every === 0) ticks.push(10 ** exponent);
  }
  return ticks;
}

/** The ends between which all but one in a hundred of the numbers lie on either side: spikes do not set a range. */
export function mostOf(values: readonly (number | null)[]): number[] {
  const sorted = values
    .filter((value): value is number => value !== null && Number.isFinite(value))
    .sort((a, b) => a - b);
  if (sorted.length === 0) return [];
  const edge = Math.floor(sorted.length / 100);
  return [sorted[edge] as number, sorted[sorted.length - 1 - edge] as number];
}

/** At most about `most` round ticks (1, 2, 2.5, 5 × a power of ten) inside a linear range. */
export function linearTicks(from: number, to: number, most: number): number[] {
  const span = to - from;
  if (!(span > 0)) return [from];
  const rough = span / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const ticks: number[] = [];
  for (let index = Math.ceil(from / step - 1e-9); index * step <= to + step * 1e-9; index++) {
    ticks.push(Number((index * step).toPrecision(12)));
  }
  return ticks;
}

/** A number fit for a log axis: null stays a gap, what is at or below the floor lies on it. */
export function clampToFloor(value: number | null, floor: number): number | null {
  if (value === null || !Number.isFinite(value)) return null;
  return Math.max(value, floor);
}

/** The smallest of 1, 2, 5 × a power of ten that is at least `size`: a range worth printing. */
export function roundUp(size: number): number {
  if (!(size > 0) || !Number.isFinite(size)) return 1;
  const power = 10 ** Math.floor(Math.log10(size));
  return power * ([1, 2, 5, 10].find((factor) => factor * power >= size * (1 - 1e-9)) ?? 10);
}
