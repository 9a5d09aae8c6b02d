/** Set-up of the project `pages`: builds the demo pages once for all its files, and the test doubles of the worker. */
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { build } from 'vite';
import type { TestProject } from 'vitest/node';

const root = fileURLToPath(new URL('../../', import.meta.url));

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
  const folder = built ?? (await buildPages());
  project.provide('pages', folder);
  project.provide('doubles', await readDoubles());
  return async () => {
    if (built === undefined) await rm(folder, { recursive: true, force: true });
  };
}

async function buildPages(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'cusp-pages-'));
  await build({
    root: join(root, 'demos'),
    configFile: join(root, 'vite.config.ts'),
    logLevel: 'error',
    build: { outDir: folder, emptyOutDir: true },
  });
  return folder;
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
