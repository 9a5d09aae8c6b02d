/** The demo pages as `npm run build` makes them, in a folder of the test's own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildPages } from '../../scripts/pages/build';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** A script of a page: what it imports, what it may fetch, and the modules in it, by path from the root of the project. */
export interface BuiltScript {
  readonly imports: readonly string[];
  readonly onDemand: readonly string[];
  readonly modules: readonly string[];
}

export interface BuiltPages {
  readonly folder: string;
  /** By the page's path, then by path in the folder. A worker that is bundled apart is not among them. */
  readonly scripts: ReadonlyMap<string, ReadonlyMap<string, BuiltScript>>;
  remove(): void;
}

export async function buildAllPages(): Promise<BuiltPages> {
  const folder = mkdtempSync(join(tmpdir(), 'cusp-page-sizes-'));
  const scripts = new Map<string, ReadonlyMap<string, BuiltScript>>();
  // Relative, as `npm run build` names its folder.
  for (const [page, { output }] of await buildPages(relative('.', folder))) {
    const own = new Map<string, BuiltScript>();
    for (const file of output) {
      if (file.type !== 'chunk') continue;
      const { fileName, imports, dynamicImports, moduleIds } = file;
      const modules = moduleIds.map((id) => (id.startsWith(root) ? id.slice(root.length) : id));
      own.set(fileName, { imports, onDemand: dynamicImports, modules });
    }
    scripts.set(page, own);
  }
  return { folder, scripts, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
