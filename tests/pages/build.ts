/** Set-up of the project `pages`: builds the demo pages once for all its files, and the test doubles of the worker. */
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import type { TestProject } from 'vitest/node';
import { buildPages } from '../../scripts/pages/build';

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder of the built pages. */
    pages: string;
    /** Scripts of the doubles by the name of their source. */
    doubles: Record<string, string>;
  }
}

/** Builds unless `CUSP_PAGES` names a folder with pages built before. Resolves with the way to clean up. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const built = process.env['CUSP_PAGES'];
  const folder = built ?? (await mkdtemp(join(tmpdir(), 'cusp-pages-')));
  if (built === undefined) await buildPages(folder);
  project.provide('pages', folder);
  project.provide('doubles', await readDoubles());
  return async () => {
    if (built === undefined) await rm(folder, { recursive: true, force: true });
  };
}

/** The doubles as the browser runs them: they import only types, so dropping them is all. */
async function readDoubles(): Promise<Record<string, string>> {
  const names = (await readdir(new URL('.', import.meta.url))).filter((name) =>
    name.startsWith('double'),
  );
  const { ModuleKind, ScriptTarget } = ts;
  const compilerOptions = { module: ModuleKind.ESNext, target: ScriptTarget.ES2022 };
  const scripts = names.map(async (name) => {
    const source = await readFile(new URL(name, import.meta.url), 'utf8');
    return [name, ts.transpileModule(source, { compilerOptions }).outputText] as const;
  });
  return Object.fromEntries(await Promise.all(scripts));
}
