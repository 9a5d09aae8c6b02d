/**
 * Vite plugin for the build of a page: its worker is an entry next to it, where Vite would bundle it apart. What both use is one file
 * then, and a visitor fetches it once.
 */
import { dirname, resolve } from 'node:path';
import type { Plugin } from 'vite';

const WORKER = /new Worker\(\s*new URL\(\s*'([^']+)',\s*import\.meta\.url\s*\)/g;

/** Whose worker is bundled apart after all: it uses all of the engine and the page nothing of it, and is asked for at a click only. */
const APART = /[\\/]demos[\\/]bench[\\/]/;

/**
 * What Vite puts around every `import()`: links for what the file imports, and an event of the window when it fails. Workers have neither,
 * and pages know beforehand what they import, so that it is taken off again.
 */
const PRELOAD = '\0vite/preload-helper.js';
const AROUND = [
  /__vitePreload\(async \(\) => \{\s*const \{[^}]*\} = await ([^]+?);\s*return \{[^}]*\};?\s*\}, __VITE_PRELOAD__, import\.meta\.url\)/g,
  /__vitePreload\(\(\) => (import\([^]+?), __VITE_PRELOAD__, import\.meta\.url\)/g,
];

export function workers(): Plugin {
  return {
    name: 'cusp:workers',
    enforce: 'pre',
    load: (id) => (id === PRELOAD ? 'export const __vitePreload = (load) => load();' : null),
    renderChunk: (code) => AROUND.reduce((bare, pattern) => bare.replace(pattern, '$1'), code),
    // No page has text whose white space counts.
    transformIndexHtml: { order: 'post', handler: (html) => html.replace(/\s+/g, ' ') },
    transform(code, id) {
      if (!code.includes('new Worker(') || APART.test(id)) return null;
      const emit = (path: string): string =>
        this.emitFile({ type: 'chunk', id: resolve(dirname(id), path) });
      const changed = code.replace(
        WORKER,
        (_, path: string) => `new Worker(import.meta.ROLLUP_FILE_URL_${emit(path)}`,
      );
      return changed === code ? null : { code: changed, map: null };
    },
  };
}
