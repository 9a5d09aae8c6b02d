import { describe, expect, it } from 'vitest';
import { CONTROL, runBench, spread } from '../../benches/harness';
import type { BenchContext, Contender, Running, Timing } from '../../benches/harness';
import { judgeControl, shareOfCeiling } from '../../benches/summary';
import { ceilings, facts } from './fakes';

/** A clock that only the contenders move. */
function createClock(): { timing: Timing; pass: (milliseconds: number) => void } {
  let time = 0;
  return {
    timing: { milliseconds: 50, rounds: 6, budgetSeconds: 10, now: () => time },
    pass: (milliseconds) => void (time += milliseconds),
  };
}

const context = { gpu: { adapter: facts } } as BenchContext;
const bench = (contenders: readonly Contender[]) => ({
  name: 'fake',
  title: 'a fake',
  unit: 'runs',
  contenders: async () => contenders,
});
const named = (name: string, running: Partial<Running>, on?: 'cpu'): Contender => ({
  name,
  on,
  prepare: async () => ({ check: async () => {}, run: async () => {}, dispose() {}, ...running }),
});

describe('runBench', () => {
  it('checks first, then runs in turns with samples of at least 50 ms, the first one twice', async () => {
    const { timing, pass } = createClock();
    const calls: string[] = [];
    const fake = (name: string, cost: number): Contender =>
      named(name, {
        check: async () => void calls.push(`check ${name}`),
        run: async (n) => {
          calls.push(name);
          pass(n * cost);
        },
        dispose: () => void calls.push(`dispose ${name}`),
      });
    const { rows, control } = await runBench(bench([fake('a', 2), fake('b', 80)]), context, {
      timing,
    });
    expect(rows.map(({ contender }) => contender)).toEqual(['a', CONTROL, 'b']);
    expect(rows[0].n! * 2).toBeGreaterThanOrEqual(50);
    expect(rows[2].n).toBe(1);
    expect(rows[0].seconds!.median).toBeCloseTo(0.002, 9);
    expect(rows[2].seconds).toEqual({ lower: 0.08, median: 0.08, upper: 0.08 });
    expect(rows[2].speed).toBeCloseTo(1 / 40, 9);
    expect(control).toEqual({ speed: { lower: 1, median: 1, upper: 1 }, holds: true });
    expect(calls.indexOf('check a')).toBeLessThan(calls.indexOf('a'));
    const rounds = calls.slice(calls.lastIndexOf('check b') + 2, -3);
    const orders = Array.from({ length: 6 }, (_, k) => rounds.slice(3 * k, 3 * k + 3).join(''));
    for (const order of orders) expect([...order].sort().join('')).toBe('aab');
    expect(new Set(orders).size).toBeGreaterThan(1);
    expect(calls.slice(-3)).toEqual(['dispose a', 'dispose a', 'dispose b']);
  });

  it('keeps a wrong contender out of the rounds and says why', async () => {
    const { timing, pass } = createClock();
    let runs = 0;
    const wrong = named('wrong', {
      check: () => Promise.reject(new Error('off by one')),
      run: async () => void runs++,
    });
    const right = named('right', { run: async (n) => pass(60 * n) });
    const { rows } = await runBench(bench([right, wrong]), context, { timing });
    expect(rows[2]).toMatchObject({ contender: 'wrong', error: 'off by one', fallback: true });
    expect(rows[2]).not.toHaveProperty('seconds');
    expect(rows[0].samples).toHaveLength(6);
    expect(runs).toBe(0);
  });

  it('lets a slow contender sit out after its third sample', async () => {
    const { timing, pass } = createClock();
    const taking = (name: string, cost: number): Contender =>
      named(name, { run: async (n) => pass(n * cost) });
    const { rows } = await runBench(bench([taking('fast', 100), taking('slow', 9000)]), context, {
      timing,
    });
    expect(rows.map(({ samples }) => samples!.length)).toEqual([6, 6, 3]);
  });

  it('names the adapter in every row and counts rates, speeds and shares of the ceilings', async () => {
    const { timing, pass } = createClock();
    const counted = { flops: 2e9, bytes: 0.4e9, items: 5, run: async (n: number) => pass(100 * n) };
    const { rows } = await runBench(
      bench([named('gpu', counted), named('loop', counted, 'cpu')]),
      context,
      { timing, ceilings },
    );
    expect(rows[0]).toMatchObject({ adapter: 'v a', fallback: true, on: 'adapter', rate: 50 });
    expect(rows[0].gflops).toBeCloseTo(20, 9);
    expect(rows[0].gbs).toBeCloseTo(4, 9);
    // 0.2 of the arithmetic, 0.4 of the memory.
    expect(rows[0].fractionOfCeiling).toBeCloseTo(0.4, 9);
    expect(rows[0].boundBy).toBe('memory');
    expect(rows[2]).toMatchObject({ adapter: 'v a', fallback: true, on: 'cpu', speed: 1 });
    expect(rows[2]).not.toHaveProperty('fractionOfCeiling');
  });

  it('ends the rounds early when told to, with what was measured', async () => {
    const { timing, pass } = createClock();
    const stop = new AbortController();
    let runs = 0;
    const run = async (n: number): Promise<void> => {
      pass(60 * n);
      if (++runs === 5) stop.abort();
    };
    const { rows } = await runBench(bench([named('a', { run })]), context, {
      timing,
      signal: stop.signal,
    });
    expect(rows.map(({ samples }) => samples!.length)).toEqual([2, 2]);
  });
});

