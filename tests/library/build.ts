/** The library as a user gets it: `vite build --mode cusp` and `--mode core`, into a folder of the test's own. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';

const root = fileURLToPath(new URL('../../', import.meta.url));

export interface BuiltLibrary {
  /** Holds cusp.js and core.js. */
  readonly folder: string;
  remove(): void;
}

export async function buildLibrary(): Promise<BuiltLibrary> {
  const folder = mkdtempSync(join(tmpdir(), 'cusp-library-'));
  for (const mode of ['cusp', 'core']) {
    await build({
      root,
      configFile: join(root, 'vite.config.ts'),
      mode,
      logLevel: 'error',
      build: { outDir: folder, emptyOutDir: mode === 'cusp', sourcemap: false },
    });
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Bytes of a script after gzip. */
export function gzippedSize(path: string): number {
  return gzipSync(readFileSync(path), { level: 9 }).length;
}

/** Bundles `code`, which imports './cusp.js', as a user's own build would: minified, and without what it does not use. */
export async function bundleUser(folder: string, name: string, code: string): Promise<string> {
  const entry = join(folder, `${name}.entry.js`);
  writeFileSync(entry, code);
  // Vite reads the package.json next to a file to learn that it has no side effects; a file of ours says the same.
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ type: 'module', sideEffects: false }),
  );
  await build({
    root: folder,
    configFile: false,
    logLevel: 'error',
    build: {
      outDir: join(folder, name),
      target: 'es2022',
      minify: true,
      rolldownOptions: { input: entry, output: { entryFileNames: 'bundle.js' } },
    },
  });
  return join(folder, name, 'bundle.js');
}
