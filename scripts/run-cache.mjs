/**
 * Bundles of scripts for Node, and of the lab's page, kept in node_modules/.cache/cusp by what they were made from. Plain Node without imports
 * from node_modules: what is known already must start at once.
 */
import { createHash, randomUUID } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Below node_modules, so that packages are found from there as from the sources. */
const CACHE = join(ROOT, 'node_modules/.cache/cusp');
/** The file of a bundle to start with; what is imported later lies next to it. */
export const ENTRY = 'entry.mjs';

/**
 * What every bundle depends on, whether it imports it or not: a file that is added may be meant by a glob or be found
 * before another. The lock file stands for the packages.
 */
const FOLDERS = ['src', 'shaders', 'scripts', 'benches', 'tests/support'];
const FILES = ['package.json', 'package-lock.json', 'tsconfig.json'];
const SOURCE = /\.(ts|mts|js|mjs|json|wgsl|html)$/;
const WRITTEN = /\.d\.wgsl\.ts$/; // declarations come from the shaders

/** Beyond so many, bundles go that nothing has used for so long. */
const KEPT = 8;
const UNUSED_MS = 3_600_000;

/** Names the bundle of one script: its path, Node's version and every source below `root`, by content. */
export function keyOf(entry, root = ROOT) {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([entry, process.version, process.platform, root]));
  const add = (path) => {
    const bytes = readFileSync(path);
    hash.update(JSON.stringify([path, bytes.length]));
    hash.update(bytes);
  };
  for (const name of FILES) add(join(root, name));
  for (const folder of FOLDERS) {
    for (const name of listSources(join(root, folder), true)) add(join(root, folder, name));
  }
  return hash.digest('hex').slice(0, 32);
}

/** Whether keys tell when this file changes. */
function isKeyed(path) {
  return FOLDERS.some((folder) => path.startsWith(join(ROOT, folder) + sep));
}

/** Of a file its content, of a folder the names of its sources. */
function digestOf(path) {
  const of = statSync(path).isDirectory()
    ? JSON.stringify(listSources(path, false))
    : readFileSync(path);
  return createHash('sha256').update(of).digest('hex');
}

function listSources(folder, recursive) {
  const names = readdirSync(folder, { recursive, encoding: 'utf8' });
  return names.filter((name) => SOURCE.test(name) && !WRITTEN.test(name)).sort();
}

/** Folder of a bundle that is still what its sources say, or null. */
export function findBundle(key) {
  try {
    const { bundle, others } = JSON.parse(readFileSync(record(key), 'utf8'));
    for (const [path, digest] of Object.entries(others)) if (digestOf(path) !== digest) return null;
    if (!existsSync(bundle)) return null;
    return bundle;
  } catch {
    return null; // none, or one of its sources is gone
  }
}

/** A folder for a new bundle that no other process takes. */
export function newBundle() {
  const bundle = join(CACHE, randomUUID());
  mkdirSync(bundle, { recursive: true });
  return bundle;
}

/** Makes a bundle of these sources known, with what the key does not tell of them. */
export function keepBundle(key, bundle, sources) {
  const strange = sources.filter((path) => !isKeyed(path));
  const others = new Set(strange.flatMap((path) => [path, dirname(path)]));
  const digests = Object.fromEntries([...others].map((path) => [path, digestOf(path)]));
  const draft = `${bundle}.json`;
  writeFileSync(draft, JSON.stringify({ bundle, others: digests }));
  renameSync(draft, record(key));
  forgetOld();
}

const record = (key) => join(CACHE, `${key}.json`);

/** Says now and then, as long as this process lives, that it may read more of a bundle. */
export function holdBundle(bundle) {
  const touch = () => {
    const now = new Date();
    try {
      utimesSync(bundle, now, now);
    } catch {
      // the cache was cleared
    }
  };
  touch();
  setInterval(touch, UNUSED_MS / 6).unref();
}

/** Removes bundles that no process has held lately, then records without a bundle. */
function forgetOld() {
  const entries = readdirSync(CACHE, { withFileTypes: true });
  const bundles = entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(CACHE, name))
    .map((path) => ({ path, at: statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .sort((a, b) => b.at - a.at);
  for (const { path, at } of bundles.slice(KEPT)) {
    if (at < Date.now() - UNUSED_MS) rmSync(path, { recursive: true, force: true });
  }
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(CACHE, entry.name);
    try {
      if (!existsSync(JSON.parse(readFileSync(path, 'utf8')).bundle)) rmSync(path);
    } catch {
      // another process is at it
    }
  }
}
