import { describe, expect, it } from 'vitest';
import { interpret } from '../../src/graph/reference';
import { applyMask } from '../../src/prune';
import { masked, narrowed, updates } from './masked';

const STEPS = 100;

describe.each(Object.entries(updates))('training under a mask, %s', (_, update) => {
  it('is the training of the smaller network', async () => {
    const run = async (hidden: number) => {
      const { spec } = narrowed(hidden, 6, update());
      const program = interpret(spec);
      const { rows } = await program.advance(STEPS);
      return { rows, start: spec.start!, ...(await program.save()) };
    };
    const small = await run(6);
    const large = await run(16);
    expect(small.rows[STEPS - 1]).toBeLessThan(small.rows[0]);
    large.rows.forEach((loss, step) => expect(loss).toBeCloseTo(small.rows[step], 12));
    const nonzero = (all: Float32Array): number[] => [...all].filter((value) => value !== 0);
    expect(nonzero(large.start)).toEqual(nonzero(small.start));
    const ends = nonzero(large.parameters);
    expect(ends).toHaveLength(nonzero(small.parameters).length);
    nonzero(small.parameters).forEach((value, k) => expect(ends[k]).toBeCloseTo(value, 6));
  });

  it('holds masked weights and their state at exactly 0, decay and all', async () => {
    const { spec, masks } = masked([0, 1], update());
    const program = interpret(spec);
    await program.advance(STEPS);
    const { parameters, state } = await program.save();
    for (const values of [parameters, ...Object.values(state)]) {
      expect(values).toEqual(applyMask(values, masks));
    }
    expect(parameters.filter((value) => value !== 0).length).toBe(
      masks.reduce((sum, bit) => sum + bit, 0),
    );
  });

  it('gives masks side by side the bits of masks alone', async () => {
    const run = async (lanes: readonly number[]): Promise<Float32Array> => {
      const program = interpret(masked(lanes, update()).spec);
      await program.advance(20);
      return (await program.save()).parameters;
    };
    const together = await run([0, 1, 2]);
    const alone = await Promise.all([0, 1, 2].map((lane) => run([lane])));
    alone.forEach((parameters, k) =>
      expect(together.subarray(k * parameters.length, (k + 1) * parameters.length)).toEqual(
        parameters,
      ),
    );
    expect(alone[0]).not.toEqual(alone[1]);
  });
});
