/** What the tuner remembers on this machine: a JSON file in the cache, next to the bundles. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TuningStore } from '../../src/tune/store';

const FILE = join(
  fileURLToPath(new URL('../..', import.meta.url)),
  'node_modules/.cache/cusp-tuning/products.json',
);

/** A file that is missing or no JSON is an empty one. */
export function fileStore(file = FILE): TuningStore {
  const read = (): Record<string, string> => {
    try {
      return JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
    } catch {
      return {};
    }
  };
  return {
    get: (key) => read()[key] ?? null,
    set(key, value) {
      mkdirSync(dirname(file), { recursive: true });
      const draft = `${file}.${process.pid}`;
      writeFileSync(draft, JSON.stringify({ ...read(), [key]: value }, null, 1));
      renameSync(draft, file);
    },
  };
}
