/**
 * `node scripts/bundle.mjs ENTRY KEY`: bundles a script for Node, once for every key (scripts/run-cache.mjs), and prints the
 * folder of the bundle as its last line. Packages stay outside; what a file says of its own place (`import.meta.url`) stays true.
 */
import { rmSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';
import { ENTRY, keepBundle, keyOf, newBundle } from './run-cache.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const [entry, key] = process.argv.slice(2);
const bundle = newBundle();
const sources = new Set();

/** Sources that are not packages: their places, written into the code; their paths, for the cache. */
const places = {
  name: 'cusp:places',
  transform(code, id) {
    const path = id.split('?')[0];
    if (!isAbsolute(path) || path.includes('/node_modules/')) return null;
    sources.add(path);
    if (!code.includes('import.meta.')) return null;
    const known = {
      url: pathToFileURL(path).href,
      dirname: dirname(path),
      filename: path,
    };
    // Lines stay where they are, so the map holds.
    const placed = code.replace(/\bimport\.meta\.(url|dirname|filename)\b/g, (_, name) =>
      JSON.stringify(known[name]),
    );
    return { code: placed, map: null };
  },
};

try {
  await build({
    root,
    configFile: resolve(root, 'scripts/run.config.ts'),
    mode: 'development',
    logLevel: 'error',
    publicDir: false,
    plugins: [places],
    build: {
      ssr: entry,
      target: 'node20',
      minify: false,
      sourcemap: true,
      outDir: bundle,
      rolldownOptions: {
        treeshake: false, // every module is evaluated, as Node would
        output: { entryFileNames: ENTRY, chunkFileNames: '[name]-[hash].mjs' },
      },
    },
  });
  // A source that was edited meanwhile may be in it, new or old: good for this once.
  if (keyOf(entry) === key) keepBundle(key, bundle, [...sources]);
  console.log(bundle);
} catch (error) {
  rmSync(bundle, { recursive: true, force: true });
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
