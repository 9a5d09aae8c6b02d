import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { DRAWN_VIEWS, MEASURE_VIEWS, MEASURES } from '../../src/interp/types';
import { measure } from './measures.example';

const read = (path: string): string =>
  readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const readme = read('src/interp/README.md');

it('shows an example that measures the network of two frequencies', async () => {
  const example = read('tests/interp/measures.example.ts')
    .split('\n')
    .slice(1)
    .join('\n')
    .replaceAll("'../../src/interp/", "'./")
    .replaceAll("'../../src/", "'../");
  const block = /```ts\n([\s\S]*?)```/.exec(readme);
  expect(block?.[1].trim()).toBe(example.trim());
  const scalars = await measure();
  expect(scalars['key_count']).toBe(2);
  expect(scalars['logit_fve']).toBeCloseTo(1, 10);
  expect(scalars['excluded_loss']).toBeCloseTo(Math.log(11), 10);
});

it('has a row for every measure and view', () => {
  const rows = [...readme.matchAll(/^\| ([^|]+)\|/gm)].flatMap(([, cell]) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name),
  );
  const named = [...MEASURES, ...MEASURE_VIEWS, ...DRAWN_VIEWS].filter(
    (name) => !rows.includes(name),
  );
  expect(named).toEqual([]);
});
