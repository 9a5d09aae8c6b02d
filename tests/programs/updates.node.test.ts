/** What an update may ask of a program besides gradients: scalars, metrics of its own, another loss, another start. */
import { describe, expect, it } from 'vitest';
import { interpret } from '../../src/graph/reference';
import type { ProgramSpec } from '../../src/graph/program';
import { counting, draws } from './updates';

const start = Float32Array.of(1, 2, 0, 0, -3, NaN, 0, 0);

describe('an update with scalars and metrics of its own', () => {
  const spec = (): ProgramSpec => counting({ start });

  it('records them behind the traced ones, and sees the observed loss', async () => {
    const program = interpret(spec());
    expect(program.metrics).toEqual(['sum', 'count', 'seen']);
    const { rows } = await program.advance(2);
    // Each step adds 1 to every parameter; the observed loss is twice their sum.
    expect([...rows]).toEqual([3, NaN, 1, 1, 6, NaN, 5, NaN, 2, 2, 10, NaN]);
  });

  it('saves and restores them', async () => {
    const first = interpret(spec());
    await first.advance(3);
    const snapshot = await first.save();
    expect(snapshot.scalars).toEqual({ count: Float32Array.of(3, 3) });
    const second = interpret(spec());
    second.restore(snapshot);
    const { rows } = await second.advance(1);
    expect([...rows]).toEqual([9, NaN, 4, 4, 18, NaN]);
  });

  it('is refused a start of another length, and a metric of a name that is taken', () => {
    expect(() => interpret({ ...spec(), start: new Float32Array(4) })).toThrow(
      'start: 4 values; 2 replicas of 4 parameters, padding included, are 8',
    );
    const { training, ...rest } = spec();
    const metrics = { count: training!.metrics['sum'] };
    expect(() => interpret({ ...rest, training: { ...training!, metrics } })).toThrow(
      'metrics.count: the update records a metric of this name',
    );
  });
});

describe('random integers', () => {
  it('may be one draw for all replicas, and may come again in the step after', async () => {
    const { rows } = await interpret(draws()).advance(7);
    const at = (step: number, metric: number, r: number): number =>
      rows[(step * 3 + metric) * 2 + r];
    for (let step = 0; step < 7; step++) {
      expect(at(step, 0, 0)).not.toBe(at(step, 0, 1)); // own
      expect(at(step, 1, 0)).toBe(at(step, 1, 1)); // shared
      const again = step > 0 && step % 3 === 0;
      if (step > 0) expect(at(step, 2, 0) === at(step - 1, 2, 0)).toBe(again); // held
      if (step > 0) expect(at(step, 1, 0)).not.toBe(at(step - 1, 1, 0));
    }
  });

  it('refuse to be held at every step', () => {
    expect(() => draws(1)).toThrow('held 1; give 0 or 2');
  });
});
