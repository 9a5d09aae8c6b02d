/**
 * What a visit of each page costs until its default run is drawn, and until it is done, in kB after gzip: page, styles, icon, scripts, and
 * the worker with what it imports for that run (scripts/pages/first-runs.ts), on a GPU and on a software adapter, which have kernels of
 * their own. For the self-check that is its first row and its last, for benches what is there before the start. Nothing is fetched
 * ahead of a need: figures and the footer of record come when they are less than a quarter of the window away (on a window of 1280 × 800
 * none is at the start; tests/pages/first-visit holds a browser to it), what writes files at a click, checkpoints at the first pause. The
 * stored run that a page shows meanwhile is data and counted apart.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FIRST_RUNS, variantsOf } from '../../scripts/pages/first-runs';
import { gzippedSize } from './build';
import { buildAllPages, type BuiltPages, type BuiltScript } from './build-pages';
import { PAGE_BUDGETS } from './page-budgets';

let pages: BuiltPages;
beforeAll(async () => {
  pages = await buildAllPages();
});
afterAll(() => pages.remove());

it('builds every page, and has a budget for each', () => {
  const sources = readdirSync('demos', { recursive: true, encoding: 'utf8' });
  const names = sources.filter((name) => name.endsWith('.html')).sort();
  expect(FIRST_RUNS.map(({ page }) => page).sort()).toEqual(names);
  expect(names.filter((name) => !existsSync(join(pages.folder, name)))).toEqual([]);
  expect(Object.keys(PAGE_BUDGETS).sort()).toEqual(names);
});

it('has no scripts that import each other in a ring', () => {
  const rings: string[] = [];
  for (const scripts of pages.scripts.values()) {
    const visit = (name: string, path: readonly string[]): void => {
      if (path.includes(name)) rings.push([...path, name].join(' > '));
      else for (const next of scripts.get(name)?.imports ?? []) visit(next, [...path, name]);
    };
    for (const name of scripts.keys()) visit(name, []);
  }
  expect(rings).toEqual([]);
});

it('hands no page the entry of its worker, and the worker nothing that asks for a document', () => {
  for (const { page, worker } of FIRST_RUNS.filter((run) => run.worker !== undefined)) {
    const scripts = pages.scripts.get(page)!;
    const startOf = (entry: string): string =>
      [...scripts].find(([, { modules }]) => modules.includes(entry))![0];
    const ofPage = modulesEverFetched(scripts, startOf(`demos/${page}`));
    const ofWorker = modulesEverFetched(scripts, startOf(worker!));
    expect(ofPage).not.toContain(worker);
    expect(ofWorker.filter((module) => module.startsWith('demos/'))).toEqual([]);
  }
});

const RUNS = FIRST_RUNS.flatMap((run) =>
  variantsOf(run).map((variant) => ({ ...variant, name: `${run.page} ${variant.name}` })),
);

it.each(RUNS)('$name is within its size', ({ page, name, onDemand }) => {
  const fetched = fetchedBy(page, onDemand);
  const sizes = [...fetched].map((file) => [file, kilobytes(file)] as const);
  const own = sizes.filter(([file]) => !file.endsWith('.json'));
  const total = sum(own);
  const stored = sum(sizes) - total;
  console.info(
    [
      `${name}: ${total.toFixed(1)} kB gzipped, and ${stored.toFixed(1)} kB of stored runs`,
      ...own
        .sort((a, b) => b[1] - a[1])
        .map(([file, size]) => `  ${size.toFixed(1).padStart(6)}  ${file}`),
    ].join('\n'),
  );
  const modules = [...fetched].flatMap((name) => scriptsOf(page).get(name)?.modules ?? []);
  expect(modules).toEqual(expect.arrayContaining([...onDemand]));
  expect(total).toBeLessThan(PAGE_BUDGETS[page]);
});

const scriptsOf = (page: string): ReadonlyMap<string, BuiltScript> => pages.scripts.get(page)!;

/**
 * Files that the browser asks for: what the page names, what scripts import, the workers and data whose addresses scripts hold, and of
 * the files fetched on demand only those with a module that is listed.
 */
function fetchedBy(page: string, wanted: readonly string[]): Set<string> {
  const scripts = scriptsOf(page);
  const found = new Set<string>();
  const visit = (name: string): void => {
    if (found.has(name) || !existsSync(join(pages.folder, name))) return;
    found.add(name);
    const { imports = [], onDemand = [] } = scripts.get(name) ?? {};
    const asked = onDemand.filter((other) =>
      scripts.get(other)!.modules.some((module) => wanted.includes(module)),
    );
    for (const next of [...namedIn(name), ...imports, ...asked]) visit(next);
  };
  visit(page);
  return found;
}

/** The modules of all that a script may ever fetch. */
function modulesEverFetched(scripts: ReadonlyMap<string, BuiltScript>, start: string): string[] {
  const found = new Set<string>();
  const visit = (name: string): void => {
    if (found.has(name)) return;
    found.add(name);
    const { imports, onDemand } = scripts.get(name)!;
    for (const next of [...imports, ...onDemand]) visit(next);
  };
  visit(start);
  return [...found].flatMap((name) => scripts.get(name)!.modules);
}

function namedIn(name: string): string[] {
  if (!/\.(?:html|js)$/.test(name)) return [];
  const text = readFileSync(join(pages.folder, name), 'utf8');
  const patterns = name.endsWith('.html')
    ? [/<(?:link|script)\b[^>]*\b(?:href|src)="([^":]+\.(?:css|js|svg))"/g]
    : [
        /\b(?:from|import)\s*[`"'](\.\/[^`"']+\.js)[`"']/g,
        /\bnew URL\(\s*[`"']([^`"']+\.(?:js|json))[`"']/g,
      ];
  return patterns.flatMap((pattern) =>
    [...text.matchAll(pattern)].map(([, path]) => join(dirname(name), path)),
  );
}

function kilobytes(name: string): number {
  return gzippedSize(join(pages.folder, name)) / 1000;
}

function sum(sizes: readonly (readonly [string, number])[]): number {
  return sizes.reduce((total, [, size]) => total + size, 0);
}
