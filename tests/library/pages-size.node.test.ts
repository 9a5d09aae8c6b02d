/**
 * What a visit of each page costs until its default run is drawn, in kB after gzip: page, styles, icon, scripts, and the worker with
 * what it imports for that run on a GPU (scripts/pages-first-runs.ts; a software adapter takes `quads` in place of `teams`). For the
 * self-check that is its first row, for benches what is there before the start. Nothing is fetched ahead of a need after that: figures and
 * the footer of record come when they are less than a quarter of the window away (on a window of 1280 × 800 none is at the start;
 * tests/pages/first-visit holds a browser to it), what writes files at a click, checkpoints at the first pause. Beside it, what a run
 * fetches until it is done. The stored run that a page shows meanwhile is data and counted apart.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FIRST_RUNS, onSoftware, untilDone } from '../../scripts/pages-first-runs';
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

const RUNS = [
  ...FIRST_RUNS.map((run) => ({ ...run, name: run.page, budget: PAGE_BUDGETS[run.page] })),
  ...FIRST_RUNS.flatMap((run) => {
    const software = onSoftware(run);
    const name = `${run.page} on a software adapter`;
    return software ? [{ ...software, name, budget: PAGE_BUDGETS[run.page] }] : [];
  }),
  ...FIRST_RUNS.flatMap((run) => {
    const whole = untilDone(run);
    const name = `${run.page} until its run is done`;
    return whole ? [{ ...whole, name, budget: WHOLE_BUDGETS[run.page] }] : [];
  }),
];

it.each(RUNS)('$name is within its size', ({ page, name: run, budget, onDemand }) => {
  const fetched = fetchedBy(page, onDemand);
  const sizes = [...fetched].map((name) => [name, kilobytes(name)] as const);
  const own = sizes.filter(([name]) => !name.endsWith('.json'));
  const total = sum(own);
  const stored = sum(sizes) - total;
  console.info(
    [
      `${run}: ${total.toFixed(1)} kB gzipped, and ${stored.toFixed(1)} kB of stored runs`,
      ...own
        .sort((a, b) => b[1] - a[1])
        .map(([name, size]) => `  ${size.toFixed(1).padStart(6)}  ${name}`),
    ].join('\n'),
  );
  const modules = [...fetched].flatMap((name) => pages.scripts.get(name)?.modules ?? []);
  expect(modules).toEqual(expect.arrayContaining([...onDemand]));
  expect(total).toBeLessThan(budget);
});

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
