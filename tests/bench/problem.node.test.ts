import { describe, expect, it } from 'vitest';
import { createProblem, shape, stepFlops, weightNames } from '../../benches/peers/problem';

describe('the step every library is timed on', () => {
  const problem = createProblem(3);

  it('has the 226,816 weights of the paper, none of them zero', () => {
    const all = weightNames.flatMap((name) => [...problem.weights[name]]);
    expect(all).toHaveLength(226_816);
    expect(all.every((value) => value !== 0 && Number.isFinite(value))).toBe(true);
    const embed = problem.weights.embed;
    const square = embed.reduce((sum, value) => sum + value * value, 0) / embed.length;
    expect(square * shape.width).toBeCloseTo(1, 1);
  });

  it('has 512 different rows a, b, = with the sum as target', () => {
    const rows = Array.from({ length: shape.batch }, (_, i) => [
      ...problem.tokens.subarray(3 * i, 3 * i + 3),
    ]);
    expect(new Set(rows.map(String)).size).toBe(512);
    rows.forEach(([a, b, equals], i) => {
      expect(equals).toBe(113);
      expect(problem.targets[i]).toBe((a! + b!) % 113);
    });
  });

  it('is the same for the same seed only', () => {
    expect(createProblem(3)).toEqual(problem);
    expect(createProblem(4).weights.embed).not.toEqual(problem.weights.embed);
  });

  it('counts arithmetic as the published table does for the full training set', () => {
    // 14.6 and 6.4 GFLOP at 3,830 rows.
    const scale = 3830 / shape.batch / 1e9;
    expect(stepFlops('all positions') * scale).toBeCloseTo(14.6, 0);
    expect(stepFlops('last position') * scale).toBeCloseTo(6.4, 0);
  });
});
