import { expect, it } from 'vitest';
import { describeEnvironment } from '../../benches/environment';
import { formatResult } from '../../benches/table';

const seconds = (median: number) => ({ lower: median * 0.9, median, upper: median * 1.1 });

it('aligns columns, leaves out empty ones and compares with the first row', () => {
  const text = formatResult({
    name: 'step',
    title: 'a step',
    unit: 'steps',
    rows: [
      { contender: 'ours', seconds: seconds(0.05), flops: 1e9 },
      { contender: 'a longer name', seconds: seconds(0.2), flops: 1e9 },
      { contender: 'broken', error: 'no adapter' },
    ],
    conclusions: ['ours is faster'],
  });
  const lines = text.split('\n');
  expect(lines[1]).toContain('arithmetic');
  expect(lines[1]).not.toContain('memory');
  expect(lines[2]).toMatch(
    /^ours +50\.0 ms +45\.0 ms … 55\.0 ms +20\.0 steps\/s +20\.0 GFLOP\/s +1\.00×$/,
  );
  expect(lines[3]).toMatch(/^a longer name +200 ms .* 0\.250×$/);
  expect(lines[4]).toMatch(/^broken +failed$/);
  expect(lines[5]).toBe('FAILED broken: no adapter');
  expect(lines[6]).toBe('ours is faster');
  expect(lines[2]!.length).toBe(lines[3]!.length);
});

it('says what a number was measured on', () => {
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
});
