/** What is kept of the chains: draws after burn-in, held rows left out, lost chains, and going back to a mark. */
import { describe, expect, it } from 'vitest';
import { SAMPLER_METRICS } from '../../../src/optim/sampler/options';
import { createRecorder, type Recorder } from '../../../src/slt/sampling/recorder';

const CHAINS = 2;
const WIDTH = SAMPLER_METRICS.length * CHAINS;

/** Row s of chain c has loss s + c/10, squared distance 10·s + c, acceptance ½ and x = s. */
function rowsFrom(first: number, count: number, lost = Infinity): Float64Array {
  const rows = new Float64Array(count * WIDTH);
  for (let k = 0; k < count; k++) {
    const step = first + k;
    const put = (metric: (typeof SAMPLER_METRICS)[number], value: (chain: number) => number) => {
      for (let chain = 0; chain < CHAINS; chain++)
        rows[k * WIDTH + SAMPLER_METRICS.indexOf(metric) * CHAINS + chain] = value(chain);
    };
    put('loss', (chain) => (chain === 1 && step >= lost ? NaN : step + chain / 10));
    put('distance2', (chain) => 10 * step + chain);
    put('acceptance', () => 0.5);
    put('x', () => step);
  }
  return rows;
}

const make = (changes: Partial<Parameters<typeof createRecorder>[0]> = {}): Recorder =>
  createRecorder({
    chains: CHAINS,
    rows: 20,
    burnin: 5,
    every: 1,
    heldEvery: 0,
    pathChains: [0],
    keepDistances: true,
    ...changes,
  });

const summary = (recorder: Recorder) => ({
  rows: recorder.rows,
  traces: recorder.traces(0, CHAINS),
  distance: [0, 1].map((chain) => recorder.sum('distance2', chain)),
  draws: [0, 1].map((chain) => recorder.draws(chain)),
  acceptance: recorder.acceptance(0, CHAINS),
});

describe('a recorder', () => {
  it('keeps every loss and sums what comes after burn-in', () => {
    const recorder = make();
    recorder.take(0, 1, 12, rowsFrom(0, 12));
    expect(recorder.rows).toBe(12);
    const { draws, excess } = recorder.traces(0, CHAINS);
    expect(draws).toBe(7);
    expect(excess[0]).toBe(5);
    expect(recorder.sum('distance2', 0)).toBe(10 * (5 + 6 + 7 + 8 + 9 + 10 + 11));
    expect(recorder.acceptance(0, CHAINS)).toBe(0.5);
    expect([...recorder.path(0).subarray(0, 4)]).toEqual([0, 0, 1, 0]);
  });

  it('takes every so many steps where rows come at every step', () => {
    const recorder = make({ every: 3, rows: 10, burnin: 0 });
    recorder.take(0, 1, 8, rowsFrom(0, 8));
    recorder.take(8, 1, 2, rowsFrom(8, 2));
    expect(recorder.rows).toBe(4);
    expect([...recorder.traces(0, 1).excess]).toEqual([0, 3, 6, 9]);
  });

  it('leaves out the rows whose batch was held, but for their acceptance', () => {
    const recorder = make({ heldEvery: 4, burnin: 0 });
    recorder.take(0, 1, 9, rowsFrom(0, 9));
    const { excess } = recorder.traces(0, 1);
    expect([0, 4, 8].map((row) => Number.isNaN(excess[row]))).toEqual([false, true, true]);
  });

  it('gives a chain up at its first number that is not finite, and goes on with the others', () => {
    const recorder = make();
    recorder.take(0, 1, 12, rowsFrom(0, 12, 8));
    expect(recorder.diverged).toEqual([null, 8]);
    expect(recorder.traces(0, CHAINS).alive).toEqual([true, false]);
    expect(recorder.draws(0)).toBe(7);
    expect(recorder.draws(1)).toBe(3);
  });

  it('goes back to a mark, made before or after its rows came, as if later rows had not been', () => {
    const once = make();
    once.take(0, 1, 9, rowsFrom(0, 9));
    const before = make();
    before.mark(9);
    before.take(0, 1, 15, rowsFrom(0, 15, 12));
    before.truncate(9);
    expect(summary(before)).toEqual(summary(once));
    const after = make();
    after.take(0, 1, 9, rowsFrom(0, 9));
    after.mark(9);
    after.take(9, 1, 6, rowsFrom(9, 6));
    after.truncate(9);
    expect(summary(after)).toEqual(summary(once));
    expect(after.diverged).toEqual([null, null]);
  });

  it('saves the state at its mark, from which another goes on to the same end', () => {
    const whole = make();
    whole.take(0, 1, 20, rowsFrom(0, 20, 17));
    const first = make();
    first.mark(9);
    first.take(0, 1, 12, rowsFrom(0, 12));
    const second = make();
    second.restore(first.save(), 9);
    expect(second.rows).toBe(9);
    second.take(9, 1, 11, rowsFrom(9, 11, 17));
    expect(summary(second)).toEqual(summary(whole));
  });
});
