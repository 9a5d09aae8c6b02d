import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import type { UserConfig } from 'vite';
import { library, pure } from './scripts/library-plugin.ts';
import { chunksOf } from './scripts/pages-chunks.ts';
import { FIRST_RUNS } from './scripts/pages-first-runs.ts';
import { pages } from './scripts/pages-plugin.ts';
import { wgsl } from './scripts/wgsl-plugin.ts';

const ROOT = dirname(fileURLToPath(import.meta.url));
const DEMOS = join(ROOT, 'demos');

/** Every demos/**\/index.html is a page, also demos/*.html (embed.html and the like). */
function findPages(): string[] {
  if (!existsSync(DEMOS)) return [];
  return readdirSync(DEMOS, { recursive: true, encoding: 'utf8' })
    .filter((name) => /(^|[\\/])index\.html$|^[^\\/]+\.html$/.test(name))
    .map((name) => join(DEMOS, name))
    .sort();
}

const shared: UserConfig = {
  base: './', // pages and the worker work from any folder of any host
  worker: { format: 'es', plugins: () => [wgsl()] },
};

/** `vite build --mode library`: dist/cusp.js. Without the mode: the pages, to dist/demos/. */
export default defineConfig(({ mode }) => {
  const common = {
    target: 'es2022',
    assetsInlineLimit: 0, // a data: URL breaks a strict content security policy
  };
  if (mode === 'library') {
    return {
      ...shared,
      plugins: [wgsl(), library(), pure()],
      publicDir: false,
      build: {
        ...common,
        outDir: resolve(ROOT, 'dist'),
        emptyOutDir: true,
        sourcemap: true,
        // Vite leaves whitespace in ES libraries; the map and the types are there for readers.
        rolldownOptions: { output: { minify: true } },
        lib: { entry: join(ROOT, 'src/index.ts'), formats: ['es'], fileName: () => 'cusp.js' },
      },
    };
  }
  const chunks = chunksOf(FIRST_RUNS, ROOT, DEMOS);
  return {
    ...shared,
    plugins: [wgsl({ onDemand: true }), pages(), chunks.plugin],
    root: DEMOS,
    // The pages' sources import src/ and shaders/, one level above their root.
    server: { fs: { allow: [ROOT] } },
    build: {
      ...common,
      outDir: resolve(ROOT, 'dist/demos'),
      emptyOutDir: true,
      modulePreload: {
        // The polyfill is an inline script where a policy forbids those; es2022 browsers need none.
        polyfill: false,
        // Links for what a script imports on demand want a document, which workers have not.
        resolveDependencies: (_, files, { hostType }) => (hostType === 'js' ? [] : files),
      },
      rolldownOptions: {
        input: findPages(),
        output: {
          codeSplitting: {
            groups: [{ name: chunks.nameOf }],
            // Each module has its place; what it imports has its own.
            includeDependenciesRecursively: false,
          },
        },
      },
    },
  };
});
