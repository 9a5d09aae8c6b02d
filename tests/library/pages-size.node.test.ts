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

const TRAINING = ['kernels-common', 'kernels-teams'];
const ALL_KERNELS = [
  'attention',
  'chains',
  'common',
  'layer-norm',
  'measures',
  'random',
  'samplers',
];

/**
 * Budget in kB, and what the page's first configuration fetches on demand: the source of its experiment and families of kernels, on a
 * GPU and on a software adapter.
 */
const PAGES: Readonly<
  Record<string, { readonly budget: number; readonly onDemand?: readonly string[] }>
> = {
  'index.html': { budget: 33 },
  'grokking/index.html': {
    budget: 145,
    onDemand: ['modular-training', 'modular-mlp', ...TRAINING, 'kernels-measures'],
  },
  'tickets/index.html': {
    budget: 145.3,
    onDemand: ['run-staged', 'tickets-race', 'modular-mlp', ...TRAINING],
  },
  'lottery/index.html': {
    budget: 135.5,
    onDemand: ['run-staged', 'lottery-rounds', ...TRAINING, 'kernels-random'],
  },
  'learning-coefficient/index.html': {
    budget: 169.9,
    onDemand: ['llc-chains', 'llc-made-target', 'interpret-with', 'common', 'kernels-chains'],
  },
  'check/index.html': { budget: 149.5, onDemand: ALL_KERNELS.map((name) => `kernels-${name}`) },
  // What is there before the start; benches come one topic at a time.
  'bench/index.html': { budget: 49 },
};

it('has a budget for every page', () => {
  const built = readdirSync(pages.folder, { recursive: true, encoding: 'utf8' });
  expect(built.filter((name) => name.endsWith('.html')).sort()).toEqual(Object.keys(PAGES).sort());
});

it.each(Object.entries(PAGES))('%s is within its size', (page, { budget, onDemand = [] }) => {
  const fetched = [...fetchedBy(join(pages.folder, page), onDemand)];
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
  for (const asked of onDemand)
    expect(
      own.some(([name]) => isBuiltFrom(asked, basename(name))),
      asked,
    ).toBe(true);
  expect(total).toBeLessThan(budget);
});

/**
 * Files that the browser asks for: what the page names, what scripts import, the workers and data whose addresses scripts hold, and of
 * the files fetched on demand only those listed.
 */
function fetchedBy(page: string, onDemand: readonly string[]): Set<string> {
  const found = new Set<string>();
  const visit = (path: string): void => {
    if (found.has(path) || !existsSync(path)) return;
    found.add(path);
    for (const name of namedIn(path, onDemand)) visit(join(dirname(path), name));
  };
  visit(page);
  return found;
}

function namedIn(path: string, onDemand: readonly string[]): string[] {
  const text = path.endsWith('.json') ? '' : readFileSync(path, 'utf8');
  const all = (pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, name]) => name);
  if (path.endsWith('.html'))
    return all(/<(?:link|script)\b[^>]*\b(?:href|src)="([^":]+\.(?:css|js|svg))"/g);
  if (!path.endsWith('.js')) return [];
  const offered = all(/\bimport\(\s*[`"']\.\/([^`"']+)[`"']/g);
  return [
    ...all(/\b(?:from|import)\s*[`"']\.\/([^`"']+\.js)[`"']/g),
    ...offered.filter((name) => onDemand.some((asked) => isBuiltFrom(asked, name))),
    ...all(/\bnew URL\(\s*[`"']([^`"']+\.(?:js|json))[`"']/g),
  ];
}

/** `llc-schema-Ab12cd34.js` is not built from `llc`. */
function isBuiltFrom(source: string, name: string): boolean {
  return name.startsWith(`${source}-`) && /^[\w-]{8}\.js$/.test(name.slice(source.length + 1));
}

function kilobytes(path: string): number {
  return gzippedSize(path) / 1000;
}

function sum(sizes: readonly (readonly [string, number])[]): number {
  return sizes.reduce((total, [, size]) => total + size, 0);
}
