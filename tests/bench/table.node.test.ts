import { expect, it } from 'vitest';
import { describeEnvironment } from '../../benches/environment';
import { describeCeilings, formatRate, formatResult } from '../../benches/table';
import { ceilings } from './fakes';

const seconds = (median: number) => ({ lower: median * 0.9, median, upper: median * 1.1 });
const result = {
  name: 'step',
  title: 'a step',
  unit: 'steps',
  rows: [
    {
      contender: 'ours',
      ...{ seconds: seconds(0.05), rate: 20, gflops: 20, speed: 1 },
      ...{ fractionOfCeiling: 0.2, boundBy: 'arithmetic' as const },
    },
    { contender: 'a longer name', seconds: seconds(0.2), rate: 5, gflops: 5, speed: 0.25 },
    { contender: 'broken', error: 'no adapter' },
  ],
  conclusions: ['ours is faster'],
};
const control = { speed: { lower: 1.1, median: 1.2, upper: 1.3 }, holds: false };

it('aligns columns, leaves out empty ones and compares with the first row', () => {
  const lines = formatResult(result).split('\n');
  expect(lines[1]).toContain('arithmetic');
  expect(lines[1]).not.toContain('memory');
  expect(lines[2]).toMatch(
    /^ours +50\.0 ms +45\.0 ms … 55\.0 ms +20\.0 steps\/s +20\.0 GFLOP\/s +20 % arith\. +1\.00×$/,
  );
  expect(lines[3]).toMatch(/^a longer name +200 ms .* 0\.250×$/);
  expect(lines[4]).toMatch(/^broken +failed$/);
  expect(lines[5]).toBe('FAILED broken: no adapter');
  expect(lines[6]).toBe('ours is faster');
  expect(lines).toHaveLength(7);
  expect(lines[2].length).toBe(lines[3].length);
});

it('ends with a warning where the control fails, and only there', () => {
  const noisy = formatResult({ ...result, control })
    .split('\n')
    .at(-1);
  expect(noisy).toMatch(/^NOISY: "control: the same again" reads 1\.20× \(1\.10 … 1\.30\)/);
  const fine = formatResult({ ...result, control: { ...control, holds: true } });
  expect(fine).not.toContain('NOISY');
});

it('says in one line why a bench was left out', () => {
  expect(formatResult({ ...result, rows: [], skipped: 'too much' })).toBe(
    'step: a step\nnot run: too much',
  );
});

it('separates thousands of rates', () => {
  expect([1_234_567, 999.4, 0.5].map(formatRate)).toEqual(['1,230,000', '999', '0.500']);
});

it('says what a number was measured on, and what could be reached there', () => {
  const text = describeEnvironment({
    runtime: 'chrome',
    host: 'Chrome/156',
    vendor: 'google',
    architecture: 'swiftshader',
    description: '',
    fallback: true,
    driver: '',
  });
  expect(text).toBe(
    'chrome (Chrome/156); adapter google swiftshader; driver unknown; ' +
      'fallback adapter (software): says little about a GPU',
  );
  expect(describeCeilings(ceilings)).toBe('ceilings: 10.0 GB/s (copy), 100 GFLOP/s (fma)');
  expect(describeCeilings(null)).toContain('could not be measured');
});
