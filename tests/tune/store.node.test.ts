/** Places where the tuner remembers. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fileStore } from '../../scripts/lab/tuning-store';
import { memoryStore, storageStore } from '../../src/tune/store';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cusp-tuning-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

it('in a file: another process finds what was kept, and a broken file is an empty one', async () => {
  const file = join(folder, 'new/products.json');
  const store = fileStore(file);
  expect(await store.get('a')).toBeNull();
  await store.set('a', '1');
  await store.set('b', '2');
  expect([await fileStore(file).get('a'), await fileStore(file).get('b')]).toEqual(['1', '2']);
  writeFileSync(file, '{"a": ');
  expect(await store.get('a')).toBeNull();
  await store.set('a', '3');
  expect(await store.get('a')).toBe('3');
});

it('in memory and in what is like localStorage', async () => {
  const values = new Map<string, string>();
  const storage = {
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
  };
  for (const store of [memoryStore(), storageStore(storage)]) {
    expect(await store.get('a')).toBeNull();
    await store.set('a', '1');
    expect(await store.get('a')).toBe('1');
  }
  expect(values.get('a')).toBe('1');
});
