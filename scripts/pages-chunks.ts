/**
 * Vite plugin for the build of the pages: which modules share a file. A bundler makes a file of all modules that the same entries and
 * `import()`s reach, some 60 a page, and each of them is compressed from nothing. Here a file holds what the first runs of the same pages
 * need (pages-first-runs.ts), and files are joined where that saves more than pages fetch in vain (pages-join.ts). What no first run
 * needs is left to the bundler.
 */
import { relative, sep } from 'node:path';
import type { HtmlTagDescriptor, Plugin, Rollup } from 'vite';
import { joinGroups, PAGES, type Group } from './pages-join.ts';
import { asOpened, untilDone, type FirstRun } from './pages-first-runs.ts';

/** A byte of source without comments, minified and compressed. */
const COMPRESSED = 0.19;
/** Modules that hold texts of kernels (wgsl-plugin.ts). */
const KERNELS = /wgsl-part:|^wgsl\/kernels-/;

type GetModule = (id: string) => Rollup.ModuleInfo | null;

export interface Chunks {
  readonly plugin: Plugin;
  /** The file a module goes to, for `codeSplitting.groups`. */
  readonly nameOf: (id: string) => string | null;
}

/** `root` and `demos`: absolute paths that those in `runs` start from. */
export function chunksOf(firstRuns: readonly FirstRun[], root: string, demos: string): Chunks {
  const runs = firstRuns.flatMap((run) =>
    [run, asOpened(run), untilDone(run)].filter((variant) => variant !== null),
  );
  let names: ReadonlyMap<string, string> = new Map();
  const pathsOf = (id: string): string[] =>
    [root, demos].map((folder) => pathFrom(folder, id)).concat(id);
  const plugin: Plugin = {
    name: 'cusp:chunks',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle = {}, filename }) {
        const run = firstRuns.find(({ page }) => page === pathFrom(demos, filename));
        return run?.worker === undefined
          ? html
          : { html, tags: preload(run, bundle, html, pathsOf) };
      },
    },
    buildEnd(error) {
      if (error) return;
      const ids = [...this.getModuleIds()];
      const byPath = new Map(ids.flatMap((id) => pathsOf(id).map((path) => [path, id])));
      const find = (path: string): string =>
        byPath.get(path) ?? this.error(`pages-first-runs.ts: no page imports ${path}`);
      const module: GetModule = (id) => this.getModuleInfo(id);
      const readers = readersOf(runs, find, module);
      const kindOf = kindsOf(firstRuns, find, module);
      names = nameAll(joinGroups(groupBy(readers, kindOf, module)), runs);
    },
  };
  return { plugin, nameOf: (id) => names.get(id) ?? null };
}

const pathFrom = (folder: string, id: string): string => relative(folder, id).split(sep).join('/');

/**
 * Links for what the worker will import, one file after the other otherwise: the page asks for all of it at once, and the worker finds it
 * in the browser's cache.
 */
function preload(
  { worker = '', onDemand }: FirstRun,
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
  for (const file of Object.values(bundle)) {
    if (file.type !== 'chunk') continue;
    const paths = file.moduleIds.flatMap(pathsOf);
    if ([worker, ...onDemand].some((path) => paths.includes(path))) read(file.fileName);
  }
  return [...files]
    .filter((name) => !html.includes(name))
    .map((name) => ({
      tag: 'link',
      attrs: { rel: 'modulepreload', crossorigin: '', href: `../${name}` },
      injectTo: 'head',
    }));
}

/** Who reads each module on a first run: bit 2k for the k-th page, and bit 2k + 1 for its worker. */
function readersOf(
  runs: readonly FirstRun[],
  find: (path: string) => string,
  module: GetModule,
): Map<string, number> {
  const readers = new Map<string, number>();
  for (const [k, { page, worker, onDemand }] of runs.entries()) {
    const asked = new Set(onDemand.map(find));
    const read = (id: string, bit: number): void => {
      const before = readers.get(id) ?? 0;
      if (before & bit) return;
      readers.set(id, before | bit);
      const { importedIds = [], dynamicallyImportedIds = [] } = module(id) ?? {};
      const fetched = dynamicallyImportedIds.filter((next) => asked.has(next));
      for (const next of [...importedIds, ...fetched]) read(next, bit);
    };
    read(find(page), 1 << (2 * k));
    if (worker !== undefined) read(find(worker), 2 << (2 * k));
  }
  return readers;
}

/**
 * Modules are of a kind where the same entries may ever fetch them, on demand as well: a page alone, workers alone, several pages, or both.
 * An entry does its work as it is read, and what pages read asks for a document, so that neither may share a file with what others fetch.
 * Texts of kernels compress best among their own, for gzip looks back no further than 32 KiB.
 */
function kindsOf(
  runs: readonly FirstRun[],
  find: (path: string) => string,
  module: GetModule,
): (id: string) => string {
  const pages = runs.map(({ page }) => [page, reachOf(find(page), module)] as const);
  const workers = runs.flatMap(({ worker }) => (worker ? [reachOf(find(worker), module)] : []));
  return (id) => {
    if (KERNELS.test(id)) return 'kernels';
    const own = pages.filter(([, reached]) => reached.has(id)).map(([page]) => page);
    const inWorkers = workers.some((reached) => reached.has(id));
    if (inWorkers) return own.length > 0 ? 'anywhere' : 'worker';
    return own.length === 1 ? own[0] : 'pages';
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

/** A group for every set of readers and every kind. */
function groupBy(
  readers: ReadonlyMap<string, number>,
  kindOf: (id: string) => string,
  module: GetModule,
): Group[] {
  const groups = new Map<string, Group>();
  const home = (id: string): Group => {
    const own = readers.get(id)!;
    const kind = kindOf(id);
    const key = `${kind} ${own}`;
    const found = groups.get(key) ?? {
      kind,
      readers: own,
      modules: [],
      bytes: 0,
      imports: new Set<Group>(),
    };
    groups.set(key, found);
    return found;
  };
  for (const id of readers.keys()) {
    const group = home(id);
    const { code, importedIds = [] } = module(id) ?? {};
    group.modules.push(id);
    group.bytes += COMPRESSED * withoutComments(code ?? '').length;
    for (const next of importedIds) {
      if (readers.has(next) && home(next) !== group) group.imports.add(home(next));
    }
  }
  return [...groups.values()];
}

const withoutComments = (code: string): string =>
  code.replace(/\/\*[^]*?\*\/|^\s*\/\/.*|^\s+/gm, '');

/** Names say who reads: `grokking-tickets`, or `grokking-worker` where no page does. */
function nameAll(groups: readonly Group[], runs: readonly FirstRun[]): Map<string, string> {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  for (const { kind, readers, modules } of groups) {
    const pages = new Set(
      runs.flatMap(({ page }, k) => ((readers >> (2 * k)) & 3 ? [page.replace(/[./].*/, '')] : [])),
    );
    const own = pages.size > 3 ? 'shared' : [...pages].join('-');
    const wanted = kind === 'kernels' ? `${own}-kernels` : readers & PAGES ? own : `${own}-worker`;
    let name = wanted;
    for (let k = 2; taken.has(name); k++) name = `${wanted}-${k}`;
    taken.add(name);
    for (const id of modules) names.set(id, name);
  }
  return names;
}
