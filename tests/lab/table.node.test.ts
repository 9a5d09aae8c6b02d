import { describe, expect, it } from 'vitest';
import { createTable } from '../../src/lab/table';
import { fillTable } from '../../src/lab/table-fill';

describe('the metric table', () => {
  it('writes a column per metric, and per replica where there are several', () => {
    const one = createTable(['loss', 'accuracy'], 1);
    one.add(0, { loss: [1.5], accuracy: [0.25] });
    expect(one.toCsv()).toBe('step,loss,accuracy\n0,1.5,0.25\n');
    const two = createTable(['loss'], 2);
    two.add(0, { loss: [1, 2] });
    expect(two.toCsv()).toBe('step,loss.0,loss.1\n0,1,2\n');
  });

  it('leaves a cell empty where a metric was not measured', () => {
    const table = createTable(['loss', 'accuracy'], 1);
    table.add(0, { loss: [1] });
    table.add(10, { loss: [0.5], accuracy: [1] });
    table.add(20, { loss: [0.25] });
    expect(table.toCsv()).toBe('step,loss,accuracy\n0,1,\n10,0.5,1\n20,0.25,\n');
    expect(table.last('loss')).toEqual([0.25]);
    expect(table.last('accuracy')).toEqual([1]);
    expect(table.last('unknown')).toBeNull();
  });

  it('reads itself back, bit for bit, up to a step', () => {
    const table = createTable(['loss', 'accuracy'], 2);
    for (const step of [0, 10, 20, 30]) {
      table.add(step, {
        loss: [Math.exp(-step), Math.fround(1 / (step + 3))],
        accuracy: step === 10 ? [] : [0, 1],
      });
    }
    const again = createTable(['loss', 'accuracy'], 2);
    fillTable(again, table.toCsv(), 2, 20);
    expect(again.steps).toEqual([0, 10, 20]);
    expect(again.values['loss']).toEqual(table.values['loss'].slice(0, 3));
    expect(again.values['accuracy']).toEqual([[0, 1], [], [0, 1]]);
    table.truncate(20);
    expect(again.toCsv()).toBe(table.toCsv());
  });

  it('drops what comes after a step', () => {
    const table = createTable(['loss'], 1);
    for (const step of [0, 10, 20]) table.add(step, { loss: [step] });
    table.truncate(30);
    expect(table.steps).toEqual([0, 10, 20]);
    table.truncate(15);
    expect(table.steps).toEqual([0, 10]);
    expect(table.last('loss')).toEqual([10]);
    table.truncate(-1);
    expect(table.steps).toEqual([]);
    expect(table.last('loss')).toBeNull();
  });

  it('ignores columns it does not know', () => {
    const table = createTable(['loss'], 1);
    fillTable(table, 'step,other,loss\n0,7,1\n5,7,\n', 1, 100);
    expect(table.values['loss']).toEqual([[1], []]);
  });

  it('with gaps is filled network by network, in the order of steps', () => {
    const table = createTable(['loss', 'accuracy'], 2, { gaps: true });
    table.add(0, { loss: [3, NaN], accuracy: [0, NaN] });
    table.add(20, { loss: [1, NaN], accuracy: [1, NaN] });
    table.add(0, { loss: [NaN, 4] });
    table.add(10, { loss: [NaN, 2] });
    expect(table.steps).toEqual([0, 10, 20]);
    expect(table.values['loss']).toEqual([
      [3, 4],
      [NaN, 2],
      [1, NaN],
    ]);
    expect(table.last('loss')).toEqual([1, 2]);
    expect(table.last('accuracy')).toEqual([1, NaN]);
    const csv = 'step,loss.0,loss.1,accuracy.0,accuracy.1\n0,3,4,0,\n10,,2,,\n20,1,,1,\n';
    expect(table.toCsv()).toBe(csv);
    const again = createTable(['loss', 'accuracy'], 2, { gaps: true });
    expect(again.last('loss')).toBeNull();
    fillTable(again, csv, 2, Infinity);
    expect(again.toCsv()).toBe(csv);
    again.truncate(10);
    expect(again.steps).toEqual([0, 10]);
  });
});
