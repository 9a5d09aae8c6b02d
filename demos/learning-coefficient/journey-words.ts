/** What λ̂ does from point to point, in a sentence, and the axis it is read on. */
import type { LlcGroup } from '../../src/lab/experiments/llc-results';
import { linearRange } from '../shared/scales';
import { sayCount, sayPower } from '../shared/words';
import { meanOf, sayThree } from './words';

/** From zero where that is not far away, else close around the numbers: a climb of a third must be seen. */
export function closeRange(values: readonly (number | null)[]): [number, number] {
  const finite = values.filter(
    (value): value is number => value !== null && Number.isFinite(value),
  );
  if (finite.length === 0) return [0, 1];
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  if (!(low > 0.5 * high)) return linearRange(finite);
  const air = Math.max(high - low, 0.02 * high) * 0.2;
  return [low - air, high + air];
}

export function sayTick(value: number): string {
  const power = Math.log10(value);
  return Math.abs(power - Math.round(power)) < 1e-6 ? sayPower(Math.round(power)) : String(value);
}

/** The finding: a peak and a fall where there is one. */
export function sayJourney(points: readonly LlcGroup[]): string {
  const [first] = points;
  const last = points.at(-1);
  if (first === undefined || last === undefined) return '';
  if (last.step === null) return 'λ̂ at each point w*';
  const peak = points.reduce(
    (best, one) => (meanOf(one.llc) > meanOf(best.llc) ? one : best),
    first,
  );
  const fall = 1 - meanOf(last.llc) / meanOf(peak.llc);
  if (peak === last || !(fall > 0.1)) {
    const [from, to] = [sayThree(meanOf(first.llc)), sayThree(meanOf(last.llc))];
    return meanOf(last.llc) > 1.1 * meanOf(first.llc)
      ? `λ̂ climbs from ${from} to ${to} as the loss falls`
      : 'λ̂ through training';
  }
  return (
    `λ̂ peaks at step ${sayCount(peak.step ?? 0)} and falls by ${Math.round(100 * fall)} % ` +
    `by step ${sayCount(last.step)}`
  );
}