describe('the control', () => {
  it('holds when it reads 1.0, or when its spread holds 1', () => {
    expect(judgeControl([1, 1, 1, 1, 1], [1.02, 1.03, 1.02, 1.04, 1.02])!.holds).toBe(true);
    expect(judgeControl([1, 1.5, 1, 1, 1.4], [1.2, 1.2, 1.3, 0.9, 1.2])!.holds).toBe(true);
  });

  it('fails when one of two equals is faster', () => {
    const { speed, holds } = judgeControl([1, 1, 1, 1, 1], [0.8, 0.8, 0.81, 0.79, 0.8])!;
    expect(speed.median).toBeCloseTo(1.25, 9);
    expect(holds).toBe(false);
    expect(judgeControl([1, 1, 1], [0.8, 0.9, 0.7])!.holds).toBe(false);
  });

  it('fails when its spread holds 1 only because it is that wide', () => {
    expect(judgeControl([1, 2, 9], [1.1, 1, 2])!.holds).toBe(false);
  });

  it('compares round by round, so that a slow round counts for nothing', () => {
    expect(judgeControl([1, 5, 1, 1, 1], [1, 5, 1, 1, 1])!.speed.upper).toBe(1);
  });

  it('says nothing without samples', () => {
    expect(judgeControl([], [1])).toBeUndefined();
  });
});

describe('shares of the ceilings', () => {
  it('are those of whatever bounds the work', () => {
    expect(shareOfCeiling({ gflops: 50, gbs: 1 }, ceilings)).toEqual({
      fractionOfCeiling: 0.5,
      boundBy: 'arithmetic',
    });
    expect(shareOfCeiling({ gbs: 9 }, ceilings)).toEqual({
      fractionOfCeiling: 0.9,
      boundBy: 'memory',
    });
  });

  it('are absent where nothing was counted or no ceiling is known', () => {
    expect(shareOfCeiling({}, ceilings)).toEqual({});
    expect(shareOfCeiling({ gflops: 1 }, null)).toEqual({});
  });
});

describe('spread', () => {
  it('interpolates quartiles of unsorted samples', () => {
    expect(spread([4, 1, 3, 2])).toEqual({ lower: 1.75, median: 2.5, upper: 3.25 });
    expect(spread([7])).toEqual({ lower: 7, median: 7, upper: 7 });
  });
});
