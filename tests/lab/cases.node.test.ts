import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { allCases } from '../../src/lab/check/cases';
import type { Case } from '../../src/lab/check/types';

const files = import.meta.glob<Record<string, unknown>>('../../src/lab/check/cases/*.ts', {
  eager: true,
});

it('runs the cases of every file of the folder', () => {
  const folder = new URL('../../src/lab/check/cases/', import.meta.url);
  expect(Object.keys(files).length).toBe(readdirSync(folder).length);
  const all = new Set(allCases);
  for (const [file, exports] of Object.entries(files)) {
    const lists = Object.entries(exports).filter(([name]) => name.endsWith('Cases'));
    expect(lists.length, file).toBeGreaterThan(0);
    for (const testCase of lists.flatMap(([, list]) => list as readonly Case[])) {
      expect(all.has(testCase), `${file}: ${testCase.op}, ${testCase.name}`).toBe(true);
    }
  }
});
