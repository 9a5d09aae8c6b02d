import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { library, pure } from './scripts/library-plugin.ts';
import { wgsl } from './scripts/wgsl-plugin.ts';

const ROOT = dirname(fileURLToPath(import.meta.url));

/** Files of `dist`, each whole in itself, and what they are made of. */
const LIBRARIES: Readonly<Record<string, string>> = { cusp: 'src/index.ts', core: 'src/core.ts' };

/** `vite build --mode cusp` and `--mode core`: dist/cusp.js, dist/core.js. Else for the dev server of the pages; scripts/pages builds those. */
export default defineConfig(({ mode }) =>
  Object.hasOwn(LIBRARIES, mode)
    ? {
        plugins: [wgsl(), library(join(ROOT, LIBRARIES[mode])), pure()],
        publicDir: false,
        build: {
          target: 'es2022',
          outDir: resolve(ROOT, 'dist'),
          emptyOutDir: mode === 'cusp', // the first of them
          sourcemap: true,
          // Vite leaves whitespace in ES libraries; the map and the types are there for readers.
          rolldownOptions: { output: { minify: true } },
          lib: {
            entry: join(ROOT, LIBRARIES[mode]),
            formats: ['es'],
            fileName: () => `${mode}.js`,
          },
        },
      }
    : {
        plugins: [wgsl({ onDemand: true })],
        worker: { format: 'es', plugins: () => [wgsl()] },
        root: join(ROOT, 'demos'),
        // The pages' sources import src/ and shaders/, one level above their root.
        server: { fs: { allow: [ROOT] } },
      },
);
