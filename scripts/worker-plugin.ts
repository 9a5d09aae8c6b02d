/**
 * Vite plugin for the pages: a build makes their workers entries of its own, next to the pages, where Vite would bundle each worker
 * apart. What a page and its worker both use is one file then, and a visitor fetches it once.
 */
import { dirname, resolve } from 'node:path';
import type { Plugin } from 'vite';

const WORKER = /new Worker\(\s*new URL\(\s*'([^']+)',\s*import\.meta\.url\s*\)/g;

export function sharedWorkers(): Plugin {
  return {
    name: 'cusp:shared-workers',
    apply: 'build',
    enforce: 'pre',
    transform(code, id) {
      if (!code.includes('new Worker(')) return null;
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
