/**
 * Runs a TypeScript file in Node with `.wgsl` imports:
 *
 *     node scripts/run.mjs path/to/file.ts [arguments…]
 *
 * The file sees its arguments at process.argv[2…], top-level await works, stdout is its own. A thrown
 * error exits 1; process.exitCode is respected. Everything else is Node: fetch, fs, worker_threads; for
 * WebGPU see scripts/dawn.ts. The file is bundled (scripts/bundle.mjs) when a source has changed since it last was.
 */
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { needsLoader, runAgainWithLoader } from './loader.mjs';
import { ENTRY, findBundle, holdBundle, keyOf } from './run-cache.mjs';

const [file, ...args] = process.argv.slice(2);
if (!file) {
  console.error('usage: node scripts/run.mjs path/to/file.ts [arguments…]');
  process.exit(2);
}
if (needsLoader()) process.exit(await runAgainWithLoader());
const path = resolve(file);
const key = keyOf(path);
const bundle = findBundle(key) ?? makeBundle();
holdBundle(bundle);

process.argv = [process.argv[0], path, ...args];
process.setSourceMapsEnabled(true);
try {
  await import(pathToFileURL(join(bundle, ENTRY)).href);
} catch (error) {
  console.error(error);
  process.exitCode = 1;
}

/** In a process of its own: the bundler's memory and settings are not the script's. */
function makeBundle() {
  const script = fileURLToPath(new URL('bundle.mjs', import.meta.url));
  const stdio = ['ignore', 'pipe', 'inherit'];
  const made = spawnSync(process.execPath, [script, path, key], { stdio, encoding: 'utf8' });
  if (made.status !== 0) process.exit(1); // it has said why
  return made.stdout.trimEnd().split('\n').at(-1);
}
