/**
 * What a visit of each page costs until its default run is drawn, in kB after gzip: page, styles, icon, scripts, and the worker with
 * what it imports for that run (scripts/pages-first-runs.ts). The stored run that a page shows meanwhile is data and counted beside.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FIRST_RUNS } from '../../scripts/pages-first-runs';
import { buildPages, gzippedSize, type BuiltPages } from './build';
import { PAGE_BUDGETS, WHOLE_BUDGETS } from './page-budgets';

let pages: BuiltPages;
beforeAll(async () => {
  pages = await buildPages();
});
afterAll(() => pages.remove());

it('has a budget for every page', () => {
  const built = readdirSync(pages.folder, { recursive: true, encoding: 'utf8' });
  const names = built.filter((name) => name.endsWith('.html')).sort();
  expect(Object.keys(PAGE_BUDGETS).sort()).toEqual(names);
  expect(FIRST_RUNS.map(({ page }) => page).sort()).toEqual(names);
});

it('has no scripts that import each other in a ring', () => {
  const rings: string[] = [];
  const visit = (name: string, path: readonly string[]): void => {
    if (path.includes(name)) rings.push([...path, name].join(' > '));
    else for (const next of scriptOf(name).imports) visit(next, [...path, name]);
  };
  for (const name of pages.scripts.keys()) visit(name, []);
  expect(rings).toEqual([]);
});

it('hands no page and no worker the entry of another, and workers nothing that asks for a document', () => {
  const entries = FIRST_RUNS.flatMap(({ page, worker = [] }) => [`demos/${page}`].concat(worker));
  for (const entry of new Set(entries)) {
    const start = [...pages.scripts].find(([, { modules }]) => modules.includes(entry))![0];
    const others = entries.filter((other) => other !== entry);
    const modules = [...everFetchedBy(start)].flatMap((name) => scriptOf(name).modules);
    expect(modules.filter((module) => others.includes(module))).toEqual([]);
    if (!entry.startsWith('demos/'))
      expect(modules.filter((module) => module.startsWith('demos/'))).toEqual([]);
  }
});

const WHOLE = FIRST_RUNS.filter(({ later }) => later !== undefined).map(
  ({ page, onDemand, later = [] }) => ({ page, onDemand: [...onDemand, ...later], whole: true }),
);

it.each([...FIRST_RUNS.map((run) => ({ ...run, whole: false })), ...WHOLE])(
  '$page is within its size, the whole of its run: $whole',
  ({ page, onDemand, whole }) => {
    const fetched = fetchedBy(page, onDemand);
    const sizes = [...fetched].map((name) => [name, kilobytes(name)] as const);
    const own = sizes.filter(([name]) => !name.endsWith('.json'));
    const total = sum(own);
    const stored = sum(sizes) - total;
    console.info(
      [
        `${page}${whole ? ', whole' : ''}: ${total.toFixed(1)} kB gzipped, and ${stored.toFixed(1)} kB of stored runs`,
        ...own
          .sort((a, b) => b[1] - a[1])
          .map(([name, size]) => `  ${size.toFixed(1).padStart(6)}  ${name}`),
      ].join('\n'),
    );
    const modules = [...fetched].flatMap((name) => pages.scripts.get(name)?.modules ?? []);
    expect(modules).toEqual(expect.arrayContaining([...onDemand]));
    expect(total).toBeLessThan((whole ? WHOLE_BUDGETS : PAGE_BUDGETS)[page]);
  },
);

/**
 * Files that the browser asks for: what the page names, what scripts import, the workers and data whose addresses scripts hold, and of
 * the files fetched on demand only those with a module that is listed.
 */
function fetchedBy(page: string, onDemand: readonly string[]): Set<string> {
  const found = new Set<string>();
  const visit = (name: string): void => {
    if (found.has(name) || !existsSync(join(pages.folder, name))) return;
    found.add(name);
    const { imports, onDemand: offered } = scriptOf(name);
    const asked = offered.filter((other) =>
      scriptOf(other).modules.some((module) => onDemand.includes(module)),
    );
    for (const next of [...namedIn(name), ...imports, ...asked]) visit(next);
  };
  visit(page);
  return found;
}

const scriptOf = (
  name: string,
): { imports: readonly string[]; onDemand: readonly string[]; modules: readonly string[] } =>
  pages.scripts.get(name) ?? { imports: [], onDemand: [], modules: [] };

/** All that a script may ever fetch. */
function everFetchedBy(start: string): Set<string> {
  const found = new Set<string>();
  const visit = (name: string): void => {
    if (found.has(name)) return;
    found.add(name);
    const { imports, onDemand } = scriptOf(name);
    for (const next of [...imports, ...onDemand]) visit(next);
  };
  visit(start);
  return found;
}

/** Addresses in a file of the pages, as paths in their folder. */
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
