/**
 * The build of the demo pages, each by itself: its page and its worker share files, two pages share none. Files that several pages use
 * would have to be cut where their needs differ, and in small pieces cost the first visit of each page 8 to 12 kB of 120.
 */
import { rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Rollup } from 'vite';
import { wgsl } from '../wgsl-plugin.ts';
import { planFiles } from './files.ts';
import { FIRST_RUNS, type FirstRun } from './first-runs.ts';
import { workers } from './workers.ts';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const DEMOS = join(ROOT, 'demos');

/** Empties `folder` and writes all pages to it; resolves with what each of them is made of, by the page's path. */
export async function buildPages(folder: string): Promise<Map<string, Rollup.RollupOutput>> {
  await rm(folder, { recursive: true, force: true });
  const built = new Map<string, Rollup.RollupOutput>();
  // Vite would take a relative path from the pages' sources.
  for (const run of FIRST_RUNS) built.set(run.page, await buildPage(run, resolve(folder)));
  return built;
}

async function buildPage(run: FirstRun, folder: string): Promise<Rollup.RollupOutput> {
  const files = planFiles(run, ROOT, DEMOS);
  const output = await build({
    configFile: false,
    root: DEMOS,
    base: './', // pages and workers work from any folder of any host
    logLevel: 'error',
    plugins: [wgsl({ onDemand: true }), workers(), files.plugin],
    worker: { format: 'es', plugins: () => [wgsl()] },
    build: {
      target: 'es2022',
      outDir: folder,
      emptyOutDir: false,
      reportCompressedSize: false,
      assetsInlineLimit: 0, // a data: URL breaks a strict content security policy
      modulePreload: {
        // The polyfill is an inline script where a policy forbids those; es2022 browsers need none.
        polyfill: false,
        // Links for what a script imports on demand want a document, which workers have not.
        resolveDependencies: (_, names, { hostType }) => (hostType === 'js' ? [] : names),
      },
      rolldownOptions: {
        input: join(DEMOS, run.page),
        output: {
          codeSplitting: {
            groups: [{ name: files.nameOf }],
            // Each module has its place; what it imports has its own.
            includeDependenciesRecursively: false,
          },
        },
      },
    },
  });
  return output as Rollup.RollupOutput;
}
