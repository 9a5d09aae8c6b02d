/** IndexedDB, as pages and workers remember. */
import { expect, it } from 'vitest';
import { databaseStore } from '../../src/tune/store';

it('finds what was kept, through another connection too', async () => {
  const name = `cusp-tuning-test-${performance.now()}`;
  const store = databaseStore(name);
  expect(await store.get('a')).toBeNull();
  await store.set('a', '1');
  await store.set('a', '2');
  expect(await store.get('a')).toBe('2');
  expect(await databaseStore(name).get('a')).toBe('2');
});
