/** From the worker's views to the columns that charts draw: a row per draw. */
import type { Snapshot } from '../shared/session-state';
import type { Columns } from '../shared/series';

/** More lines than this and none can be followed; the mean is over all that were sent. */
const mostStrands = 6;

/** `traces` [n, 1 + chains] as nβ·excess of each chain and their mean, `estimate` [n, 3] as λ̂ and its error. */
export function traceColumns(traces: Snapshot | null, nbeta: number): Columns {
  const [rows = 0, width = 1] = traces?.shape ?? [];
  const steps: number[] = [];
  const excess: number[][] = [];
  const mean: number[][] = [];
  for (let row = 0; row < rows; row++) {
    const at = row * width;
    const draw = traces?.data[at] ?? NaN;
    if (!Number.isFinite(draw) || draw <= (steps.at(-1) ?? -1)) continue;
    const values = Array.from(traces?.data.subarray(at + 1, at + width) ?? [], (x) => nbeta * x);
    const finite = values.filter(Number.isFinite);
    steps.push(draw);
    excess.push(values.slice(0, mostStrands));
    mean.push(finite.length === 0 ? [] : [finite.reduce((sum, x) => sum + x, 0) / finite.length]);
  }
  return {
    steps,
    values: new Map([
      ['excess', excess],
      ['mean', mean],
    ]),
  };
}

export function estimateColumns(estimate: Snapshot | null): Columns {
  const [rows = 0, width = 3] = estimate?.shape ?? [];
  const steps: number[] = [];
  const llc: number[][] = [];
  const error: number[][] = [];
  for (let row = 0; row < rows; row++) {
    const [draw = NaN, value = NaN, spread = NaN] =
      estimate?.data.subarray(row * width, row * width + 3) ?? [];
    if (!Number.isFinite(draw) || !Number.isFinite(value) || draw <= (steps.at(-1) ?? -1)) continue;
    steps.push(draw);
    llc.push([value]);
    error.push(Number.isFinite(spread) ? [spread] : []);
  }
  return {
    steps,
    values: new Map([
      ['llc', llc],
      ['error', error],
    ]),
  };
}
