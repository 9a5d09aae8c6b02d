/**
 * Runs a TypeScript file in Node with `.wgsl` imports:
 *
 *     node scripts/run.mjs path/to/file.ts [arguments…]
 *
 * The file sees its arguments at process.argv[2…], top-level await works, stdout is its own. A thrown
 * error exits 1; process.exitCode is respected. Everything else is Node: fetch, fs, worker_threads; for
 * WebGPU see scripts/dawn.ts.
 */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createServer, createServerModuleRunner } from 'vite';
import { needsLoader, runAgainWithLoader } from './loader.mjs';

const [file, ...args] = process.argv.slice(2);
if (!file) {
  console.error('usage: node scripts/run.mjs path/to/file.ts [arguments…]');
  process.exit(2);
}
if (needsLoader()) process.exit(await runAgainWithLoader());
const path = resolve(file);
process.argv = [process.argv[0], path, ...args];

const root = fileURLToPath(new URL('..', import.meta.url));
const server = await createServer({
  root,
  configFile: resolve(root, 'scripts/run.config.ts'),
  logLevel: 'error',
  clearScreen: false,
  appType: 'custom',
  server: { middlewareMode: true, ws: false, hmr: false, watch: null },
  optimizeDeps: { noDiscovery: true, include: [] },
});
const runner = createServerModuleRunner(server.environments.ssr, { hmr: false });

let failed = false;
try {
  await runner.import(path);
} catch (error) {
  failed = true;
  console.error(error);
}
// The runner stays open until the event loop drains: the file may import more, later.
process.once('beforeExit', () => void server.close());
if (failed) process.exitCode = 1;
