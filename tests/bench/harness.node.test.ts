import { describe, expect, it } from 'vitest';
import { runBench, spread } from '../../benches/harness';
import type { BenchContext, Contender, Timing } from '../../benches/harness';

/** A clock that only the contenders move. */
function createClock(): { timing: Timing; pass: (milliseconds: number) => void } {
  let time = 0;
  return {
    timing: { milliseconds: 50, rounds: 6, budgetSeconds: 10, now: () => time },
    pass: (milliseconds) => void (time += milliseconds),
  };
}

const context = { peers: false } as BenchContext;
const bench = (contenders: readonly Contender[]) => ({
  name: 'fake',
  title: 'a fake',
  unit: 'runs',
  contenders: async () => contenders,
});

describe('runBench', () => {
  it('checks first, then runs in turns with samples of at least 50 ms', async () => {
    const { timing, pass } = createClock();
    const calls: string[] = [];
    const fake = (name: string, cost: number): Contender => ({
      name,
      prepare: async () => ({
        check: async () => void calls.push(`check ${name}`),
        run: async (n) => {
          calls.push(name);
          pass(n * cost);
        },
        dispose: () => void calls.push(`dispose ${name}`),
      }),
    });
    const { rows } = await runBench(
      bench([fake('a', 2), fake('b', 80)]),
      context,
      undefined,
      timing,
    );
    expect(rows.map(({ contender }) => contender)).toEqual(['a', 'b']);
    expect(rows[0]!.n! * 2).toBeGreaterThanOrEqual(50);
    expect(rows[1]!.n).toBe(1);
    expect(rows[0]!.seconds!.median).toBeCloseTo(0.002, 9);
    expect(rows[1]!.seconds).toEqual({ lower: 0.08, median: 0.08, upper: 0.08 });
    expect(calls.indexOf('check a')).toBeLessThan(calls.indexOf('a'));
    const rounds = calls.slice(calls.lastIndexOf('check b') + 2, -2);
    expect(rounds.join('')).toBe('abbaabbaabba');
    expect(calls.slice(-2)).toEqual(['dispose a', 'dispose b']);
  });

  it('keeps a wrong contender out of the rounds and says why', async () => {
    const { timing, pass } = createClock();
    let runs = 0;
    const wrong: Contender = {
      name: 'wrong',
      prepare: async () => ({
        check: () => Promise.reject(new Error('off by one')),
        run: async () => void runs++,
        dispose: () => {},
      }),
    };
    const right: Contender = {
      name: 'right',
      prepare: async () => ({
        check: async () => {},
        run: async (n) => pass(60 * n),
        dispose: () => {},
      }),
    };
    const { rows } = await runBench(bench([wrong, right]), context, undefined, timing);
    expect(rows[0]).toEqual({ contender: 'wrong', error: 'off by one' });
    expect(rows[1]!.samples).toHaveLength(6);
    expect(runs).toBe(0);
  });

  it('lets a slow contender sit out after its third sample', async () => {
    const { timing, pass } = createClock();
    const taking = (name: string, cost: number): Contender => ({
      name,
      prepare: async () => ({
        check: async () => {},
        run: async (n) => pass(n * cost),
        dispose() {},
      }),
    });
    const { rows } = await runBench(
      bench([taking('fast', 100), taking('slow', 9000)]),
      context,
      undefined,
      timing,
    );
    expect(rows.map(({ samples }) => samples!.length)).toEqual([6, 3]);
  });
});

describe('spread', () => {
  it('interpolates quartiles of unsorted samples', () => {
    expect(spread([4, 1, 3, 2])).toEqual({ lower: 1.75, median: 2.5, upper: 3.25 });
    expect(spread([7])).toEqual({ lower: 7, median: 7, upper: 7 });
  });
});
