/** From samples to rows: spread, rates, shares of the ceilings, speed, and what the control says. */
import type { AdapterFacts } from '../src/gpu/open';
import type { Ceilings } from './ceiling';
import { describeAdapter } from './environment';
import type { Contender, Control, Row, Running, Spread } from './types';

export const CONTROL = 'control: the same again';

/** A control of 0.95 to 1.05 reads 1.0×. */
const READS_ONE = 0.05;
/** Beyond this no spread is an excuse: one that holds 1 all the same is too wide to compare anything by. */
const TOO_FAR = 0.2;
/** With fewer samples quartiles say little, and the whole range stands for the spread. */
const SAMPLES_FOR_QUARTILES = 5;

export interface Measured {
  readonly contender: Contender;
  readonly running: Running | null;
  readonly error?: string;
  readonly n: number;
  readonly samples: readonly number[];
}

/** A row for each contender, in order; the first one is the base of the speeds, in a sweep of the control's alone. */
export function summarise(
  measured: readonly Measured[],
  adapter: AdapterFacts,
  ceilings: Ceilings | null,
  sweep = false,
): Row[] {
  const rows = measured.map((one) => measure(one, adapter, ceilings));
  const base = rows[0]?.rate;
  return rows.map((row, at) => {
    const alone = sweep && at > 0 && row.contender !== CONTROL;
    if (base === undefined || row.rate === undefined || alone) return row;
    return { ...row, speed: row.rate / base };
  });
}

function measure(
  { contender, running, error, n, samples }: Measured,
  adapter: AdapterFacts,
  ceilings: Ceilings | null,
): Row {
  const { name, on = 'adapter', place } = contender;
  const head = {
    contender: name,
    on,
    ...(place && { place }),
    adapter: describeAdapter(adapter),
    fallback: adapter.fallback,
  };
  if (error !== undefined || !running || samples.length === 0)
    return { ...head, error: error ?? 'not run' };
  const { flops, bytes, items = 1 } = running;
  const seconds = spread(samples);
  const { median } = seconds;
  const gflops = flops === undefined ? undefined : flops / median / 1e9;
  const gbs = bytes === undefined ? undefined : bytes / median / 1e9;
  const share = on === 'adapter' ? shareOfCeiling({ gflops, gbs }, ceilings) : {};
  const counts = { flops, bytes, items, rate: items / median, gflops, gbs };
  return { ...head, n, samples, seconds, ...counts, ...share };
}

/**
 * Roofline: work of so many flops and bytes takes at least the longer of the times that each takes at its ceiling. The share is
 * that time over the measured one.
 */
export function shareOfCeiling(
  { gflops = 0, gbs = 0 }: { readonly gflops?: number; readonly gbs?: number },
  ceilings: Ceilings | null,
): Pick<Row, 'fractionOfCeiling' | 'boundBy'> {
  if (!ceilings || (gflops === 0 && gbs === 0)) return {};
  const arithmetic = gflops / ceilings.fma.gflops;
  const memory = gbs / ceilings.copy.gbs;
  return arithmetic >= memory
    ? { fractionOfCeiling: arithmetic, boundBy: 'arithmetic' }
    : { fractionOfCeiling: memory, boundBy: 'memory' };
}

/** Base over control, round by round. Undefined where either has no samples. */
export function judgeControl(
  base: readonly number[],
  control: readonly number[],
): Control | undefined {
  const rounds = Math.min(base.length, control.length);
  if (rounds === 0) return undefined;
  const ratios = Array.from({ length: rounds }, (_, k) => base[k] / control[k]);
  const speed = spread(ratios);
  const whole = rounds < SAMPLES_FOR_QUARTILES;
  const low = whole ? Math.min(...ratios) : speed.lower;
  const high = whole ? Math.max(...ratios) : speed.upper;
  const off = Math.abs(speed.median - 1);
  return { speed, holds: off <= READS_ONE || (off <= TOO_FAR && low <= 1 && high >= 1) };
}

/** Quartiles by linear interpolation between order statistics. Wants at least one number. */
export function spread(samples: readonly number[]): Spread {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (fraction: number): number => {
    const place = fraction * (sorted.length - 1);
    const low = Math.floor(place);
    const high = Math.min(low + 1, sorted.length - 1);
    return sorted[low] + (place - low) * (sorted[high] - sorted[low]);
  };
  return { lower: at(0.25), median: at(0.5), upper: at(0.75) };
}
