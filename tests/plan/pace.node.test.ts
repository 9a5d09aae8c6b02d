import { describe, expect, it } from 'vitest';
import { createPace } from '../../src/plan/pace';

/** Submits batches on a device where a step takes `perStep` ms, with a fixed cost per submit. */
function simulate(perStep: number, overhead: number, target: number, limit = 256): number {
  const pace = createPace(target, limit);
  for (let k = 0; k < 50; k++) {
    const steps = pace.steps();
    pace.observe(steps, steps * perStep + overhead);
  }
  return pace.steps();
}

describe('createPace', () => {
  it('starts with one step, before anything was measured', () => {
    expect(createPace(12, 256).steps()).toBe(1);
  });

  it('fills the time it is given', () => {
    const steps = simulate(0.5, 0, 12);
    expect(steps * 0.5).toBeGreaterThan(8);
    expect(steps * 0.5).toBeLessThanOrEqual(16);
  });

  it('takes one step at a time where a step is slow', () => {
    expect(simulate(800, 1, 12)).toBe(1);
  });

  it('never asks for more than the ring holds', () => {
    expect(simulate(0.001, 0, 100, 64)).toBe(64);
  });

  it('keeps far from half a second whatever it is told', () => {
    const pace = createPace(10_000, 1_000_000);
    pace.observe(10, 10);
    expect(pace.steps()).toBeLessThanOrEqual(250);
  });

  it('follows a device that slows down', () => {
    const pace = createPace(12, 256);
    pace.observe(1, 1);
    expect(pace.steps()).toBe(12);
    for (let k = 0; k < 20; k++) pace.observe(pace.steps(), pace.steps() * 6);
    expect(pace.steps()).toBe(2);
  });
});
