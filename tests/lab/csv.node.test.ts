import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BadCheckpoint } from '../../src/gpu/errors';
import { formatCsv, formatCsvHeader, formatCsvRow } from '../../src/lab/csv';
import { parseCsv } from '../../src/lab/csv-read';

describe('writing', () => {
  test('step first, empty for missing, NaN spelled out', () => {
    const columns = ['step', 'loss', 'accuracy'];
    const rows = [
      [0, 4.7, null],
      [10, 1e-8, NaN],
      [20, Infinity, -0.5],
    ];
    expect(formatCsv({ columns, rows })).toBe(
      'step,loss,accuracy\n0,4.7,\n10,1e-8,NaN\n20,Infinity,-0.5\n',
    );
  });

  test('names are quoted where RFC 4180 asks for it', () => {
    expect(formatCsvHeader(['step', 'a,b', 'say "x"', 'two\nlines'])).toBe(
      'step,"a,b","say ""x""","two\nlines"\n',
    );
  });

  test('refuses a first column other than step, repeated names and ragged rows', () => {
    expect(() => formatCsvHeader(['loss', 'step'])).toThrow(RangeError);
    expect(() => formatCsvHeader(['step', 'a', 'a'])).toThrow(RangeError);
    expect(() => formatCsvRow([1, 2], 3)).toThrow(RangeError);
  });
});

describe('reading', () => {
  const names = fc.uniqueArray(
    fc
      .oneof(fc.string(), fc.constantFrom('', 'a,b', '"', '\n', '\r\n'))
      .filter((name) => name !== 'step'),
    { minLength: 1, maxLength: 4 },
  );
  const cell = fc.oneof(fc.double(), fc.constant(null), fc.constantFrom(-0, 1e21, 5e-324, NaN));

  test('gives back what was written, bit for bit', () => {
    const table = names.chain((columns) =>
      fc.record({
        columns: fc.constant(['step', ...columns]),
        rows: fc.array(
          fc
            .tuple(
              fc.nat(),
              fc.array(cell, { minLength: columns.length, maxLength: columns.length }),
            )
            .map(([step, values]) => [step, ...values]),
        ),
      }),
    );
    fc.assert(
      fc.property(table, (written) => {
        expect(parseCsv(formatCsv(written))).toEqual(written);
      }),
    );
  });

  test('drops the half line of a run that was stopped while writing', () => {
    expect(parseCsv('step,loss\n0,1\n10,0.')).toEqual({
      columns: ['step', 'loss'],
      rows: [[0, 1]],
    });
  });

  test('takes \\r\\n, as a spreadsheet saves it', () => {
    expect(parseCsv('step,loss\r\n0,1\r\n').rows).toEqual([[0, 1]]);
  });

  test.each([
    ['', /line 1: the first column/],
    ['loss,step\n', /line 1: the first column/],
    ['step,a,a\n', /twice/],
    ['step,a\n0,1\n1\n', /line 3: 1 cells in 2/],
    ['step,a\n0,1,2\n', /3 cells/],
    ['step,a\n\n', /line 2/],
    ['step,a\n,1\n', /column step/],
    ['step,a\n0.5,1\n', /whole number/],
    ['step,a\n-1,1\n', /whole number/],
    ['step,a\nNaN,1\n', /whole number/],
    ['step,a\n0,0x10\n', /column a: "0x10" is no number/],
    ['step,a\n0, 1\n', /no number/],
    ['step,a\n0,=1+1\n', /no number/],
    ['step,a\n0,1"2\n', /quote inside/],
    ['step,"a\n0,1\n', /closing quote/],
    ['step,"a"b\n0,1\n', /after a closing quote/],
    ['step,"a\nb"\n0,x\n', /line 3/],
  ])('refuses %j', (text, message) => {
    expect(() => parseCsv(text)).toThrow(BadCheckpoint);
    expect(() => parseCsv(text)).toThrow(message);
  });

  test('100,000 rows in well under a second', () => {
    const row = [1, 0.123456789, null, 4];
    const columns = ['step', 'a', 'b', 'c'];
    const text = formatCsv({ columns, rows: Array.from({ length: 100_000 }, () => row) });
    expect(parseCsv(text).rows.length).toBe(100_000);
  }, 5000);
});
