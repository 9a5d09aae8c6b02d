/**
 * Vite plugin for the build of a page: which modules share a file. A bundler makes a file of all modules that the same entries and
 * `import()`s reach, some 60 here, and each of them is compressed from nothing. Here a file holds what the same variants of the page's first
 * run (first-runs.ts) fetch for the same place: the page, the worker or either. What no first run fetches is left to the bundler.
 */
import { relative, sep } from 'node:path';
import type { HtmlTagDescriptor, Plugin, Rollup } from 'vite';
import { variantsOf, type FirstRun } from './first-runs.ts';

/** Modules that hold texts of kernels (../wgsl-plugin.ts). */
const KERNELS = /wgsl-part:|^wgsl\/kernels-/;

type GetModule = (id: string) => Rollup.ModuleInfo | null;

export interface Files {
  readonly plugin: Plugin;
  /** The file a module goes to, for `codeSplitting.groups`; null leaves it to the bundler. */
  readonly nameOf: (id: string) => string | null;
}

/** `root` and `demos`: absolute paths that those in `run` start from. */
export function planFiles(run: FirstRun, root: string, demos: string): Files {
  let names: ReadonlyMap<string, string> = new Map();
  const pathsOf = (id: string): string[] =>
    [root, demos].map((folder) => pathFrom(folder, id)).concat(id);
  const plugin: Plugin = {
    name: 'cusp:files',
    transformIndexHtml: {
      order: 'post',
      handler: (html, { bundle = {} }) =>
        run.worker === undefined ? html : { html, tags: preload(run, bundle, html, pathsOf) },
    },
    buildEnd(error) {
      if (error) return;
      const ids = [...this.getModuleIds()];
      const byPath = new Map(ids.flatMap((id) => pathsOf(id).map((path) => [path, id])));
      const find = (path: string): string =>
        byPath.get(path) ?? this.error(`pages/first-runs.ts: ${run.page} imports no ${path}`);
      const module: GetModule = (id) => this.getModuleInfo(id);
      const placeOf = placesOf(run, find, module);
      const own = run.page.replace(/[./].*/, '');
      names = new Map(
        [...fetchesOf(run, find, module)].map(([id, variants]) => [
          id,
          `${own}-${placeOf(id)}${variants}`,
        ]),
      );
    },
  };
  return { plugin, nameOf: (id) => names.get(id) ?? null };
}

const pathFrom = (folder: string, id: string): string => relative(folder, id).split(sep).join('/');

/**
 * Links for what the worker will import, one file after the other otherwise: the page asks for all of it at once, and the worker finds it
 * in the browser's cache. What depends on the adapter is left to the worker.
 */
function preload(
  run: FirstRun,
  bundle: Rollup.OutputBundle,
  html: string,
  pathsOf: (id: string) => readonly string[],
): HtmlTagDescriptor[] {
  const files = new Set<string>();
  const read = (name: string): void => {
    const file = bundle[name];
    if (file?.type !== 'chunk' || files.has(name)) return;
    files.add(name);
    file.imports.forEach(read);
  };
  const variants = variantsOf(run).map(({ onDemand }) => onDemand);
  const always = run.onDemand.filter((path) => variants.every((asked) => asked.includes(path)));
  for (const file of Object.values(bundle)) {
    if (file.type !== 'chunk') continue;
    const paths = file.moduleIds.flatMap(pathsOf);
    if ([run.worker!, ...always].some((path) => paths.includes(path))) read(file.fileName);
  }
  return [...files]
    .filter((name) => !html.includes(name))
    .map((name) => ({
      tag: 'link',
      attrs: { rel: 'modulepreload', crossorigin: '', href: `../${name}` },
      injectTo: 'head',
    }));
}

/** In which variants of the first run each module is fetched: a bit each. */
function fetchesOf(
  run: FirstRun,
  find: (path: string) => string,
  module: GetModule,
): Map<string, number> {
  const fetches = new Map<string, number>();
  for (const [k, { page, worker, onDemand }] of variantsOf(run).entries()) {
    const asked = new Set(onDemand.map(find));
    const fetch = (id: string): void => {
      const before = fetches.get(id) ?? 0;
      if (before & (1 << k)) return;
      fetches.set(id, before | (1 << k));
      const { importedIds = [], dynamicallyImportedIds = [] } = module(id) ?? {};
      for (const next of importedIds) fetch(next);
      for (const next of dynamicallyImportedIds) if (asked.has(next)) fetch(next);
    };
    fetch(find(page));
    if (worker !== undefined) fetch(find(worker));
  }
  return fetches;
}

/**
 * Modules have a place where the same entries may ever fetch them, on demand as well: the page, the worker, or either. An entry does its
 * work as it is read, and what the page reads asks for a document, so that neither may share a file with what the other fetches. What
 * either may fetch is one file, though at first perhaps only the other one needs some of it: the visitor needs it either way.
 * Texts of kernels compress best among their own, for gzip looks back no further than 32 KiB.
 */
function placesOf(
  { page, worker }: FirstRun,
  find: (path: string) => string,
  module: GetModule,
): (id: string) => string {
  const onPage = reachOf(find(page), module);
  const inWorker = worker === undefined ? new Set<string>() : reachOf(find(worker), module);
  return (id) => {
    if (KERNELS.test(id)) return 'kernels';
    if (!inWorker.has(id)) return 'page';
    return onPage.has(id) ? 'either' : 'worker';
  };
}

/** All that a module may ever fetch. */
function reachOf(from: string, module: GetModule): Set<string> {
  const reached = new Set<string>();
  const reach = (id: string): void => {
    if (reached.has(id)) return;
    reached.add(id);
    const { importedIds = [], dynamicallyImportedIds = [] } = module(id) ?? {};
    for (const next of [...importedIds, ...dynamicallyImportedIds]) reach(next);
  };
  reach(from);
  return reached;
}
