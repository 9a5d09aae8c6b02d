/** The library as a user gets it: `vite build --mode library`, into a folder of the test's own. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build, type Rollup } from 'vite';

const root = fileURLToPath(new URL('../../', import.meta.url));

export interface BuiltLibrary {
  /** Holds cusp.js, or the pages. */
  readonly folder: string;
  remove(): void;
}

export async function buildLibrary(): Promise<BuiltLibrary> {
  const folder = mkdtempSync(join(tmpdir(), 'cusp-library-'));
  await build({
    root,
    configFile: join(root, 'vite.config.ts'),
    mode: 'library',
    logLevel: 'error',
    build: { outDir: folder, emptyOutDir: true, sourcemap: false },
  });
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

/** A script of the pages: what it imports, what it may fetch, and the modules in it, by path from the root of the project. */
export interface BuiltScript {
  readonly imports: readonly string[];
  readonly onDemand: readonly string[];
  readonly modules: readonly string[];
}

export interface BuiltPages extends BuiltLibrary {
  /** By path in the folder. A worker that is bundled apart is not among them. */
  readonly scripts: ReadonlyMap<string, BuiltScript>;
}

/** The demo pages as `npm run build` makes them, in a folder of the test's own. */
export async function buildPages(): Promise<BuiltPages> {
  const folder = mkdtempSync(join(tmpdir(), 'cusp-page-sizes-'));
  const built = await build({
    root: join(root, 'demos'),
    configFile: join(root, 'vite.config.ts'),
    logLevel: 'error',
    build: { outDir: folder, emptyOutDir: true, reportCompressedSize: false },
  });
  const { output } = built as Rollup.RollupOutput;
  const scripts = new Map(
    output.flatMap((file) => {
      if (file.type !== 'chunk') return [];
      const { fileName, imports, dynamicImports, moduleIds } = file;
      const modules = moduleIds.map((id) => (id.startsWith(root) ? id.slice(root.length) : id));
      return [[fileName, { imports, onDemand: dynamicImports, modules }] as const];
    }),
  );
  return { folder, scripts, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
