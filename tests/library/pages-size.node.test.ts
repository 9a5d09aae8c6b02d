/**
 * What a visit of each page costs until its default run is drawn, in kB after gzip: page, styles, icon, scripts, and the worker with
 * what it imports for that run. The stored run that a page shows meanwhile is data and counted beside.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildPages, gzippedSize, type BuiltLibrary } from './build';

let pages: BuiltLibrary;
beforeAll(async () => {
  pages = await buildPages();
});
afterAll(() => pages.remove());

/** Budget in kB, and the source of the experiment that the worker loads for the page's first configuration. */
const PAGES: Readonly<Record<string, { readonly budget: number; readonly experiment?: string }>> = {
  'index.html': { budget: 110 },
  'grokking/index.html': { budget: 198, experiment: 'modular-training' },
  'tickets/index.html': { budget: 190, experiment: 'tickets-race' },
  'lottery/index.html': { budget: 182, experiment: 'lottery-rounds' },
  'learning-coefficient/index.html': { budget: 232, experiment: 'llc' },
  'check/index.html': { budget: 113 },
};

it('has a budget for every page', () => {
  const built = readdirSync(pages.folder, { recursive: true, encoding: 'utf8' });
  expect(built.filter((name) => name.endsWith('.html')).sort()).toEqual(Object.keys(PAGES).sort());
});

it.each(Object.entries(PAGES))('%s is within its size', (page, { budget, experiment }) => {
  const fetched = [...fetchedBy(join(pages.folder, page), experiment)];
  const sizes = fetched.map((path) => [relative(pages.folder, path), kilobytes(path)] as const);
  const own = sizes.filter(([name]) => !name.endsWith('.json'));
  const total = sum(own);
  const stored = sum(sizes) - total;
  console.info(
    [
      `${page}: ${total.toFixed(1)} kB gzipped, and ${stored.toFixed(1)} kB of stored runs`,
      ...own
        .sort((a, b) => b[1] - a[1])
        .map(([name, size]) => `  ${size.toFixed(1).padStart(6)}  ${name}`),
    ].join('\n'),
  );
  if (experiment !== undefined)
    expect(own.some(([name]) => basename(name).startsWith(`${experiment}-`))).toBe(true);
  expect(total).toBeLessThan(budget);
});

/**
 * Files that the browser asks for: what the page names, what scripts import, the workers and data whose addresses scripts hold, and of
 * the files fetched on demand only the experiment's.
 */
function fetchedBy(page: string, experiment: string | undefined): Set<string> {
  const found = new Set<string>();
  const visit = (path: string): void => {
    if (found.has(path) || !existsSync(path)) return;
    found.add(path);
    for (const name of namedIn(path, experiment)) visit(join(dirname(path), name));
  };
  visit(page);
  return found;
}

function namedIn(path: string, experiment: string | undefined): string[] {
  const text = path.endsWith('.json') ? '' : readFileSync(path, 'utf8');
  const all = (pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, name]) => name);
  if (path.endsWith('.html'))
    return all(/<(?:link|script)\b[^>]*\b(?:href|src)="([^":]+\.(?:css|js|svg))"/g);
  if (!path.endsWith('.js')) return [];
  const onDemand = all(/\bimport\(\s*[`"']\.\/([^`"']+)[`"']/g);
  return [
    ...all(/\b(?:from|import)\s*[`"']\.\/([^`"']+\.js)[`"']/g),
    ...onDemand.filter((name) => experiment !== undefined && name.startsWith(`${experiment}-`)),
    ...all(/\bnew URL\(\s*[`"']([^`"']+\.(?:js|json))[`"']/g),
  ];
}

function kilobytes(path: string): number {
  return gzippedSize(path) / 1000;
}

function sum(sizes: readonly (readonly [string, number])[]): number {
  return sizes.reduce((total, [, size]) => total + size, 0);
}
