import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { library, pure } from './scripts/library-plugin.ts';
import { wgsl } from './scripts/wgsl-plugin.ts';

const ROOT = dirname(fileURLToPath(import.meta.url));

/** `vite build --mode library`: dist/cusp.js. Else for the dev server of the pages; scripts/pages builds those. */
export default defineConfig(({ mode }) =>
  mode === 'library'
    ? {
        plugins: [wgsl(), library(), pure()],
        publicDir: false,
        build: {
          target: 'es2022',
          outDir: resolve(ROOT, 'dist'),
          emptyOutDir: true,
          sourcemap: true,
          // Vite leaves whitespace in ES libraries; the map and the types are there for readers.
          rolldownOptions: { output: { minify: true } },
          lib: { entry: join(ROOT, 'src/index.ts'), formats: ['es'], fileName: () => 'cusp.js' },
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
