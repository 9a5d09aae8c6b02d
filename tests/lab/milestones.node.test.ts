import { describe, expect, it } from 'vitest';
import { watchMilestones } from '../../src/lab/milestones';

const lines = [
  { name: 'memorised', metric: 'train_accuracy', atLeast: 0.99 },
  { name: 'generalised', metric: 'test_accuracy', atLeast: 0.99 },
];

describe('milestones', () => {
  it('report the first step at which each replica reaches the line, and only that', () => {
    const watch = watchMilestones(lines);
    expect(watch.observe(0, 'train_accuracy', [0.2, 0.98])).toEqual([]);
    expect(watch.observe(5, 'train_accuracy', [0.99, 0.5])).toEqual([
      { name: 'memorised', step: 5, replica: 0 },
    ]);
    expect(watch.observe(6, 'train_accuracy', [1, 1])).toEqual([
      { name: 'memorised', step: 6, replica: 1 },
    ]);
    expect(watch.observe(7, 'train_accuracy', [1, 1])).toEqual([]);
    expect(watch.events.length).toBe(2);
  });

  it('listen to their own metric, and take no NaN for an arrival', () => {
    const watch = watchMilestones(lines);
    expect(watch.observe(1, 'train_loss', [5])).toEqual([]);
    expect(watch.observe(1, 'test_accuracy', [NaN])).toEqual([]);
    expect(watch.observe(2, 'test_accuracy', Float32Array.of(1))).toEqual([
      { name: 'generalised', step: 2, replica: 0 },
    ]);
  });

  it('go on from earlier events and forget what is to happen again', () => {
    const watch = watchMilestones(lines, [{ name: 'memorised', step: 40, replica: 0 }]);
    expect(watch.observe(50, 'train_accuracy', [1])).toEqual([]);
    watch.add({ name: 'diverged', step: 60, replica: 0 });
    watch.truncate(40);
    expect(watch.events).toEqual([{ name: 'memorised', step: 40, replica: 0 }]);
    watch.truncate(39);
    expect(watch.observe(50, 'train_accuracy', [1])).toEqual([
      { name: 'memorised', step: 50, replica: 0 },
    ]);
  });

  it('fall to a line as well as rise to one', () => {
    const watch = watchMilestones([{ name: 'low', metric: 'loss', atMost: 0.1 }]);
    expect(watch.observe(1, 'loss', [0.2, NaN])).toEqual([]);
    expect(watch.observe(2, 'loss', [0.1, 0.3])).toEqual([{ name: 'low', step: 2, replica: 0 }]);
  });

  it('wait for another event of the same replica, which the same step may bring in any order', () => {
    const chain = [
      { name: 'third', metric: 'c', atLeast: 1, after: 'second' },
      { name: 'second', metric: 'b', atLeast: 1, after: 'first' },
      { name: 'first', metric: 'a', atLeast: 1 },
    ];
    const rows = [
      { a: [1, 0], b: [1, 1], c: [1, 1] },
      { c: [1, 1], b: [1, 1], a: [1, 0] },
    ];
    for (const row of rows) {
      const watch = watchMilestones(chain);
      const found = watch.observeRow(7, row);
      expect(found.map(({ name, replica }) => `${name} ${replica}`).sort()).toEqual([
        'first 0',
        'second 0',
        'third 0',
      ]);
      expect(watch.observeRow(8, row)).toEqual([]);
      expect(watch.observeRow(9, { a: [0, 1] })).toEqual([{ name: 'first', step: 9, replica: 1 }]);
    }
  });
});
